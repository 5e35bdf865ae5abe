/**
 * INV-20, proposal 2 (paper 2.2): "the client does not know which flow is the initial subflow until it has received TCP resets on
 * all paths but one", so until then what its application says leaves on every flow that may survive.
 */
import { withParameters } from '../../reference/parameters.js';
import type { Violation } from '../ledger.js';
import { isJoin } from './flow-progress.js';
import { schemeOf } from './scheme.js';
import type { Step } from './step.js';

export const redundancy = ({ pair, side, before, after, sent }: Step): readonly Violation[] => {
  const { name, aware } = schemeOf(pair);
  // Where it is declared that a while ends it, the flows alone do not tell.
  const untilKnown = withParameters(pair.client.parameters).p2.dup_until === 'rst';
  if (side === 'server' || name !== 'bbm' || !aware || !untilKnown || after.mapped === before.mapped) return [];
  const candidates = before.flows.filter((flow) => flow.confirmed && !flow.over && !isJoin(flow));
  if (candidates.length < 2) return [];
  const places = new Map<bigint, Set<number>>();
  for (const { path, packet } of sent) {
    const dsn = packet.tcp.options.find((option) => option.option === 'dss')?.dsn;
    if (packet.tcp.payload.length > 0 && dsn !== undefined) places.set(dsn, (places.get(dsn) ?? new Set()).add(path));
  }
  for (const paths of places.values()) {
    const missing = candidates.find(({ path }) => !paths.has(path));
    if (missing === undefined) continue;
    const what = `a sentence of the client does not leave on path ${missing.path}, which may survive`;
    // Which copies wait where timers expired is a matter of each flow's windows.
    return [{ invariant: 'INV-20', what, end: side, unless: 'repeated' }];
  }
  return [];
};
