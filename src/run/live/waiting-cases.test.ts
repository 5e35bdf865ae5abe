import { expect } from 'chai';
import { serverCase } from '../../suite/testing/dialogue.js';
import { WaitingCases } from './waiting-cases.js';

const handshake = '- send: {on: 1, segment: SYN}\n- expect: {on: 1, segment: SYN/ACK}';
const ordinary = (id: string) => ({ ...serverCase(handshake), id });
const withKey = (id: string, key: string) => ({
  ...serverCase(`- send: {on: 1, segment: SYN, mp_capable: {key: '${key}'}}\n- expect: {on: 1, segment: SYN/ACK}`),
  id,
});

const room = Number.POSITIVE_INFINITY;
const none = { dependsOnThePast: () => false, alone: false, room };

describe('waiting cases', () => {
  it('begin in their order', () => {
    const waiting = new WaitingCases([ordinary('a'), ordinary('b')], none);
    const order: string[] = [];
    for (let next = waiting.next(); next !== undefined; next = waiting.next()) {
      waiting.take(next);
      order.push(next.id);
    }
    expect(order).to.deep.equal(['a', 'b']);
    expect(waiting.length).to.equal(0);
  });

  it('let others pass while a key that they spell out is in use, and begin when it is free', () => {
    const [first, same, other] = [withKey('first', '0x57'), withKey('same', '87'), withKey('other', '0x58')];
    const waiting = new WaitingCases([first, same, other], none);
    waiting.take(first);
    expect(waiting.next()).to.equal(other);
    waiting.take(other);
    expect(waiting.next()).to.equal(undefined);
    waiting.ended(first);
    expect(waiting.next()).to.equal(same);
  });

  it('with names for keys never wait: each case draws its own', () => {
    const named = (id: string) => ({
      ...serverCase('- send: {on: 1, segment: SYN, mp_capable: {key: A}}\n- expect: {on: 1, segment: SYN/ACK}'),
      id,
    });
    const [first, second] = [named('first'), named('second')];
    const waiting = new WaitingCases([first, second], none);
    waiting.take(first);
    expect(waiting.next()).to.equal(second);
  });

  const remembered = Array.from({ length: 12 }, (_, n) => ordinary(`remembered-${n}`));
  const dependsOnThePast = ({ id }: { readonly id: string }): boolean => id.startsWith('remembered');

  it('that depend on the past come last, and few of them at once', () => {
    const waiting = new WaitingCases([...remembered, ordinary('a')], { dependsOnThePast, alone: false, room });
    const begun: string[] = [];
    for (let next = waiting.next(); next !== undefined; next = waiting.next()) {
      waiting.take(next);
      begun.push(next.id);
    }
    expect(begun[0]).to.equal('a');
    expect(begun.slice(1)).to.deep.equal(remembered.slice(0, 8).map(({ id }) => id));
  });

  it('that must be alone begin when nothing else is under way', () => {
    const a = ordinary('a');
    const waiting = new WaitingCases([...remembered, a], { dependsOnThePast, alone: true, room });
    waiting.take(a);
    expect(waiting.next()).to.equal(undefined);
    waiting.ended(a);
    for (const each of remembered) {
      expect(waiting.next()).to.equal(each);
      waiting.take(each);
      expect(waiting.next()).to.equal(undefined);
      waiting.ended(each);
    }
  });

  it('for which a small host has no room wait until there is, and smaller ones pass them', () => {
    const [a, b, small] = [ordinary('a'), ordinary('b'), ordinary('small')];
    const large = { ...serverCase('- send: {on: 1, segment: SYN}\n- send: {on: 1/2, segment: SYN}'), id: 'large' };
    const waiting = new WaitingCases([a, large, small, b], { ...none, room: 6 });
    waiting.take(a);
    expect(waiting.next()).to.equal(small);
    waiting.take(small);
    expect(waiting.next()).to.equal(undefined);
    waiting.ended(a);
    expect(waiting.next()).to.equal(b);
    waiting.take(b);
    waiting.ended(b);
    waiting.ended(small);
    expect(waiting.next()).to.equal(large);
  });

  it('that are to begin once more come after the others, and what is left is told in order', () => {
    const [a, b] = [ordinary('a'), ordinary('b')];
    const waiting = new WaitingCases([...remembered.slice(0, 1), a, b], { dependsOnThePast, alone: false, room });
    waiting.take(a);
    waiting.ended(a);
    waiting.again(a);
    expect(waiting.left.map(({ id }) => id)).to.deep.equal(['b', 'a', 'remembered-0']);
    expect(waiting.next()).to.equal(b);
  });
});
