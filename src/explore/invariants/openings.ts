/**
 * INV-17: what each scheme opens, and with which keys.
 *
 * | scheme          | SYNs with MP_CAPABLE of the client                    | Key-A (v0)      | Key-B            |
 * |-----------------|-------------------------------------------------------|-----------------|------------------|
 * | P1, P2          | one on each path at once (paper 2.1, 2.2)             | the same        | one a Key-A      |
 * | SIM, eSIM       | one on several paths at once (draft)                  | one a flow      | one a flow       |
 * | TIMER           | the default path, and one other path after each wait  | one a flow      | one a flow       |
 * | MPTCP, IPS      | the default path, as long as nothing is known         | -               | one a flow       |
 *
 * Beside MP_CAPABLE a SYN carries what its scheme negotiates and nothing else of the draft.
 */
import { withParameters } from '../../reference/parameters.js';
import type { Frame } from '../frame-table.js';
import { flowName, type Ledger, type LedgerFlow, type Violation } from '../ledger.js';
import type { Pair } from '../pair.js';
import { isJoin } from './flow-progress.js';
import { correlatesAlways, isSimultaneous, type Scheme, schemeOf } from './scheme.js';
import type { Step } from './step.js';

/** The path that is asked first when nothing is known. */
const defaultPath = 1;

/** A wait of the timer scheme may differ from what is declared by so much (open point I-31). */
const tolerance = 0.2;

/** The SYNs of the client, the SYN/ACKs of the server. */
export const openings = ({ pair, side, before, after: ledger, heard, sent, now }: Step): readonly Violation[] => {
  const opening = side === 'client' ? /^S\d/ : /^Y\d/;
  const opened = sent.filter(({ letters }) => opening.test(letters));
  if (opened.length === 0) return [];
  const scheme = schemeOf(pair);
  const what =
    side === 'client'
      ? (first(opened, (frame) => wrongOptions(frame, scheme, pair)) ??
        wrongSyns(ledger, scheme, pair) ??
        wrongRepetition(opened, before, scheme, pair) ??
        wrongRound(before, now, scheme, pair))
      : (first(opened, (frame) => wrongAnswer(frame, offerOf(frame, before, ledger, heard), pair)) ??
        wrongKeys(ledger, pair));
  return what === undefined ? [] : [{ invariant: 'INV-17', what, end: side }];
};

const first = <Each>(all: readonly Each[], wrong: (each: Each) => string | undefined): string | undefined =>
  all.map(wrong).find((what) => what !== undefined);

/** What the SYN said that a SYN/ACK answers: the first one of its flow, or this one if no other was answered. */
const offerOf = (
  { path, packet }: Frame,
  before: Ledger,
  after: Ledger,
  heard: Frame | undefined,
): string | undefined => {
  const isItsFlow = (flow: LedgerFlow): boolean => flow.path === path && flow.port === packet.tcp.destinationPort;
  const answered = before.flows.find(isItsFlow)?.own !== undefined;
  if (answered || heard === undefined) return after.flows.find(isItsFlow)?.peer?.mptcp;
  return heard.packet.tcp.options.map(({ option }) => option).join(' ');
};

/** A SYN/ACK confirms what the SYN offered and the server has, and nothing else. */
const wrongAnswer = ({ letters, packet }: Frame, offer: string | undefined, { server }: Pair): string | undefined => {
  const { esim, l_rtt, mpc } = withParameters(server.parameters);
  if (offer === undefined || server.profile === 'tcp' || mpc.refuse_checksum) return undefined;
  const knows: Readonly<Record<string, boolean>> = {
    mp_capable: true,
    robe_esim_en: server.profile === 'robe-esim' && esim.mode === 'explicit',
    // Open point I-72: a longer one, or one beside other options of the draft, may not fit.
    l_rtt_en: l_rtt.use === 'ips' && l_rtt.len === 8 && server.profile === 'robe-ips',
  };
  for (const [name, known] of Object.entries(knows)) {
    const offered = offer.includes(name);
    const confirmed = packet.tcp.options.some(({ option }) => option === name);
    if (confirmed && !offered) return `${letters} of the server has ${name}, which was not offered`;
    if (offered && known && !confirmed) return `${letters} of the server does not confirm ${name}`;
  }
  return undefined;
};

