/**
 * Time as an argument. Times are nanoseconds as bigint: since an arbitrary origin for the virtual clock, since the Unix
 * epoch for the real one (monotonic in between). Nothing outside `cli` and the real clock reads the machine's time.
 */
export type Time = bigint;

export interface Alarm {
  cancel(): void;
}

export interface Clock {
  now(): Time;
  /** Calls back once when `now() >= time`; a time in the past fires as soon as control returns to the clock. */
  at(time: Time, callback: () => void): Alarm;
}

export const microseconds = (n: number): Time => BigInt(Math.round(n * 1e3));
export const milliseconds = (n: number): Time => BigInt(Math.round(n * 1e6));
