/**
 * INV-14, proposal 2 (paper 2.2): "Once the first ACK segment arrives at the server, the end-to-end connection is established.
 * All other related flows, that are still in the establishment phase, will now be terminated by the server using a TCP RST."
 * So no flow is reset before; after it no related one is half-open; one is left; and the client resets none.
 */
import { withParameters } from '../../reference/parameters.js';
import { flowName, type Ledger, type LedgerFlow, type Violation } from '../ledger.js';
import type { Pair } from '../pair.js';
import { isJoin } from './flow-progress.js';
import { schemeOf } from './scheme.js';
import type { Step } from './step.js';

export const losers = ({ pair, side, before, after }: Step): readonly Violation[] => {
  const { name, aware } = schemeOf(pair);
  if (name !== 'bbm' || !aware) return [];
  const what = side === 'server' ? wrongAtServer(before, after, pair) : wrongAtClient(after, pair);
  return what === undefined ? [] : [{ invariant: 'INV-14', what, end: side }];
};

const wrongAtServer = (before: Ledger, { accepted, flows, initial }: Ledger, { server }: Pair): string | undefined => {
  const related = flows.filter((flow) => !flow.again && isRelated(flow));
  if (accepted === 0) {
    const early = related.find(({ cut }) => cut);
    return early && `the server resets path ${early.path} before a third segment came`;
  }
  // A connection that fell back to TCP is no reason to end others.
  if (flows.find((flow) => flowName(flow) === initial)?.third === undefined) return undefined;
  // Open point I-20: a SYN that comes after the establishment may be dropped, or its flow ended by its ACK.
  const all = withParameters(server.parameters).p2.late_syn === 'rst' || before.accepted === 0;
  const halfOpen = all && related.find((flow) => flow.own !== undefined && !flow.confirmed && !flow.over);
  if (halfOpen) return `path ${halfOpen.path} is still half-open after the first third segment`;
  const open = related.filter((flow) => flow.confirmed && !flow.over);
  return open.length > 1 ? `${open.length} flows by MP_CAPABLE are open` : undefined;
};

const wrongAtClient = ({ flows }: Ledger, { client }: Pair): string | undefined => {
  const { mpc } = withParameters(client.parameters);
  const chosen = flows.find(
    (flow) => flow.cut && !flow.again && !flow.carried && isRelated(flow) && flow.tries <= mpc.syn_before_tcp,
  );
  return chosen && `the client resets path ${chosen.path}, where the server is to choose`;
};

const isRelated = (flow: LedgerFlow): boolean =>
  !isJoin(flow) && /mp_capable/.test(`${flow.own?.mptcp} ${flow.peer?.mptcp}`);