/** Beside a repeated SYN that left everything out. */
const wrongOptions = ({ letters, packet }: Frame, scheme: Scheme, pair: Pair): string | undefined => {
  const signals: readonly string[] = packet.tcp.options
    .map(({ option }) => option)
    .filter((name) => negotiating.has(name));
  if (signals.length === 0 && scheme.name !== 'tcp') return undefined;
  const wanted = wantedOptions(scheme, pair);
  const { use, len } = withParameters(pair.client.parameters).l_rtt;
  // Open point I-72: a longer L_RTT_EN, or one beside other options of the draft, may not fit.
  const mayLack = use === 'robe' || len > 8 ? 'l_rtt_en' : undefined;
  const missing = wanted.find((name) => !signals.includes(name) && name !== mayLack);
  if (missing !== undefined) return `${letters} of the client has no ${missing}`;
  const misshapen = packet.tcp.options.some((option) => option.option === 'l_rtt_en' && option.octets !== len - 4);
  if (misshapen) return `${letters} of the client has a l_rtt_en of another length than ${len}, which is declared`;
  const strange = signals.find((name) => !wanted.includes(name));
  return strange && `${letters} of the client has ${strange}, which its scheme does without`;
};

const negotiating: ReadonlySet<string> = new Set([
  'mp_capable',
  'robe_esim_en',
  'mp_join_cap',
  'l_rtt_en',
  'mptcp_unknown',
]);

const wantedOptions = ({ name }: Scheme, { client, paths }: Pair): readonly string[] => {
  if (name === 'tcp') return [];
  const { esim, l_rtt } = withParameters(client.parameters);
  const announces = name === 'esim' && esim.mode === 'explicit' && paths > 1;
  const asksRtt = l_rtt.use === 'robe' ? name !== 'classic' : l_rtt.use === 'ips' && client.profile === 'robe-ips';
  return ['mp_capable', ...(announces ? ['robe_esim_en'] : []), ...(asksRtt ? ['l_rtt_en'] : [])];
};

const wrongSyns = (ledger: Ledger, scheme: Scheme, pair: Pair): string | undefined => {
  const asked = ledger.flows.filter((flow) => flow.own !== undefined && !isJoin(flow));
  const twice = asked.find((flow) => asked.some((other) => other !== flow && other.path === flow.path));
  // Open point I-34: where flows are given up with their paths, a path that is asked again has a new one.
  const givesUp = withParameters(pair.client.parameters).timer.late_synack === 'ignore-old';
  if (twice !== undefined && !givesUp) return `the client opens two flows by MP_CAPABLE on path ${twice.path}`;
  return wrongPlaces(asked, ledger, scheme, pair) ?? wrongKeysA(asked, scheme, pair);
};

/** Open point I-16: silent paths are asked again after the election, unless the opposite is declared. */
const wrongRepetition = (opened: readonly Frame[], before: Ledger, scheme: Scheme, pair: Pair): string | undefined => {
  const leaves = withParameters(pair.client.parameters).robe.keep_syn === 'no';
  const [again] = opened;
  if (!leaves || !isSimultaneous(scheme) || before.told !== 'established' || again === undefined) return undefined;
  return `${again.letters} comes again after the election, which is declared not to happen`;
};

const wrongPlaces = (asked: readonly LedgerFlow[], ledger: Ledger, scheme: Scheme, pair: Pair): string | undefined => {
  const [earliest, ...others] = [...asked].sort((a, b) => Number(a.since - b.since));
  if (earliest === undefined) return undefined;
  if (isSimultaneous(scheme)) {
    const late = others.find(({ since }) => since !== earliest.since);
    if (late !== undefined) return `path ${late.path} is asked later than path ${earliest.path}`;
    // The draft lets a client of RobE_SIM select paths ("or a subset selected on experience").
    const all = scheme.name === 'downgrade' || scheme.name === 'bbm';
    return all && asked.length < pair.paths ? `${asked.length} of ${pair.paths} paths are asked` : undefined;
  }
  if (earliest.path !== defaultPath) return `path ${earliest.path} is asked first, ${defaultPath} is the default one`;
  if (scheme.name !== 'timer') return others[0] && `path ${others[0].path} is asked as well`;
  if (others.length > ledger.waits) return `path ${others.at(-1)?.path} is asked before the timer expired`;
  return wrongWait([earliest, ...others], pair);
};

