/**
 * The observer at the wire of one end: how a ledger changes with every segment sent and heard and with what the application is
 * told, and the invariants that such an observer alone can check.
 */
import { initialDsn } from '../protocol/keys/key-digest.js';
import { isMptcp } from '../protocol/mptcp/option.js';
import { describeOption } from '../protocol/wire/describe.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import type { HostNotice } from '../reference/contract.js';
import type { Frame } from './frame-table.js';
import {
  flowName,
  type Invariant,
  type Ledger,
  type LedgerFlow,
  type Opening,
  type Third,
  type Violation,
} from './ledger.js';
import { clientAddress, fewestTries, other, type Side } from './pair.js';

const has = (tcp: Tcp, flag: number): boolean => (tcp.flags & flag) !== 0;

const carries = (tcp: Tcp): boolean => tcp.payload.length > 0 || has(tcp, TcpFlag.FIN);

const broken: ReadonlySet<string> = new Set(['malformed', 'unknown', 'mptcp_unknown', 'raw']);

const signalsOf = (tcp: Tcp): readonly TcpOption[] =>
  tcp.options.filter((option) => isMptcp(option) || broken.has(option.option));
const inWords = (options: readonly TcpOption[]): string => options.map(describeOption).join('; ');

const capableOf = (tcp: Tcp) => tcp.options.find((option) => option.option === 'mp_capable');

const openingOf = (tcp: Tcp): Opening => ({
  isn: tcp.seq,
  mptcp: inWords(signalsOf(tcp)),
  key: capableOf(tcp)?.key,
});

const thirdOf = (tcp: Tcp): Third => ({ mptcp: inWords(signalsOf(tcp)), key: capableOf(tcp)?.key });

const newFlow = (path: number, port: number): LedgerFlow => ({
  path,
  port,
  own: undefined,
  peer: undefined,
  tries: 0,
  since: 0n,
  confirmed: false,
  answered: false,
  third: undefined,
  carried: false,
  over: false,
  cut: false,
  again: false,
});

/** The names of third segments. */
const isThird = (letters: string): boolean => /^(A|J|JA)\d/.test(letters);

/** What was gone through for one segment. */
export interface Taken {
  readonly ledger: Ledger;
  readonly violations: readonly Violation[];
}

export interface Observer {
  readonly side: Side;
  readonly version: 0 | 1;
}

const flowOf = (ledger: Ledger, frame: Frame): LedgerFlow => {
  const { tcp } = frame.packet;
  const port = frame.to === 'server' ? tcp.sourcePort : tcp.destinationPort;
  return ledger.flows.find((flow) => flow.path === frame.path && flow.port === port) ?? newFlow(frame.path, port);
};

const withFlow = (ledger: Ledger, flow: LedgerFlow): readonly LedgerFlow[] =>
  [...ledger.flows.filter(({ path, port }) => path !== flow.path || port !== flow.port), flow].sort(
    (a, b) => a.path - b.path || a.port - b.port,
  );

/**
 * The flow after a SYN or SYN/ACK of `who`; with a SYN, one that was over begins anew. What was said first counts: a SYN that
 * is repeated may leave MPTCP out, and is answered as before all the same.
 */
const opened = (flow: LedgerFlow, who: 'own' | 'peer', tcp: Tcp): LedgerFlow => {
  const before = flow.over && !has(tcp, TcpFlag.ACK) ? { ...newFlow(flow.path, flow.port), again: true } : flow;
  return before[who]?.isn === tcp.seq ? before : { ...before, [who]: openingOf(tcp) };
};

/** The flow after this end sent its SYN or SYN/ACK at `now`; with another number it begins anew. */
const tried = (before: LedgerFlow, flow: LedgerFlow, now: bigint): LedgerFlow => {
  const again = before.own !== undefined && before.own.isn === flow.own?.isn && !before.over;
  return { ...flow, tries: again ? flow.tries + 1 : 1, since: again ? flow.since : now };
};

