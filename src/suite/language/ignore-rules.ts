/** The names of the rules by which an unexpected segment may be ignored. `scenario/ignore.ts` describes them. */
const ignoreRules = ['retransmission', 'bare-ack', 'signal', 'keepalive', 'copy', 'late-ack', 'join'] as const;
export type IgnoreRule = (typeof ignoreRules)[number];

/** Rules that a case may enable where they do not apply by default. */
export const rulesToAskFor = ['bare-ack'] as const satisfies readonly IgnoreRule[];
