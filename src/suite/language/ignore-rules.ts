/**
 * The names of the rules by which a segment that no step expects may be passed over. `scenario/ignore.ts` says what each of
 * them passes over.
 */
const ignoreRules = ['retransmission', 'bare-ack', 'signal', 'keepalive', 'copy', 'late-ack', 'join'] as const;
export type IgnoreRule = (typeof ignoreRules)[number];

/** Rules that a case may ask for where they do not hold by themselves. */
export const rulesToAskFor = ['bare-ack'] as const satisfies readonly IgnoreRule[];
