/** Seconds of a parameter as nanoseconds of the clock. */
export const seconds = (value: number): bigint => BigInt(Math.round(value * 1e9));
