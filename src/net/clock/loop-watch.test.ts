import { expect } from 'chai';
import { loopWatch } from './loop-watch.js';
import { calibrateWakeUp } from './wake-up.js';

const nanosecondsPerMillisecond = 1e6;

const spin = (milliseconds: number): void => {
  const until = process.hrtime.bigint() + BigInt(milliseconds * nanosecondsPerMillisecond);
  while (process.hrtime.bigint() < until);
};

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('loop watch', () => {
  it('bounds the wait of what arrives while the loop is busy by at least the time it was busy', async () => {
    const watch = loopWatch();
    await sleep(5);
    watch.look();
    spin(4);
    expect(watch.bound(watch.moment())).to.be.at.least(4 * nanosecondsPerMillisecond);
  });

  it('does not count the time that the loop waited', async () => {
    const watch = loopWatch();
    watch.look();
    await sleep(30);
    const now = watch.moment();
    const elapsed = watch.bound({ ...now, idle: 0 });
    expect(watch.bound(now)).to.be.below(elapsed);
  });

  it('keeps a busy stretch that the loop did not wait after, however often it is looked at', async () => {
    const watch = loopWatch();
    await sleep(5);
    watch.look();
    spin(3);
    watch.look();
    watch.look();
    expect(watch.bound(watch.moment())).to.be.at.least(3 * nanosecondsPerMillisecond);
  });

  it('forgets a busy stretch that the loop waited after', async () => {
    const watch = loopWatch();
    // Longer than any other program keeps this one from going on between the looks below.
    spin(150);
    watch.look();
    const before = watch.bound(watch.moment());
    await sleep(5);
    const after = watch.bound(watch.moment());
    expect(before).to.be.at.least(150 * nanosecondsPerMillisecond);
    expect(after).to.be.below(before);
  });

  it('calibrates the way from another thread into a callback, once a process', async () => {
    const wakeUp = await calibrateWakeUp();
    expect(wakeUp.samples).to.be.greaterThan(10);
    expect(wakeUp.worst).to.be.at.least(wakeUp.median);
    expect(wakeUp.median).to.be.greaterThan(0);
    expect(wakeUp.unaccounted).to.be.within(0, wakeUp.worst);
    expect(await calibrateWakeUp()).to.equal(wakeUp);
  });
});
