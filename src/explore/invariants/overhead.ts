/**
 * INV-19: an undisturbed establishment takes no more segments than its scheme's ladder. "Additionally, network overhead does not
 * increase when compared to classic MPTCP" (paper 2.4, proposal 1); for the others "The solution should not introduce excessive
 * amounts of overhead", which is the most that their ladders draw.
 */
import { withParameters } from '../../reference/parameters.js';
import type { Violation } from '../ledger.js';
import type { Pair, Side } from '../pair.js';
import type { Ends } from './flow-progress.js';
import { type Scheme, schemeOf } from './scheme.js';

/** Where nothing was lost, doubled or early, and no data was sent. */
export const overhead = (ends: Ends, pair: Pair): readonly Violation[] => {
  const most = mostSegments(schemeOf(pair), pair);
  // Joins that leave before a DSS (open point I-22) are no part of the ladder.
  if (most === undefined || withParameters(pair.client.parameters).join.before_dss === 'allow') return [];
  return (['client', 'server'] as const).flatMap((end) => {
    const { sent } = ends[end].ledger;
    if (sent <= most[end]) return [];
    return [{ invariant: 'INV-19', what: `the ${end} sends ${sent} segments, ${most[end]} at most are its part`, end }];
  });
};

/** Undefined at a server of another kind: what flows cost that are reset is their own affair. */
const mostSegments = ({ name, aware }: Scheme, { client, paths }: Pair): Readonly<Record<Side, number>> | undefined => {
  const further = paths - 1;
  if (!aware) return undefined;
  switch (name) {
    // SYN and third segment, SYN/ACK.
    case 'downgrade':
      return { client: 2 * paths, server: paths };
    // The server resets each loser, and once more when a third segment had been under way.
    case 'bbm':
      return { client: 2 * paths, server: paths + 2 * further };
    // Open point I-57: each MP_JOIN_CAP is acknowledged.
    case 'esim':
      return { client: 2 * paths, server: paths + further };
    // A reset in place of the third segment; with an early one before it, two.
    case 'sim': {
      const early = withParameters(client.parameters).sim.rst === 'immediate' ? further : 0;
      return { client: 2 * paths + early, server: paths };
    }
    case 'timer':
    case 'tcp':
    case 'classic':
    case 'ips':
      return undefined;
  }
};
