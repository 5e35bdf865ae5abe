import { expect } from 'chai';
import { planOf, serverCase } from '../testing/dialogue.js';
import type { ScenarioAction } from './contract.js';
import { advance, begin } from './interpreter.js';

describe('segments on different paths', () => {
  const crossing = 5_000_000n;
  const plan = (steps: string) => {
    const usual = planOf(serverCase(steps));
    return { ...usual, timing: { ...usual.timing, crossing } };
  };
  /** The paths that segments leave on at an event. */
  const leaving = (actions: readonly ScenarioAction[]): readonly number[] =>
    actions.flatMap((each) => (each.action === 'send' ? [each.path] : []));

  it('leave one after the other where order takes time to keep', () => {
    const first = advance(
      begin(plan('- send: {on: 1, segment: SYN}\n- send: {on: 2, segment: SYN}\n- expect: {on: 1, segment: SYN/ACK}')),
      { event: 'started', at: 0n },
    );
    expect(leaving(first.actions)).to.deep.equal([1]);
    expect(first.actions.at(-1)).to.deep.equal({ action: 'arm', timer: 'window', at: crossing });
    const second = advance(first.state, { event: 'timer', timer: 'window', at: crossing });
    expect(leaving(second.actions)).to.deep.equal([2]);
  });

  it('keep that distance from one that left late', () => {
    const first = advance(
      begin(plan('- send: {on: 1, segment: SYN}\n- send: {on: 2, segment: SYN}\n- expect: {on: 1, segment: SYN/ACK}')),
      { event: 'started', at: 0n },
    );
    const late = advance(first.state, { event: 'held-up', at: 4_000_000n, lag: 4_000_000n });
    const second = advance(late.state, { event: 'timer', timer: 'window', at: crossing });
    expect(second.actions).to.deep.equal([{ action: 'arm', timer: 'window', at: 4_000_000n + crossing }]);
    const third = advance(second.state, { event: 'timer', timer: 'window', at: 4_000_000n + crossing });
    expect(leaving(third.actions)).to.deep.equal([2]);
  });

  it('leave at once on one path, and on a flow that had its turn in the same breath', () => {
    const steps = '- send: {on: 1, segment: SYN}\n- send: {on: 1/other, segment: SYN}\n- send: {on: 2, segment: SYN}\n';
    const first = advance(begin(plan(`${steps}- send: {on: 1, segment: ACK, ack: 1}`)), { event: 'started', at: 0n });
    expect(leaving(first.actions)).to.deep.equal([1, 1]);
    const second = advance(first.state, { event: 'timer', timer: 'window', at: crossing });
    expect(leaving(second.actions).slice(0, 2)).to.deep.equal([2, 1]);
  });
});
