/**
 * The ICMP errors that a case can send, by name. One name stands for the corresponding error of ICMP (RFC 792) and of ICMPv6
 * (RFC 4443).
 */

/** Type and code in ICMP, and in ICMPv6, which has no like of a source quench: there it has a code that is not assigned. */
export const icmpErrors = {
  'network-unreachable': { 4: [3, 0], 6: [1, 0] },
  'host-unreachable': { 4: [3, 1], 6: [1, 3] },
  'protocol-unreachable': { 4: [3, 2], 6: [4, 1] },
  'port-unreachable': { 4: [3, 3], 6: [1, 4] },
  'fragmentation-needed': { 4: [3, 4], 6: [2, 0] },
  'source-route-failed': { 4: [3, 5], 6: [1, 5] },
  'source-quench': { 4: [4, 0], 6: [1, 255] },
  'time-exceeded': { 4: [11, 0], 6: [3, 0] },
  'parameter-problem': { 4: [12, 0], 6: [4, 0] },
} as const satisfies Readonly<
  Record<string, { readonly 4: readonly [number, number]; readonly 6: readonly [number, number] }>
>;

export type IcmpErrorName = keyof typeof icmpErrors;
export const icmpErrorNames = Object.keys(icmpErrors) as readonly IcmpErrorName[];
