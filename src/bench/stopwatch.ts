/** How often a piece of work can be done in a second, measured by doing it. */

/** What was measured: how often in how many seconds. */
export interface Rate {
  readonly count: number;
  readonly seconds: number;
  readonly perSecond: number;
}

export const rate = (count: number, seconds: number): Rate => ({ count, seconds, perSecond: count / seconds });

/** Seconds that a piece of work takes. */
export const timed = async (work: () => Promise<void> | void): Promise<number> => {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e9;
};

/** Repeats `work`, which does `each` things, for about so many seconds after a third of that to warm up. */
export const repeated = async (each: number, work: () => void, duration = 1): Promise<Rate> => {
  const during = async (seconds: number): Promise<Rate> => {
    let count = 0;
    let spent = 0;
    while (spent < seconds) {
      spent += await timed(work);
      count += each;
    }
    return rate(count, spent);
  };
  await during(duration / 3);
  return during(duration);
};