/** Open points I-31 and I-35: the timer is fresh on each path, or doubles if so declared. */
const wrongWait = (asked: readonly LedgerFlow[], { client }: Pair): string | undefined => {
  const { value_s, backoff } = withParameters(client.parameters).timer;
  const firsts = asked.filter((flow, at) => asked.findIndex(({ path }) => path === flow.path) === at);
  for (const [index, flow] of firsts.entries()) {
    const before = firsts[index - 1];
    if (before === undefined) continue;
    const waited = Number(flow.since - before.since) / 1e9;
    const declared = value_s * (backoff === 'exp' ? 2 ** (index - 1) : 1);
    if (Math.abs(waited - declared) > tolerance * declared) {
      return `path ${flow.path} is asked ${waited} s after path ${before.path}, ${declared} s are declared`;
    }
  }
  return undefined;
};

/** Open point I-33: when every path was asked once, the first of them is asked again after one more wait. */
const wrongRound = ({ flows }: Ledger, now: bigint, { name }: Scheme, { client, paths }: Pair): string | undefined => {
  const asked = flows.filter((flow) => flow.own !== undefined && !isJoin(flow));
  if (name !== 'timer' || asked.length !== paths || asked.some(({ tries }) => tries > 1)) return undefined;
  const { value_s, backoff } = withParameters(client.parameters).timer;
  const declared = value_s * (backoff === 'exp' ? 2 ** (paths - 1) : 1);
  const waited = Math.min(...asked.map(({ since }) => Number(now - since))) / 1e9;
  if (Math.abs(waited - declared) <= tolerance * declared) return undefined;
  return `the second round begins ${waited} s after the last path was asked, ${declared} s are declared`;
};

const wrongKeysA = (asked: readonly LedgerFlow[], { name }: Scheme, { client }: Pair): string | undefined => {
  const offers = asked.filter(({ own }) => own?.mptcp !== '');
  const different = new Set(offers.map(({ own }) => own?.mptcp)).size;
  const keys = offers.flatMap(({ own }) => (own?.key === undefined ? [] : [own.key]));
  const shares = name === 'downgrade' || name === 'bbm';
  // "The segments are identical apart from the particular source IPs and ports" (paper 2.1; open point I-01).
  if (shares && different > 1) return 'the SYNs of the client differ in MP_CAPABLE';
  const repeats = name === 'timer' && withParameters(client.parameters).timer.key === 'same';
  if (repeats && new Set(keys).size > 1) return 'the SYNs of the client have different keys, one key is declared';
  if (!shares && !repeats && new Set(keys).size < keys.length) return 'two flows of the client have one Key-A';
  return undefined;
};

/** One Key-B a Key-A with proposals 1 and 2, else one a flow. */
const wrongKeys = ({ flows, initial }: Ledger, { server }: Pair): string | undefined => {
  // Open point I-15: a connection that fell back to TCP has no claim on its key.
  const initialFlow = flows.find((flow) => flowName(flow) === initial);
  if (initialFlow !== undefined && initialFlow.third === undefined) return undefined;
  const answered = flows.filter((flow) => flow.own?.key !== undefined && !isJoin(flow) && !flow.again);
  const correlates = server.profile === 'robe-downgrade' || server.profile === 'robe-bbm';
  for (const flow of answered) {
    const related = answered.find(
      (other) => other !== flow && other.peer?.key === flow.peer?.key && flow.peer?.key !== undefined,
    );
    if (correlates && related !== undefined) {
      if (
        correlatesAlways(server) &&
        related.peer?.mptcp === flow.peer?.mptcp &&
        related.own?.mptcp !== flow.own?.mptcp
      ) {
        return `${flowName(flow)} and ${flowName(related)} have one Key-A and different answers`;
      }
      continue;
    }
    const same = answered.find((other) => other !== flow && other.own?.key === flow.own?.key);
    if (same !== undefined) return `${flowName(flow)} and ${flowName(same)} have one Key-B`;
  }
  return undefined;
};
