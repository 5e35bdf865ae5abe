/** INV-18: after data went both ways every path is in use, once, by whatever way it came to be; and what both offered is used. */
import { withParameters } from '../../reference/parameters.js';
import { flowName, type Violation } from '../ledger.js';
import type { Pair } from '../pair.js';
import { isExcusedPath } from './attachment.js';
import { type Ends, isJoin, miscounted, subflowsOf } from './flow-progress.js';
import { alivePaths, joinsAreBarred, schemeOf } from './scheme.js';

/** `ends` after data went both ways and every timer ran out. */
export const everyPathOnce = (ends: Ends, dead: readonly number[], pair: Pair): readonly Violation[] => {
  const { name, aware } = schemeOf(pair);
  if (name === 'tcp' || pair.server.profile === 'tcp' || joinsAreBarred(pair)) return [];
  // Open point I-22: joins that come before a DSS may be refused, and are not repeated.
  if (withParameters(pair.client.parameters).join.before_dss === 'allow') return [];
  const refused = refusedMptcp(ends) ?? refusedJoin(ends);
  if (refused !== undefined) return [{ invariant: 'INV-18', ...refused }];
  // RFC 6824 leaves it to the client whether it opens further subflows; RobE's schemes do not.
  if (name === 'classic' || subflowsOf(ends, 'client') === undefined) return [];
  if (!aware && (pair.server.profile !== 'mptcp' || leavesSuperfluous(pair))) return [];
  // Where it is declared, the path of such a flow is left.
  const wanted = alivePaths(pair, dead).filter((path) => !isExcusedPath(path, ends, pair));
  const idle = wanted.find((path) => !carries(path, ends));
  if (idle !== undefined) {
    return [{ invariant: 'INV-18', what: `path ${idle} is not used after data went both ways`, end: 'client' }];
  }
  return miscounted(ends, { least: wanted.length, most: pair.paths }).map(({ what }) => ({
    invariant: 'INV-18',
    what,
    // An end that lacks a flow may have given it up, since the other did not answer; too many are the client's, which opens them.
    ...(hasSurplus(ends, pair) && { end: 'client' as const }),
  }));
};

const hasSurplus = (ends: Ends, { paths }: Pair): boolean =>
  (['client', 'server'] as const).every((end) => (subflowsOf(ends, end) ?? 0) > paths);

/** The paper's prototype: "the solution does not terminate superfluous paths" (section 5). */
const leavesSuperfluous = ({ client }: Pair): boolean => withParameters(client.parameters).robe.superfluous === 'leave';

const carries = (path: number, ends: Ends): boolean =>
  ends.client.ledger.flows.some(
    (flow) => flow.path === path && flow.confirmed && !flow.over && isOpenAt(flowName(flow), ends),
  );

/** Both said MP_CAPABLE on the flow that the client elected, and it is plain TCP. */
const refusedMptcp = (ends: Ends): Pick<Violation, 'what' | 'end'> | undefined => {
  const { flows, initial } = ends.client.ledger;
  const elected = flows.find((flow) => flowName(flow) === initial);
  const agreed = [elected?.own, elected?.peer].every((opening) => /mp_capable/.test(opening?.mptcp ?? ''));
  const plain = (['client', 'server'] as const).find((end) => subflowsOf(ends, end) === undefined);
  if (!agreed || plain === undefined) return undefined;
  const end = /mp_capable/.test(elected?.third?.mptcp ?? '') ? plain : 'client';
  return { what: `both ends said MP_CAPABLE and the connection is plain TCP at the ${plain}`, end };
};

/** A MP_JOIN that the server reset before it could see whether its HMAC is right. */
const refusedJoin = ({ server }: Ends): Pick<Violation, 'what' | 'end'> | undefined => {
  const refused = server.ledger.flows.find((flow) => isJoin(flow) && flow.cut && !flow.confirmed);
  return refused && { what: `the server resets the MP_JOIN of path ${refused.path}`, end: 'server' };
};

const isOpenAt = (name: string, { server }: Ends): boolean =>
  server.ledger.flows.some((flow) => flowName(flow) === name && flow.confirmed && !flow.over);
