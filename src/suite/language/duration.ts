/** Times in nanoseconds: read from case files, as `200ms`, `1.5s`, `50us`, and formatted for users. */
const units: Readonly<Record<string, number>> = { us: 1e3, ms: 1e6, s: 1e9 };

/** Nanoseconds, or undefined if it is not a time. */
export function parseDuration(text: string): bigint | undefined {
  const found = /^(\d+(?:\.\d+)?)(us|ms|s)$/.exec(text);
  if (found === null) return undefined;
  return BigInt(Math.round(Number(found[1]) * (units[found[2] ?? ''] ?? 0)));
}

/** `1.013 s`, `300 ms`, `41 µs`, with at most this many digits. */
export function durationText(nanoseconds: bigint, digits = 4): string {
  const value = Number(nanoseconds);
  const magnitude = Math.abs(value);
  const shown = (number: number): string => String(Number(number.toPrecision(digits)));
  if (magnitude >= 1e9) return `${shown(value / 1e9)} s`;
  if (magnitude >= 1e6) return `${shown(value / 1e6)} ms`;
  return magnitude === 0 ? '0' : `${shown(value / 1e3)} µs`;
}
