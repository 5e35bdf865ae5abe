import { expect } from 'chai';
import { microseconds } from '../clock/clock.js';
import { VirtualClock } from '../clock/virtual.js';
import { type Arrival, LinkError } from './link.js';
import { createMemoryLink } from './memory.js';

const lay = (delay?: (path: number) => bigint) => {
  const clock = new VirtualClock();
  const [tester, iut] = createMemoryLink({ clock, paths: [1, 2], ...(delay && { delay }) });
  return { clock, tester, iut, run: () => clock.advance(() => false) };
};

const heard = (arrivals: readonly Arrival[]) => arrivals.map(({ path, frame, at }) => [path, [...frame], at]);

describe('memory link', () => {
  it('carries frames both ways, each path with its own delay', () => {
    const { tester, iut, run } = lay((path) => microseconds(path * 10));
    const atIut: Arrival[] = [];
    const atTester: Arrival[] = [];
    iut.subscribe((arrival) => {
      atIut.push(arrival);
      iut.send(arrival.path, Uint8Array.of(9, ...arrival.frame));
    });
    tester.subscribe((arrival) => atTester.push(arrival));
    tester.send(2, Uint8Array.of(2));
    tester.send(1, Uint8Array.of(1));
    run();
    expect(heard(atIut)).to.deep.equal([
      [1, [1], 10_000n],
      [2, [2], 20_000n],
    ]);
    expect(heard(atTester)).to.deep.equal([
      [1, [9, 1], 20_000n],
      [2, [9, 2], 40_000n],
    ]);
    expect(atTester.every(({ error }) => error === 0n)).to.equal(true);
  });

  it('keeps the order of frames on a path and never delivers within send', () => {
    const { tester, iut, run } = lay();
    const order: number[] = [];
    iut.subscribe(({ frame }) => order.push(frame[0] ?? -1));
    for (const octet of [1, 2, 3]) tester.send(1, Uint8Array.of(octet));
    expect(order).to.deep.equal([]);
    run();
    expect(order).to.deep.equal([1, 2, 3]);
  });

  it('delivers what was sent, not what became of the buffer', () => {
    const { tester, iut, run } = lay();
    const arrivals: Arrival[] = [];
    iut.subscribe((arrival) => arrivals.push(arrival));
    const frame = Uint8Array.of(1, 2, 3);
    tester.send(1, frame);
    frame.fill(0xa5);
    run();
    expect(heard(arrivals)).to.deep.equal([[1, [1, 2, 3], 0n]]);
  });

  it('counts, and stops delivering to those who unsubscribed', () => {
    const { tester, iut, run } = lay();
    let first = 0;
    let second = 0;
    const leave = iut.subscribe(() => {
      first += 1;
    });
    iut.subscribe(() => {
      second += 1;
    });
    tester.send(1, Uint8Array.of(1));
    run();
    leave();
    tester.send(1, Uint8Array.of(1));
    run();
    expect([first, second]).to.deep.equal([1, 2]);
    expect(tester.counters().sent).to.equal(2);
    expect(iut.counters().received).to.equal(2);
  });

  it('refuses a path that does not exist and a closed end, naming what to do', async () => {
    const { tester } = lay();
    expect(() => tester.send(3, Uint8Array.of(1))).to.throw(LinkError, 'path 3 does not exist');
    await tester.close();
    expect(() => tester.send(1, Uint8Array.of(1))).to.throw(LinkError, 'closed');
  });
});
