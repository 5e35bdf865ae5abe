/**
 * INV-11 and INV-15: what must not wait for a timer. At rest (nothing is under way) with a path on which nothing was lost, the
 * connection is up. INV-15 says so where every path works, INV-11 where some are dead for good.
 *
 * | scheme                          | paths that have to bring the connection up                                       |
 * |---------------------------------|----------------------------------------------------------------------------------|
 * | P1, P2, eSIM at their own kind  | every one (paper 2.1, 2.4; draft, RobE_eSIM: MP_JOIN_CAP establishes both)       |
 * | SIM, and those at other servers | every one, and only the elected one once there is one: the others are reset      |
 * | TIMER, proposal 3               | those that were tried; after so many waits as paths were tried the next has been |
 * | TCP, classic MPTCP, IPS         | the default path                                                                 |
 */
import { withParameters } from '../../reference/parameters.js';
import { flowName, type LedgerFlow, type Violation } from '../ledger.js';
import type { Pair, Side } from '../pair.js';
import { isExcepted } from './exceptions.js';
import { type Ends, potentialFlows, progressOf } from './flow-progress.js';
import { alivePaths, isSimultaneous, type Scheme, schemeOf } from './scheme.js';

/** The path that is tried first when nothing is known. */
const defaultPath = 1;

export const standstill = (ends: Ends, dead: readonly number[], pair: Pair): readonly Violation[] => {
  const { client, server } = ends;
  const isUp = client.ledger.told === 'established' && server.ledger.accepted > 0;
  const invariant = dead.length > 0 ? 'INV-11' : 'INV-15';
  if (isUp || isExcepted(invariant, pair)) return [];
  const scheme = schemeOf(pair);
  const alive = alivePaths(pair, dead);
  for (const path of awaitedPaths(ends, scheme, alive, pair)) {
    const debt = debtOn(path, ends, pair);
    if (debt === undefined) continue;
    const what = `path ${path} lets everything through, nothing is under way and the connection is not up: ${debt.what}`;
    return [{ invariant, what, end: debt.end }];
  }
  const what = scheme.name === 'timer' ? idleTimer(ends, alive) : undefined;
  return what === undefined ? [] : [{ invariant, what, end: 'client' }];
};

/** Each wait of RobE_TIMER ends with a SYN, and no path is asked twice before every one was asked (open point I-33). */
const idleTimer = ({ client }: Ends, alive: readonly number[]): string | undefined => {
  const { waits, flows, told } = client.ledger;
  const untried = alive.find((path) => potentialFlows(client.ledger, path).length === 0);
  const asked = flows.filter(({ own }) => own !== undefined);
  if (untried !== undefined && waits >= asked.length) {
    return `after ${waits} waits path ${untried} has not been asked, and no other one answers`;
  }
  const syns = asked.reduce((sum, { tries }) => sum + tries, 0);
  return told === undefined && syns <= waits ? `${waits} waits are over and ${syns} SYNs were sent` : undefined;
};

/** Paths of which each has to have brought the connection up unless something was lost there. */
const awaitedPaths = ({ client }: Ends, scheme: Scheme, alive: readonly number[], pair: Pair): readonly number[] => {
  const elected = client.ledger.flows.find((flow) => flowName(flow) === client.ledger.initial);
  if (elected !== undefined && !establishesByAny(scheme)) return alive.filter((path) => path === elected.path);
  if (isSimultaneous(scheme)) return alive;
  if (scheme.name === 'timer') return alive.filter((path) => potentialFlows(client.ledger, path).length > 0);
  return alive.filter((path) => path === defaultPath || pair.strict !== undefined);
};

/** Whether any flow that is complete makes the connection, whichever the client elected. */
const establishesByAny = ({ name, aware }: Scheme): boolean =>
  aware && (name === 'downgrade' || name === 'bbm' || name === 'esim');

interface Debt {
  readonly end: Side;
  readonly what: string;
}

/** Which end is to blame that a path has not brought the connection up; undefined when something was lost there. */
const debtOn = (path: number, ends: Ends, pair: Pair): Debt | undefined => {
  const flows = potentialFlows(ends.client.ledger, path);
  if (flows.length === 0) return { end: 'client', what: 'the client has not asked there' };
  const debts = flows.map((flow) => debtOf(flow, ends, pair));
  return debts.includes(undefined) ? undefined : debts[0];
};

const debtOf = (flow: LedgerFlow, ends: Ends, pair: Pair): Debt | undefined => {
  const progress = progressOf(flow, ends);
  switch (progress.is) {
    case 'lost':
      return undefined;
    case 'owed':
      return { end: progress.by, what: `the ${progress.by} has not sent ${progress.what}` };
    case 'closed':
      if (progress.by === undefined || mayRefuse(progress.by, pair)) return undefined;
      return { end: progress.by, what: `the ${progress.by} has reset it` };
    case 'open':
      return ends.server.ledger.accepted === 0
        ? { end: 'server', what: 'the server has not accepted it' }
        : { end: 'client', what: 'the client has not told its application' };
  }
};

/** Open points I-05 and I-34: a server may refuse a known key from elsewhere, a client the answer of a path that it left. */
const mayRefuse = (end: Side, pair: Pair): boolean => {
  const { p1, timer } = withParameters(pair[end].parameters);
  return end === 'server' ? p1.foreign_host === 'rst' : timer.late_synack === 'ignore-old';
};
