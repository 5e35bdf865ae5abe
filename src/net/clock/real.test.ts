import { expect } from 'chai';
import { milliseconds } from './clock.js';
import { realClock } from './real.js';

describe('real clock', () => {
  it('counts nanoseconds since the Unix epoch, never backwards', () => {
    const clock = realClock();
    const before = BigInt(Date.now()) * 1_000_000n;
    const first = clock.now();
    const second = clock.now();
    expect(first >= before - 2_000_000n, 'near the system clock').to.equal(true);
    expect(second >= first).to.equal(true);
  });

  it('never calls back before the time, whatever the fraction of a millisecond or the state of the loop', async () => {
    const clock = realClock();
    const early: bigint[] = [];
    const waits = [0, 0.05, 0.4, 0.999, 1, 1.001, 1.5, 2.3, 3.999, 7.25];
    await Promise.all(
      waits.map(
        (wait) =>
          new Promise<void>((resolve) => {
            // Two milliseconds without the loop: its own notion of the time is now that much behind.
            const busyUntil = clock.now() + milliseconds(2);
            while (clock.now() < busyUntil);
            const due = clock.now() + milliseconds(wait);
            clock.at(due, () => {
              if (clock.now() < due) early.push(due - clock.now());
              resolve();
            });
          }),
      ),
    );
    expect(early).to.deep.equal([]);
    expect(clock.lateness().fired).to.equal(waits.length);
    expect(clock.lateness().worst >= 0n).to.equal(true);
  });

  it('keeps the order of due times', async () => {
    const clock = realClock();
    const ran: number[] = [];
    const start = clock.now();
    await new Promise<void>((resolve) => {
      for (const wait of [6, 2, 4]) clock.at(start + milliseconds(wait), () => ran.push(wait));
      clock.at(start + milliseconds(7), resolve);
    });
    expect(ran).to.deep.equal([2, 4, 6]);
  });

  it('lets a frame in between events that ask for the past', async () => {
    const clock = realClock();
    const ran: string[] = [];
    await new Promise<void>((resolve) => {
      clock.at(0n, () => {
        setImmediate(() => ran.push('the loop'));
        clock.at(0n, () => {
          ran.push('past');
          resolve();
        });
      });
    });
    expect(ran).to.deep.equal(['the loop', 'past']);
  });

  it('does not call back what was cancelled', async () => {
    const clock = realClock();
    let ran = false;
    const start = clock.now();
    await new Promise<void>((resolve) => {
      const doomed = clock.at(start + milliseconds(1), () => {
        ran = true;
      });
      doomed.cancel();
      clock.at(start + milliseconds(3), resolve);
    });
    expect(ran).to.equal(false);
  });
});
