/** How far a potential initial flow has come, from what was sent and heard of it at both ends. Nothing of it is under way. */
import { flowName, type Ledger, type LedgerFlow, type Violation } from '../ledger.js';
import type { Side } from '../pair.js';

/**
 * `lost`: a segment of its handshake never arrived. `owed`: one end has not sent what comes next. `closed`: reset, by that end
 * if by one of them. `open`: all three segments arrived.
 */
export type Progress =
  | { readonly is: 'lost' | 'open' }
  | { readonly is: 'owed'; readonly by: Side; readonly what: string }
  | { readonly is: 'closed'; readonly by: Side | undefined };

/** Of the state of an end what invariants ask for. */
export interface End {
  readonly ledger: Ledger;
  readonly host: {
    /** Its own clock. */
    readonly now: bigint;
    /** What control tells of its connection. */
    readonly standing: string | undefined;
  };
}

export interface Ends {
  readonly client: End;
  readonly server: End;
}

/** Opened by MP_JOIN. */
export const isJoin = ({ own, peer }: LedgerFlow): boolean => /mp_join\b/.test(`${own?.mptcp} ${peer?.mptcp}`);

/** Flows that may become initial, of one path; without those that an old SYN began anew. */
export const potentialFlows = ({ flows }: Ledger, path: number): readonly LedgerFlow[] =>
  flows.filter((flow) => flow.path === path && !flow.again && !isJoin(flow));

/** The same flow at the other end. */
export const counterpart = (flow: LedgerFlow, { flows }: Ledger): LedgerFlow | undefined =>
  flows.find((other) => flowName(other) === flowName(flow));

/** `flow` is the client's. */
export const progressOf = (flow: LedgerFlow, { server }: Ends): Progress => {
  const other = counterpart(flow, server.ledger);
  if (flow.over || other?.over === true) {
    return { is: 'closed', by: flow.cut ? 'client' : other?.cut === true ? 'server' : undefined };
  }
  if (other?.peer === undefined) return { is: 'lost' };
  if (other.own === undefined) return { is: 'owed', by: 'server', what: 'the SYN/ACK' };
  if (flow.peer === undefined) return { is: 'lost' };
  if (!flow.confirmed) return { is: 'owed', by: 'client', what: 'the third segment' };
  return other.confirmed ? { is: 'open' } : { is: 'lost' };
};

/** What control tells of the connection of one end: its subflows where it is MPTCP. */
export const subflowsOf = (ends: Ends, end: Side): number | undefined => {
  const [, kind, subflows] = ends[end].host.standing?.split(' ') ?? [];
  return kind === 'mptcp' ? Number(subflows) : undefined;
};

/** Ends that count fewer or more subflows; where both do, it is not told whose fault that is. */
export const miscounted = (
  ends: Ends,
  { least, most }: { readonly least: number; readonly most: number },
): readonly Pick<Violation, 'what' | 'end'>[] => {
  const counts = { client: subflowsOf(ends, 'client'), server: subflowsOf(ends, 'server') };
  const wrong = (['client', 'server'] as const).filter((end) => {
    const count = counts[end];
    return count === undefined || count < least || count > most;
  });
  const [end] = wrong;
  if (end === undefined) return [];
  const what = `${counts.client ?? 'no'} subflows at the client and ${counts.server ?? 'none'} at the server, ${most} paths`;
  return [{ what, ...(wrong.length === 1 && { end }) }];
};
