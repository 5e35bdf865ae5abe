/**
 * INV-17: what a client opens by MP_JOIN. Not before a DSS came (RFC 6824 section 3.1; open point I-22), and not on a path that
 * is a subflow already. Proposal 2 joins "immediately" and on every path (paper 2.2).
 */
import { withParameters } from '../../reference/parameters.js';
import type { Violation } from '../ledger.js';
import { schemeOf } from './scheme.js';
import type { Step } from './step.js';

export const joins = ({ pair, side, after, sent }: Step): readonly Violation[] => {
  if (side === 'server' || schemeOf(pair).name === 'bbm') return [];
  const gated = withParameters(pair.client.parameters).join.before_dss === 'forbid';
  for (const { letters, path, packet } of sent) {
    if (!/^JS\d/.test(letters)) continue;
    const { sourcePort } = packet.tcp;
    if (gated && !after.dss) return [{ invariant: 'INV-17', what: `${letters} leaves before any DSS came`, end: side }];
    const attached = after.flows.some(
      (flow) => flow.path === path && flow.port !== sourcePort && flow.confirmed && !flow.over,
    );
    if (attached) {
      return [{ invariant: 'INV-17', what: `${letters} joins a path that is a subflow already`, end: side }];
    }
  }
  return [];
};
