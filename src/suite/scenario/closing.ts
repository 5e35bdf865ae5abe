/**
 * The end of a case: a last sentinel, the judgement of left segments, and clean-up, so that one case does not affect the
 * next. The tester resets every flow that is still open, with MP_FASTCLOSE if it knows the peer's key (RFC 8684 section
 * 3.5), refuses SYNs that no step took, and aborts connections opened through control.
 */
import { encodeTcpFrame } from '../../protocol/wire/frame.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { type Seq, seqAdd } from '../../protocol/wire/seq.js';
import type { ControlAnswer } from './contract.js';
import { controlBound } from './control-step.js';
import { passOver, unexpected } from './expectation.js';
import type { Flow } from './flow.js';
import { usualRules } from './ignore.js';
import { sendSentinel } from './sentinel.js';
import { acknowledgedOn, act, type Held, record, type Work } from './state.js';

/** Sends the last sentinel; a case that sent and received nothing has nothing to close. */
export function beginClosing(work: Work): void {
  work.phase = 'closing';
  const used = new Set([...work.flows.values()].map((flow) => flow.path));
  // A host may open flows on paths that the case does not use.
  for (const held of work.held) if (knows(work, held.path)) used.add(held.path);
  if (used.size === 0 && work.connections.length > 0) used.add(1);
  if (used.size === 0 || work.unsupported) work.phase = 'done';
  else sendSentinel(work, 'closing', [...used].sort());
}

const knows = ({ plan: { surroundings } }: Work, path: number): boolean =>
  surroundings.paths.some((each) => each.path === path);

/** A segment that no step took and no rule ignores fails the case; a segment that broke a silence was judged then. */
export function judgeLeftovers(work: Work): void {
  const judged = new Set(work.findings.map((found) => (found.class === 'unexpected' ? found.observation : undefined)));
  for (const held of work.held) {
    if (judged.has(held.entry) || passOver(work, held, usualRules) !== undefined) continue;
    unexpected(work, held, 'after the last step');
  }
}

/** After three unanswered sentinels: asks control whether the implementation is alive. */
export function askHealth(work: Work): void {
  const paths = [...(work.sentinel?.outstanding.values() ?? [])].map((probe) => probe.path);
  work.sentinel = undefined;
  work.phase = 'health';
  record(work, {
    facet: 'liveness',
    verdict: 'inconclusive',
    class: 'hang',
    subject: 'sentinel',
    sentence: `The segment that must always be answered went without its legal answer three times on path ${paths.join(' and ')}.`,
  });
  work.calls += 1;
  act(work, { action: 'control', call: work.calls, command: { verb: 'health' } });
  act(work, { action: 'arm', timer: 'window', at: work.now.at + controlBound });
}

/**
 * Control, if there is one, did not answer either: the implementation hangs. A driver without control answers at once.
 */
export function healthUnanswered(work: Work): void {
  record(work, {
    facet: 'liveness',
    verdict: 'fail',
    class: 'hang',
    subject: 'implementation',
    sentence: 'The implementation hangs after this case: neither packets nor its control are answered any more.',
  });
  work.phase = 'done';
}

/** A channel that broke proves a crash; an answer leaves the case inconclusive. */
export function healthAnswered(work: Work, answer: ControlAnswer): void {
  if (answer.answer === 'lost' && work.flows.size > 0)
    record(work, {
      facet: 'liveness',
      verdict: 'fail',
      class: 'crash',
      subject: 'implementation',
      sentence: `The implementation is gone after this case: ${answer.why}.`,
    });
  work.phase = 'done';
}

function sendReset(work: Work, flow: Flow, seqNumber: Seq, ack: Seq | undefined): void {
  const fastclose = flow.peerKey !== undefined && flow.expected !== undefined;
  const frame = encodeTcpFrame(
    {
      ethernet: { source: flow.local.mac, destination: flow.remote.mac },
      ip: { source: flow.local.address, destination: flow.remote.address },
      tcp: {
        sourcePort: flow.local.port,
        destinationPort: flow.remote.port,
        seq: seqNumber,
        flags: TcpFlag.RST | (ack === undefined ? 0 : TcpFlag.ACK),
        ...(ack === undefined ? {} : { ack }),
        ...(fastclose ? { options: [{ option: 'mp_fastclose', reserved: 0, peerKey: flow.peerKey ?? 0n }] } : {}),
      },
    },
    work.plan.subtypes,
  );
  const note = { step: 'closing', taken: 'sent', text: `reset of flow ${flow.name}` } as const;
  act(work, { action: 'send', path: flow.path, frame }, note);
}

/**
 * Ends every flow and connection, half-open ones too. A reset is accepted if it has the number that the peer expects (RFC
 * 9293 section 3.10.7.4): the one that it acknowledged last, or, if that acknowledgment is still to come, the tester's
 * next number. A reset that the case itself sent may have had another number; a reset of the peer may have left it with a
 * half-open connection (RFC 9293 section 3.10.7.4, unacceptable ACK in SYN-RECEIVED).
 */
export function cleanUp(work: Work): void {
  for (const flow of work.flows.values()) {
    for (const number of numbersExpected(work, flow)) sendReset(work, flow, number, flow.expected);
  }
  for (const held of work.held) {
    if (held.flow !== undefined || (held.tcp.flags & TcpFlag.SYN) === 0) continue;
    refuse(work, held);
  }
  for (const connection of work.connections) {
    work.calls += 1;
    act(work, { action: 'control', call: work.calls, command: { verb: 'abort', connection } });
  }
}

function numbersExpected(work: Work, flow: Flow): readonly Seq[] {
  const acknowledged = acknowledgedOn(work, flow);
  if (acknowledged === undefined || acknowledged === flow.next) return flow.testerReset ? [] : [flow.next];
  return flow.testerReset ? [acknowledged] : [acknowledged, flow.next];
}

/** RFC 9293 section 3.10.7.1: the reset that a SYN without listener draws. */
function refuse(work: Work, { packet, path }: Held): void {
  const { source, destination } = packet.ethernet;
  const frame = encodeTcpFrame({
    ethernet: { source: destination, destination: source },
    ip: { source: packet.ip.destination, destination: packet.ip.source },
    tcp: {
      sourcePort: packet.tcp.destinationPort,
      destinationPort: packet.tcp.sourcePort,
      seq: 0 as Seq,
      ack: seqAdd(packet.tcp.seq, 1),
      flags: TcpFlag.RST | TcpFlag.ACK,
    },
  });
  act(work, { action: 'send', path, frame }, { step: 'closing', taken: 'sent', text: `refusal on path ${path}` });
}
