/** Timers fire in order of time, then of setting; cancelled ones never; those set meanwhile in their turn. */
import { expect } from 'chai';
import fc from 'fast-check';
import { Alarms } from './alarms.js';

describe('alarms', () => {
  it('fire by time, equal times in the order in which they were set', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ time: fc.nat(20), cancelled: fc.boolean() })), (wishes) => {
        const alarms = new Alarms();
        const fired: number[] = [];
        const set = wishes.map(({ time }, index) => alarms.at(BigInt(time), ['test'], () => fired.push(index)));
        for (const [index, { cancelled }] of wishes.entries()) if (cancelled) set[index]?.cancel();
        const expected = wishes
          .map(({ time, cancelled }, index) => ({ time, cancelled, index }))
          .filter(({ cancelled }) => !cancelled)
          .sort((a, b) => a.time - b.time || a.index - b.index);
        expect(alarms.next()).to.equal(expected[0] === undefined ? undefined : BigInt(expected[0].time));
        alarms.fire(20n);
        expect(fired).to.deep.equal(expected.map(({ index }) => index));
        expect(alarms.next()).to.equal(undefined);
      }),
    );
  });

  it('fire when set by another one that fires, if due', () => {
    const alarms = new Alarms();
    const fired: string[] = [];
    alarms.at(1n, ['test'], () => {
      fired.push('first');
      alarms.at(2n, ['test'], () => fired.push('second'));
      alarms.at(9n, ['test'], () => fired.push('later'));
    });
    alarms.fire(5n);
    expect(fired).to.deep.equal(['first', 'second']);
    expect(alarms.next()).to.equal(9n);
  });
});
