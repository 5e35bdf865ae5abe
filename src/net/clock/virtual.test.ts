import { expect } from 'chai';
import { VirtualClock } from './virtual.js';

const untilEmpty = () => false;

describe('virtual clock', () => {
  it('runs events in order of time, and in order of asking at the same time', () => {
    const clock = new VirtualClock();
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name} at ${clock.now()}`);
    clock.at(20n, note('late'));
    clock.at(10n, note('first'));
    clock.at(10n, note('second'));
    clock.at(5n, note('early'));
    clock.advance(untilEmpty);
    expect(ran).to.deep.equal(['early at 5', 'first at 10', 'second at 10', 'late at 20']);
  });

  it('runs an event in the past at the present, after those already due', () => {
    const clock = new VirtualClock(100n);
    const ran: string[] = [];
    clock.at(100n, () => ran.push('due'));
    clock.at(3n, () => ran.push(`past at ${clock.now()}`));
    clock.advance(untilEmpty);
    expect(ran).to.deep.equal(['due', 'past at 100']);
  });

  it('does not run what was cancelled, even by an event of the same time', () => {
    const clock = new VirtualClock();
    const ran: string[] = [];
    clock.at(1n, () => doomed.cancel());
    const doomed = clock.at(1n, () => ran.push('doomed'));
    const done = clock.at(2n, () => ran.push('done'));
    clock.advance(untilEmpty);
    done.cancel();
    done.cancel();
    expect(ran).to.deep.equal(['done']);
  });

  it('stops before the next event once done, and goes on from there', () => {
    const clock = new VirtualClock();
    const ran: number[] = [];
    for (const time of [1, 2, 3]) clock.at(BigInt(time), () => ran.push(time));
    clock.advance(() => ran.length === 2);
    expect(ran).to.deep.equal([1, 2]);
    expect(clock.now()).to.equal(2n);
    clock.advance(untilEmpty);
    expect(ran).to.deep.equal([1, 2, 3]);
  });

  it('advances to a time, running what is due on the way', () => {
    const clock = new VirtualClock();
    const ran: number[] = [];
    for (const time of [1, 5, 6]) clock.at(BigInt(time), () => ran.push(time));
    clock.advanceTo(5n);
    expect(ran).to.deep.equal([1, 5]);
    expect(clock.now()).to.equal(5n);
  });

  it('keeps its order through thousands of events of which most are cancelled', () => {
    const clock = new VirtualClock();
    const ran: bigint[] = [];
    const alarms = Array.from({ length: 5000 }, (_, index) => {
      const time = BigInt((index * 7919) % 5003);
      return { time, alarm: clock.at(time, () => ran.push(time)) };
    });
    const kept = alarms.filter((_, index) => index % 5 === 0).map(({ time }) => time);
    for (const [index, { alarm }] of alarms.entries()) if (index % 5 !== 0) alarm.cancel();
    clock.advance(untilEmpty);
    expect(ran).to.deep.equal(kept.toSorted((a, b) => Number(a - b)));
  });
});
