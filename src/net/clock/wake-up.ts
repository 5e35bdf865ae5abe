/**
 * Calibrates what the loop watch cannot count: the time from the moment the kernel makes an arrival ready to the moment
 * the waiting thread runs its callback. A second thread wakes this one through a message port, by the same mechanism as a
 * captured frame (a descriptor becomes readable, `epoll_wait` returns), and sends its start time.
 */
import { Worker } from 'node:worker_threads';
import { loopWatch } from './loop-watch.js';

export interface WakeUp {
  readonly samples: number;
  /** Nanoseconds from the other thread's call to this thread's callback. */
  readonly median: number;
  readonly worst: number;
  /** The largest part of it that the loop watch did not account for: the minimum of every error bar. */
  readonly unaccounted: number;
}

const sampleCount = 40;
const millisecondsBetween = 1;

/** The monotonic clock is that of the machine, so both threads read the same clock. */
const probeProgram = `
const { parentPort } = require('node:worker_threads');
const pause = new Int32Array(new SharedArrayBuffer(4));
for (let i = 0; i < ${sampleCount}; i++) {
  Atomics.wait(pause, 0, 0, ${millisecondsBetween});
  parentPort.postMessage(Number(process.hrtime.bigint()));
}`;

/** Takes about 80 ms, nearly all of it waiting. */
const measureWakeUp = (): Promise<WakeUp> =>
  new Promise((resolve, reject) => {
    const delays: number[] = [];
    let unaccounted = 0;
    const probe = new Worker(probeProgram, { eval: true });
    const watch = loopWatch();
    probe.on('message', (sentAt: number) => {
      const now = watch.moment();
      const delay = now.at - sentAt;
      delays.push(delay);
      unaccounted = Math.max(unaccounted, delay - watch.bound(now));
      watch.look();
    });
    probe.on('error', reject);
    probe.on('exit', () => {
      const sorted = delays.toSorted((a, b) => a - b);
      resolve({
        samples: sorted.length,
        median: sorted[sorted.length >> 1] ?? 0,
        worst: sorted.at(-1) ?? 0,
        unaccounted,
      });
    });
  });

let measured: Promise<WakeUp> | undefined;

/** The calibration of this process, made at the first call. */
export const calibrateWakeUp = (): Promise<WakeUp> => {
  measured ??= measureWakeUp();
  return measured;
};