/** This end sent a segment at `now`. */
export const takeSent = ({ side, version }: Observer, ledger: Ledger, frame: Frame, now: bigint): Taken => {
  const { tcp } = frame.packet;
  const violations: Violation[] = [];
  const violate: Violate = (invariant, what) =>
    violations.push({ invariant, what: `${frame.letters} of the ${side}: ${what}`, end: side });
  const before = flowOf(ledger, frame);
  const signals = signalsOf(tcp);
  let { initial, mapped } = ledger;
  let flow = before;

  const odd = signals.find(({ option }) => broken.has(option));
  if (odd !== undefined) violate('INV-5', `an option does not parse: ${describeOption(odd)}`);

  if (has(tcp, TcpFlag.RST)) {
    const cut = !before.over && before.peer !== undefined;
    if (cut && initial === flowName(before)) violate('INV-3', 'the initial flow is reset');
    flow = { ...before, over: true, cut: before.cut || cut };
  } else if (has(tcp, TcpFlag.SYN)) {
    checkRepetition(before, tcp, violate);
    if (side === 'server' && before.peer?.mptcp === '' && signals.length > 0) {
      violate('INV-9', 'MPTCP in answer to a SYN without');
    }
    flow = tried(before, opened(before, 'own', tcp), now);
  } else {
    const plain = before.own?.mptcp === '' || before.peer?.mptcp === '';
    if (plain && !before.over && signals.length > 0) {
      violate('INV-9', `MPTCP on a flow that is plain TCP: ${inWords(signals)}`);
    }
    if (side === 'client' && isThird(frame.letters)) {
      checkThird(before, tcp, violate);
      flow = { ...before, third: thirdOf(tcp) };
    }
    if (side === 'client') flow = { ...flow, confirmed: true };
    if (side === 'client' && before.peer !== undefined) initial ??= flowName(flow);
    if (carries(tcp)) flow = { ...flow, carried: true };
    if (tcp.payload.length > 0) {
      mapped = checkMapping({ side, version }, { ...ledger, initial }, flow, tcp, violate);
    }
  }
  return {
    ledger: {
      ...ledger,
      sent: ledger.sent + 1,
      resets: ledger.resets + (has(tcp, TcpFlag.RST) ? 1 : 0),
      flows: withFlow(ledger, flow),
      initial,
      mapped,
    },
    violations,
  };
};

type Violate = (invariant: Invariant, what: string) => void;

/**
 * INV-7: a SYN or SYN/ACK that is sent again says the same; only a SYN may leave MPTCP out after a while, and a server that gave
 * a half-open flow up begins anew.
 */
const checkRepetition = (flow: LedgerFlow, tcp: Tcp, violate: Violate): void => {
  if (flow.own === undefined || flow.over) return;
  const again = openingOf(tcp);
  const isSyn = !has(tcp, TcpFlag.ACK);
  if (again.isn !== flow.own.isn) {
    // A server that sent its SYN/ACK as often as it does and heard nothing has given the flow up.
    if (isSyn || flow.tries < fewestTries) {
      violate('INV-7', `repeated with sequence number ${again.isn} after ${flow.own.isn}`);
    }
  } else if (again.mptcp !== flow.own.mptcp && !(isSyn && again.mptcp === '')) {
    violate('INV-7', `repeated with "${again.mptcp}" after "${flow.own.mptcp}"`);
  }
};

/** INV-6: the third segment names the key that came on this flow; INV-7: always the same. */
const checkThird = (flow: LedgerFlow, tcp: Tcp, violate: Violate): void => {
  const capable = capableOf(tcp);
  if (capable !== undefined && flow.peer !== undefined && capable.peerKey !== flow.peer.key) {
    violate('INV-6', 'the third segment echoes another key than the one received on its flow');
  }
  if (capable !== undefined && flow.own?.key !== undefined && capable.key !== flow.own.key) {
    violate('INV-6', 'the third segment states another key than its SYN');
  }
  const { mptcp } = thirdOf(tcp);
  if (flow.third !== undefined && flow.third.mptcp !== mptcp) {
    violate('INV-7', `repeated with "${mptcp}" after "${flow.third.mptcp}"`);
  }
};

/** INV-4: subflow sequence numbers count from the SYN, data sequence numbers from IDSN + 1 without a gap. */
const checkMapping = (
  { side, version }: Observer,
  ledger: Ledger,
  flow: LedgerFlow,
  tcp: Tcp,
  violate: Violate,
): number => {
  const dss = tcp.options.find((option) => option.option === 'dss');
  if (dss?.dsn === undefined || dss.dataLength === 0 || flow.own === undefined) {
    return Math.max(ledger.mapped, capableOf(tcp) === undefined ? 0 : tcp.payload.length);
  }
  const place = (tcp.seq - flow.own.isn) >>> 0;
  if (dss.ssn !== place) violate('INV-4', `subflow sequence number ${dss.ssn} at octet ${place}`);
  const initial = ledger.flows.find((each) => flowName(each) === ledger.initial);
  // A v1 client states its key in the third segment alone.
  const key = initial?.own?.key ?? (side === 'client' ? initial?.third?.key : undefined);
  if (key === undefined) return ledger.mapped;
  const offset = Number(BigInt.asIntN(64, dss.dsn - initialDsn(version, key) - 1n));
  if (offset < 0 || offset > ledger.mapped) {
    violate('INV-4', `data sequence number IDSN + ${offset + 1} where at most IDSN + ${ledger.mapped + 1} follows`);
  }
  return Math.max(ledger.mapped, offset + tcp.payload.length);
};

