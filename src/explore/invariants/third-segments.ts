/**
 * What the client's third segments say and of which flows it sends them. INV-6: keys where the handshake agreed on MPTCP, and a
 * MAC that proves them; INV-7: a SYN/ACK that comes again draws the same; INV-1: only flows that become part of one connection
 * are completed.
 */
import { equalOctets } from '../../protocol/bytes/octets.js';
import { joinCapMac } from '../../protocol/keys/join-cap-mac.js';
import type { MpJoinCap } from '../../protocol/mptcp/option.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { joinCapLayout } from '../../reference/listener/join-cap.js';
import { withParameters } from '../../reference/parameters.js';
import type { Frame } from '../frame-table.js';
import { flowName, type Invariant, type Ledger, type LedgerFlow, type Violation } from '../ledger.js';
import type { Pair } from '../pair.js';
import { isJoin } from './flow-progress.js';
import type { Step } from './step.js';

type Wrong = readonly [Invariant, string] | undefined;

export const thirdSegments = (step: Step): readonly Violation[] => {
  const { side, sent } = step;
  if (side === 'server') return [];
  const firsts = sent.filter((frame, at) => sent.findIndex((each) => isSameFlow(each, frame)) === at);
  const wrong = forgotten(step) ?? firsts.map((frame) => wrongThird(frame, step)).find((each) => each !== undefined);
  return wrong === undefined ? [] : [{ invariant: wrong[0], what: wrong[1], end: side }];
};

const isSameFlow = (one: Frame, other: Frame): boolean =>
  one.path === other.path && one.packet.tcp.sourcePort === other.packet.tcp.sourcePort;

const flowIn = ({ flows }: Ledger, { path, to, packet: { tcp } }: Frame): LedgerFlow | undefined => {
  const port = to === 'server' ? tcp.sourcePort : tcp.destinationPort;
  return flows.find((flow) => flow.path === path && flow.port === port);
};

/** The first segment that completes a flow. */
const wrongThird = (frame: Frame, { pair, before, after }: Step): Wrong => {
  const { tcp } = frame.packet;
  const flow = flowIn(after, frame);
  if ((tcp.flags & (TcpFlag.RST | TcpFlag.SYN)) !== 0 || flow === undefined || isJoin(flow)) return undefined;
  if (flowIn(before, frame)?.confirmed === true || flow.peer === undefined) return undefined;
  const join = tcp.options.find((option) => option.option === 'mp_join_cap');
  if (flowName(flow) === after.initial) return leftBefore(flow, after, pair) ?? wrongKeys(frame, flow);
  if (join !== undefined) return wrongJoin(join, flow, after, pair);
  const initial = after.flows.find((each) => flowName(each) === after.initial);
  const related = initial?.peer?.key !== undefined && initial.peer.key === flow.peer.key;
  if (!related || !attaches(pair))
    return ['INV-1', `the client completes path ${frame.path} as a connection of its own`];
  return wrongKeys(frame, flow);
};

/** Open point I-34: where it is declared so, an answer of a path that was left counts no more. */
const leftBefore = (flow: LedgerFlow, { flows }: Ledger, { client }: Pair): Wrong => {
  if (withParameters(client.parameters).timer.late_synack !== 'ignore-old' || client.profile !== 'robe-timer')
    return undefined;
  const later = flows.find((each) => !isJoin(each) && each.own !== undefined && each.since > flow.since);
  return later && ['INV-17', `the client completes path ${flow.path}, which it left for path ${later.path}`];
};

const attaches = ({ client }: Pair): boolean => client.profile === 'robe-downgrade' || client.profile === 'robe-bbm';

const wrongKeys = ({ letters, packet }: Frame, { own, peer }: LedgerFlow): Wrong => {
  const agreed = [own, peer].every((opening) => /mp_capable/.test(opening?.mptcp ?? ''));
  const names: readonly string[] = packet.tcp.options.map(({ option }) => option);
  if (!agreed) return undefined;
  if (!names.includes('mp_capable'))
    return ['INV-6', `${letters} of the client completes a MPTCP handshake without keys`];
  const strange = names.find((name) => name === 'robe_esim_en' || name === 'l_rtt_en');
  return strange === undefined ? undefined : ['INV-17', `${letters} of the client has ${strange} beside its keys`];
};

/** Draft, MP_JOIN_CAP: Key-A of the initial flow, and a MAC over both keys of that flow and Key-B' of this one. */
const wrongJoin = (join: MpJoinCap, flow: LedgerFlow, { flows, initial: elected }: Ledger, pair: Pair): Wrong => {
  const initial = flows.find((each) => flowName(each) === elected);
  const [keyA, keyB, keyB2] = [initial?.own?.key ?? initial?.third?.key, initial?.peer?.key, flow.peer?.key];
  const parameters = withParameters(pair.client.parameters);
  if (keyA === undefined || keyB === undefined || keyB2 === undefined || pair.client.profile !== 'robe-esim') {
    return ['INV-1', `the client sends MP_JOIN_CAP on path ${flow.path}, where nothing can be joined`];
  }
  const { mode, en_scope } = parameters.esim;
  // Open point I-59: for a server that does not know the option this is the third segment of a connection of its own.
  if (mode === 'implicit' && pair.server.profile !== 'robe-esim') {
    return ['INV-1', `the client sends MP_JOIN_CAP on path ${flow.path} to a server that does not know it`];
  }
  const announced = [initial, en_scope === 'per-path' ? flow : initial].every((each) =>
    /robe_esim_en/.test(each?.peer?.mptcp ?? ''),
  );
  if (mode === 'explicit' && !announced) {
    return ['INV-1', `the client sends MP_JOIN_CAP on path ${flow.path}, where the server has not announced it`];
  }
  const mac = joinCapMac({ version: pair.version, keyA, keyB, keyB2, layout: joinCapLayout(parameters) });
  if (join.key === keyA && equalOctets(join.mac, mac) && join.addressId !== 0) return undefined;
  return ['INV-6', `MP_JOIN_CAP of the client on path ${flow.path} has a wrong Key-A, MAC or Address ID`];
};

/** Until the server has said more it may lack the third segment: a bare acknowledgment could complete the flow in its place. */
const forgotten = ({ before, after, heard, sent }: Step): Wrong => {
  for (const flow of before.flows) {
    if (flow.third === undefined || flow.answered || flow.over) continue;
    const own = sent.filter((frame) => flowIn(before, frame) === flow);
    const again = heard !== undefined && heard.packet.tcp.seq === flow.peer?.isn && flowIn(before, heard) === flow;
    const repeated = own.some(({ letters }) => /^(A|J|JA)\d/.test(letters));
    if (again && !repeated)
      return ['INV-7', `${heard.letters} comes again and the client does not repeat its third segment`];
    // Beside a DSS it acknowledges something that came.
    if (after.flows.some((each) => flowName(each) === flowName(flow) && each.answered)) continue;
    const bare = own.find((frame) => frame.drawn && /^cK\d/.test(frame.letters));
    if (bare !== undefined)
      return ['INV-7', `${bare.letters} of the client stands where its third segment had options`];
  }
  return undefined;
};
