/**
 * The sanity check of a live run: one plain handshake, alone on the wire, before the first case and after the last. If it
 * fails, implementation and tester do not reach each other, or no longer do.
 */
import type { ExpandedCase } from '../../suite/language/case.js';

/** A listener answers a SYN; a client completes on a SYN/ACK. */
const plainHandshakes = ['RFC9293-3.10.7-01', 'RFC9293-3.10.7-02'];

/** The shortest applicable case about a plain handshake, if there is one. */
export const sanityCase = (applicable: readonly ExpandedCase[]): ExpandedCase | undefined => {
  const candidates = plainHandshakes.map((requirement) =>
    applicable
      .filter(({ requirements, paths }) => requirements.includes(requirement) && paths === 1)
      .sort((a, b) => a.steps.length - b.steps.length || (a.id < b.id ? -1 : 1)),
  );
  return candidates.flat()[0];
};
