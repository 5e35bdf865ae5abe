/** Times in nanoseconds: read from case files, where they stand as `200ms`, `1.5s`, `50us`, and told to people. */
const units: Readonly<Record<string, number>> = { us: 1e3, ms: 1e6, s: 1e9 };

/** Nanoseconds, or undefined when it is no time. */
export function parseDuration(text: string): bigint | undefined {
  const found = /^(\d+(?:\.\d+)?)(us|ms|s)$/.exec(text);
  if (found === null) return undefined;
  return BigInt(Math.round(Number(found[1]) * (units[found[2] ?? ''] ?? 0)));
}

/** `1.013 s`, `300 ms`, `41 µs`, in so many digits at most. */
export function durationText(nanoseconds: bigint, digits = 4): string {
  const value = Number(nanoseconds);
  const magnitude = Math.abs(value);
  const shown = (number: number): string => String(Number(number.toPrecision(digits)));
  if (magnitude >= 1e9) return `${shown(value / 1e9)} s`;
  if (magnitude >= 1e6) return `${shown(value / 1e6)} ms`;
  return magnitude === 0 ? '0' : `${shown(value / 1e3)} µs`;
}
