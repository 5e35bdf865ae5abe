/**
 * INV-12, proposal 1 and RobE_eSIM: no flow is reset that could be attached, what was lost is sent again, and when a schedule is
 * over every path is a subflow at both ends.
 *
 * | granted                                                        | by                                                     |
 * |----------------------------------------------------------------|--------------------------------------------------------|
 * | data overtook the third segment: the flow may be reset         | open point I-11                                        |
 * | implicit RobE_eSIM: a flow that the server did not acknowledge | open point I-59: the client may reset it               |
 * | silent paths need not be asked again after the election        | open point I-16, where it is declared                  |
 * | SYNs without MP_CAPABLE after several with it                  | RFC 6824 section 3.1: "after a certain number"         |
 */
import { withParameters } from '../../reference/parameters.js';
import { flowName, type LedgerFlow, type Violation } from '../ledger.js';
import type { Pair, Side } from '../pair.js';
import { isExcepted } from './exceptions.js';
import { counterpart, type Ends, isJoin, miscounted, potentialFlows, progressOf } from './flow-progress.js';
import { alivePaths } from './scheme.js';
import type { Step } from './step.js';

/** INV-12 after a step of one end: it does not reset what could be attached. */
export const refusedAttachment = ({ pair, side, before, after: { flows } }: Step): readonly Violation[] => {
  if (before.flows === flows || isExcepted('INV-12', pair)) return [];
  const known = new Set(before.flows.filter(({ cut }) => cut).map(flowName));
  const refused = flows.find(
    (flow) =>
      flow.cut &&
      !flow.again &&
      !flow.carried &&
      !isJoin(flow) &&
      !known.has(flowName(flow)) &&
      !isExcused(flow, side, pair),
  );
  if (refused === undefined) return [];
  return [{ invariant: 'INV-12', what: `the ${side} resets path ${refused.path}, which could be attached`, end: side }];
};

/** INV-12 at rest: what was lost is asked again within the time that RFC 6298 allows a timer at first. */
export const neverRepeated = (ends: Ends, dead: readonly number[], pair: Pair): readonly Violation[] => {
  if (isExcepted('INV-12', pair)) return [];
  const asksAgain =
    withParameters(pair.client.parameters).robe.keep_syn === 'yes' || ends.client.ledger.told === undefined;
  for (const path of alivePaths(pair, dead)) {
    for (const flow of potentialFlows(ends.client.ledger, path)) {
      if (progressOf(flow, ends).is !== 'lost') continue;
      const other = counterpart(flow, ends.server.ledger);
      const end = other?.own === undefined ? 'client' : flow.peer === undefined ? 'server' : undefined;
      const { tries, since } = (end === 'server' ? other : flow) ?? flow;
      if (end === undefined || tries > 1 || (end === 'client' && !asksAgain)) continue;
      if (ends[end].host.now - since < longestTimeout) continue;
      const what = `what was lost on path ${path} is not sent again by the ${end}`;
      return [{ invariant: 'INV-12', what, end }];
    }
  }
  return [];
};

/** INV-12, where every segment arrived in the end. `wasLost`: not at the first try. */
export const fullAttachment = (
  ends: Ends,
  dead: readonly number[],
  pair: Pair,
  wasLost: boolean,
): readonly Violation[] => {
  // Open point I-16: silent paths need not be asked again after the election.
  const { robe, mpc } = withParameters(pair.client.parameters);
  // RFC 6824 section 3.1: after some SYNs with MP_CAPABLE one without it follows.
  const leftMptcp = ends.client.ledger.flows.some(({ tries }) => tries > mpc.syn_before_tcp);
  if (wasLost && (robe.keep_syn === 'no' || leftMptcp)) return [];
  if (isExcepted('INV-12', pair)) return [];
  const alive = alivePaths(pair, dead);
  const wanted = alive.filter((path) => !isExcusedPath(path, ends, pair));
  for (const path of wanted) {
    const missing = missingOn(path, ends);
    if (missing !== undefined) return [{ invariant: 'INV-12', ...missing }];
  }
  const range = { least: wanted.length, most: alive.length };
  return miscounted(ends, range).map((wrong) => ({ invariant: 'INV-12', ...wrong }));
};

const missingOn = (path: number, ends: Ends): Pick<Violation, 'what' | 'end'> | undefined => {
  const progress = potentialFlows(ends.client.ledger, path).map((flow) => progressOf(flow, ends));
  // What was lost is repeated, or needs not be (RobE_eSIM): how many subflows there are tells.
  if (progress.some(({ is }) => is === 'open' || is === 'lost')) return undefined;
  const [first] = progress;
  switch (first?.is) {
    case undefined:
      return { what: `path ${path} was never asked`, end: 'client' };
    case 'owed':
      return { what: `path ${path} is no subflow: the ${first.by} has not sent ${first.what}`, end: first.by };
    case 'closed':
      return {
        what: `path ${path} is no subflow: ${first.by === undefined ? 'it was reset' : `the ${first.by} has reset it`}`,
        ...(first.by && { end: first.by }),
      };
    case 'lost':
    case 'open':
      return undefined;
  }
};

/** RFC 6298 section 2.1 asks for one second and tolerates three. */
const longestTimeout = 3_000_000_000n;

/** A flow of a path was reset, which is granted; or it was over already and an old SYN began it anew. */
export const isExcusedPath = (path: number, ends: Ends, pair: Pair): boolean =>
  (['client', 'server'] as const).some((side) =>
    ends[side].ledger.flows.some(
      (flow) => flow.path === path && !isJoin(flow) && (flow.again || (flow.cut && isExcused(flow, side, pair))),
    ),
  );

const isExcused = (flow: LedgerFlow, side: Side, { client }: Pair): boolean => {
  if (side === 'server') return flow.carried && flow.third === undefined;
  const { esim, mpc } = withParameters(client.parameters);
  if (flow.tries > mpc.syn_before_tcp) return true;
  const probes = client.profile === 'robe-esim' && esim.mode === 'implicit' && esim.implicit_guard === 'probe';
  return probes && flow.confirmed;
};