/** A segment reached this end. */
export const takeHeard = ({ side }: Observer, ledger: Ledger, frame: Frame): Taken => {
  const { tcp } = frame.packet;
  const violations: Violation[] = [];
  const before = flowOf(ledger, frame);
  let flow = before;
  if (has(tcp, TcpFlag.RST)) {
    const problem = resetProblem(before, tcp);
    if (problem !== undefined) {
      const what = `${frame.letters} reaches the ${side}: ${problem}`;
      // RFC 9293 section 3.10.7.1: what answers an old SYN stands at 0, and the flow that outgrew the SYN drops it rightly.
      const answersSyn = tcp.seq === 0 && has(tcp, TcpFlag.ACK);
      violations.push({ invariant: 'INV-8', what, end: other(side), ...(answersSyn ? { unless: 'repeated' } : {}) });
    }
    if (before.own !== undefined) flow = { ...before, over: true };
  } else if (has(tcp, TcpFlag.SYN)) {
    // What answers an old SYN is not taken up by a flow that is complete.
    if (before.confirmed && !before.over && has(tcp, TcpFlag.ACK)) return { ledger, violations };
    flow = opened(before, 'peer', tcp);
  } else if (before.own === undefined) return { ledger, violations };
  else {
    if (side === 'server' && !before.over) {
      flow = { ...flow, confirmed: true, ...(isThird(frame.letters) && { third: thirdOf(tcp) }) };
    }
    if (side === 'client') flow = { ...flow, answered: true };
    if (carries(tcp)) flow = { ...flow, carried: true };
  }
  const dss = ledger.dss || tcp.options.some(({ option }) => option === 'dss');
  return { ledger: flow === before ? ledger : { ...ledger, dss, flows: withFlow(ledger, flow) }, violations };
};

/**
 * INV-8: a reset that reaches an open flow is one the flow has to take: before the peer's SYN was heard it acknowledges the own
 * SYN, afterwards it stands exactly after the peer's. Flows that carried octets are left out.
 */
const resetProblem = (flow: LedgerFlow, tcp: Tcp): string | undefined => {
  if (flow.own === undefined || flow.over || flow.carried) return undefined;
  if (flow.peer === undefined) {
    if (!has(tcp, TcpFlag.ACK)) return 'a reset without ACK cannot end SYN-SENT';
    const awaited = (flow.own.isn + 1) >>> 0;
    return tcp.ack === awaited ? undefined : `it acknowledges ${tcp.ack}, not the SYN, ${awaited}`;
  }
  const awaited = (flow.peer.isn + 1) >>> 0;
  return tcp.seq === awaited ? undefined : `it stands at ${tcp.seq}, ${awaited} is awaited`;
};

/** The application was told something. */
export const takeNotice = (ledger: Ledger, notice: HostNotice): Taken => {
  switch (notice.notice) {
    case 'accepted': {
      const accepted = ledger.accepted + 1;
      const open = ledger.flows.filter(
        ({ path, peer, over }) => clientAddress(path) === notice.peer && !over && !/mp_join/.test(peer?.mptcp ?? ''),
      );
      const ours = open.find(({ confirmed }) => confirmed) ?? open[0];
      return {
        ledger: { ...ledger, accepted, initial: ledger.initial ?? (ours && flowName(ours)) },
        violations:
          accepted > 1
            ? [{ invariant: 'INV-1', what: `${accepted} connections accepted for one connect`, end: 'server' }]
            : [],
      };
    }
    case 'established':
      return { ledger: { ...ledger, told: 'established' }, violations: [] };
    case 'failed':
      return { ledger: { ...ledger, told: `failed: ${notice.why}` }, violations: [] };
    case 'closed':
      return { ledger: { ...ledger, told: `closed: ${notice.how}` }, violations: [] };
    case 'data':
      return { ledger: { ...ledger, got: ledger.got + Buffer.from(notice.octets).toString('latin1') }, violations: [] };
    // How far an application that reads at its own pace got: the hosts of a search have none.
    case 'ended':
    case 'drained':
      return { ledger, violations: [] };
  }
};
