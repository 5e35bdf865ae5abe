/** Percentiles of measured times, as text in microseconds. */

/** The value below which this part of them lies (nearest rank). */
export const percentile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * part) - 1))] ?? Number.NaN;
};

/** Nanoseconds in, e.g. `p50 8.1 us, p99 44 us of 5000`. */
export const tellTimes = (nanoseconds: readonly number[]): string => {
  const us = (part: number): string => Number((percentile(nanoseconds, part) / 1000).toPrecision(3)).toString();
  return `p50 ${us(0.5)} us, p99 ${us(0.99)} us of ${nanoseconds.length}`;
};
