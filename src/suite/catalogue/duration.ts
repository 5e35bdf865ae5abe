/** Times in case files: `200ms`, `1.5s`, `50us`, as nanoseconds. */
const units: Readonly<Record<string, number>> = { us: 1e3, ms: 1e6, s: 1e9 };

/** Nanoseconds, or undefined when it is no time. */
export function parseDuration(text: string): bigint | undefined {
  const found = /^(\d+(?:\.\d+)?)(us|ms|s)$/.exec(text);
  if (found === null) return undefined;
  return BigInt(Math.round(Number(found[1]) * (units[found[2] ?? ''] ?? 0)));
}
