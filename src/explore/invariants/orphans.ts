/**
 * INV-13: no flow is left that only one end has. A SYN and a SYN/ACK that arrive are answered at once, and so is a third segment
 * of a flow that is over (RFC 9293 section 3.10.7); and when every segment has arrived and a schedule is over, both ends have the
 * same flows and nothing half-open.
 */
import { withParameters } from '../../reference/parameters.js';
import type { Frame } from '../frame-table.js';
import { flowName, type Ledger, type LedgerFlow, type Violation } from '../ledger.js';
import type { Pair } from '../pair.js';
import { type Ends, subflowsOf } from './flow-progress.js';
import type { Step } from './step.js';

/** What is said at once when a segment arrives. */
export const unanswered = ({ pair, side, before, heard, sent }: Step): readonly Violation[] => {
  if (heard === undefined) return [];
  const answers = sent.filter((answer) => isAnswer(heard, answer));
  const what = `${heard.letters} reaches the ${side} and draws no ${answers.length === 0 ? 'answer' : 'reset'}`;
  const late = /^(A|J|JA)\d/.test(heard.letters) && isOver(before, heard);
  if (late) return answers.some(({ letters }) => /^.R/.test(letters)) ? [] : [{ invariant: 'INV-13', what, end: side }];
  if (!/^J?[SY]\d/.test(heard.letters) || answers.length > 0) return [];
  const { p2, robe } = withParameters(pair[side].parameters);
  if (side === 'server' && before.accepted > 0 && p2.late_syn === 'drop') return [];
  if (side === 'client' && robe.superfluous === 'leave') return [];
  return [{ invariant: 'INV-13', what, end: side }];
};

/** `frame` reaches the server. */
const isOver = ({ flows }: Ledger, { path, packet: { tcp } }: Frame): boolean =>
  flows.some((flow) => flow.path === path && flow.port === tcp.sourcePort && flow.over);

const isAnswer = ({ path, packet: { tcp } }: Frame, { path: by, packet }: Frame): boolean =>
  path === by && packet.tcp.sourcePort === tcp.destinationPort && packet.tcp.destinationPort === tcp.sourcePort;

/** Where nothing was lost. */
export const orphans = (ends: Ends, dead: readonly number[], pair: Pair): readonly Violation[] => {
  const { client, server } = ends;
  const names = [...client.ledger.flows, ...server.ledger.flows]
    .filter(({ path }) => !dead.includes(path))
    .map(flowName);
  for (const name of new Set(names)) {
    const [here, there] = [stateOf(client.ledger, name), stateOf(server.ledger, name)];
    if (isDropped(server.ledger, name, pair)) continue;
    if (here === there && here !== 'half-open') continue;
    if (here !== 'open' && here !== 'half-open' && there !== 'open' && there !== 'half-open') continue;
    return [{ invariant: 'INV-13', what: `flow ${name} is ${here} at the client and ${there} at the server` }];
  }
  const [here, there] = [subflowsOf(ends, 'client'), subflowsOf(ends, 'server')];
  if (here === there) return [];
  const what = `${here ?? 'no'} subflows at the client and ${there ?? 'none'} at the server`;
  const wrong = (['client', 'server'] as const).filter((end) => subflowsOf(ends, end) !== openFlows(ends[end].ledger));
  const [end] = wrong;
  return [{ invariant: 'INV-13', what, ...(wrong.length === 1 && end && { end }) }];
};

const openFlows = ({ flows }: Ledger): number => flows.filter(({ confirmed, over }) => confirmed && !over).length;

/** Open point I-20: a server of proposal 2 may drop a SYN that comes after the establishment. */
const isDropped = ({ flows }: Ledger, name: string, { server }: Pair): boolean =>
  withParameters(server.parameters).p2.late_syn === 'drop' &&
  flows.some((flow) => flowName(flow) === name && flow.own === undefined);

const stateOf = ({ flows }: Ledger, name: string): 'unknown' | 'half-open' | 'open' | 'closed' => {
  const flow: LedgerFlow | undefined = flows.find((each) => flowName(each) === name);
  if (flow === undefined) return 'unknown';
  if (flow.over) return 'closed';
  return flow.confirmed ? 'open' : 'half-open';
};
