/** Whether a case asks the same of hosts that declare one thing and another. */
import { expect } from 'chai';
import { clientCase, serverCase } from '../testing/dialogue.js';
import { asksTheSame, stepsFor } from './declaration.js';

const handshake = '- send: {on: 1, segment: SYN}\n- expect: {on: 1, segment: SYN/ACK}\n';
const byStep = `${handshake}- declared: {robe.invalid_ack: rst}
  steps: [{expect: {on: 1, segment: RST}}]
  otherwise: [{silence: {on: 1}}]
`;
const byReaction = `${handshake}- one-of:
    - {outcome: pass, observation: silent, nothing: true}
    - {outcome: pass, observation: reset, declared: {robe.invalid_ack: rst}, expect: {on: 1, segment: RST}}
`;

describe('what a declaration makes of a case', () => {
  for (const [what, steps, same] of [
    ['is another dialogue where steps depend on it', byStep, false],
    ['is another dialogue where reactions depend on it', byReaction, false],
    ['is the same dialogue where nothing depends on it', handshake, true],
  ] as const)
    it(what, () => {
      const asked = serverCase(steps);
      expect(asksTheSame(asked, { 'robe.invalid_ack': 'rst' }, { 'robe.invalid_ack': 'ignore' })).to.equal(same);
      expect(asksTheSame(asked, { 'robe.invalid_ack': 'ignore' }, { 'robe.invalid_ack': 'ignore' })).to.equal(true);
      // By default it is `rst`.
      expect(asksTheSame(asked, {}, { 'robe.invalid_ack': 'rst' })).to.equal(true);
    });

  it('ends where it awaits a join of a client that never joins', () => {
    const joining = `
- control: {verb: connect, paths: [1, 2]}
- expect: {on: 1, segment: SYN, mp_capable: {}}
- expect: {on: 2, segment: SYN, mp_join: {nonce: RA}}
- any-order: [{on: 1/join, segment: SYN, mp_join: {}}, {on: 2/again, segment: SYN, mp_join: {}}]
- one-of:
    - {outcome: pass, observation: joins, expect: {on: 2/late, segment: SYN, mp_join: {}}}
    - {outcome: fail, observation: waits, nothing: true}
`;
    const asked = clientCase(joining);
    const ends = stepsFor(asked, { 'join.when': 'never' }).map((step) =>
      step.step === 'one-of' ? step.alternatives.find(({ expectation }) => expectation === undefined) : undefined,
    );
    const left = { outcome: 'info', observation: 'never-joins', next: [], ends: true };
    expect(ends).to.deep.equal([undefined, undefined, left, left, left]);
    expect(asksTheSame(asked, {}, { 'join.when': 'never' })).to.equal(false);
    expect(asksTheSame(serverCase(handshake), {}, { 'join.when': 'never' })).to.equal(true);
  });

  it('is another dialogue for a client that joins after its own data', () => {
    const asked = { ...serverCase(handshake), role: 'client' as const };
    expect(asksTheSame(asked, {}, { 'join.when': 'own-data' })).to.equal(false);
  });
});
