/** A SYN/ACK of a potential flow arrives, or the flow ends without one: election, attachment, reset, failure. */
import type { Tcp } from '../../protocol/wire/packet.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Attempt, Potential } from '../election/election.js';
import { localAddressId } from '../mptcp/addresses.js';
import { type CapableAnswer, capableFlags } from '../mptcp/capable.js';
import type { Session } from '../mptcp/connection.js';
import { establish, failConnection, openSession } from '../mptcp/connection-life.js';
import { pump } from '../mptcp/outgoing.js';
import { carryPlain } from '../mptcp/plain-stream.js';
import { attach, sendThird } from '../mptcp/subflow.js';
import type { Stack } from '../stack.js';
import { type FlowEnd, hasFlag } from '../tcp/flow.js';
import { removeFlow } from '../tcp/flow-table.js';
import { sendResetTo } from '../tcp/send-reset.js';
import { resetFlow, sendAck } from '../tcp/transmission.js';
import { numberAddresses, openJoins } from './joins.js';

/** `capableOffered`: one of this flow's SYNs carried MP_CAPABLE. */
export const synAckArrived = (
  stack: Stack,
  attempt: Attempt,
  potential: Potential,
  segment: Tcp,
  capableOffered: boolean,
): void => {
  attempt.potentials.delete(potential.flow);
  const answer = capableOffered
    ? stack.decisions.client.judgeAnswer(segment, attempt.version, stack.parameters.mpc.checksum, stack.parameters)
    : undefined;
  if (attempt.elected === undefined) elect(stack, attempt, potential, answer, hasFlag(segment, TcpFlag.SYN));
  else takeLater(stack, attempt, potential, answer);
};

/** The first SYN/ACK elects its flow (ROBE-P1-C-04, DRAFT-SIM-C-02), plain or not (I-41). */
const elect = (
  stack: Stack,
  attempt: Attempt,
  potential: Potential,
  answer: CapableAnswer | undefined,
  isSynAck: boolean,
): void => {
  const { connection } = attempt;
  attempt.elected = { potential, answer };
  attempt.covered.add(potential.path);
  if (answer === undefined) {
    // RFC6824-3.1-18: TCP, and nothing else may become part of it (DERIVED-FB-01).
    dropPotentials(stack, attempt);
    carryPlain(stack, connection, potential.flow);
    establish(stack, connection);
    // A simultaneous open ends with an ACK, which is not acknowledged.
    if (isSynAck) sendAck(stack, potential.flow);
    attempt.election.elected?.(attempt);
    pump(stack, connection);
    return;
  }
  const session = openSession(stack, connection, {
    version: attempt.version,
    checksum: answer.checksum,
    localKey: potential.keyA,
    remoteKey: answer.keyB,
    noJoin: answer.noJoin,
    remoteRtt: answer.remoteRtt,
  });
  numberAddresses(stack, attempt, session, potential.path);
  const third = [capableThird(stack, session, potential, answer)];
  attach(stack, session, potential.flow, { by: 'capable', localId: 0, remoteId: 0, third });
  sendAck(stack, potential.flow, third);
  if (attempt.election.losers === 'drop') dropPotentials(stack, attempt);
  else if (stack.parameters.robe.keep_syn === 'no') silencePotentials(attempt);
  attempt.election.elected?.(attempt);
  pump(stack, connection);
  openJoins(stack, attempt);
};

/** The third segment's MP_CAPABLE: own key first, then the one received on this very flow (DERIVED-KEY-02). */
const capableThird = (stack: Stack, session: Session, potential: Potential, answer: CapableAnswer): TcpOption => ({
  option: 'mp_capable',
  version: session.version,
  flags: capableFlags(session.checksum),
  ...stack.decisions.client.echoKeys(potential.keyA, answer.keyB),
});

/** Both keys, sender's first (RFC6824-3.1-03). */
export const echoKeys = (keyA: bigint, keyB: bigint): { readonly key: bigint; readonly peerKey: bigint } => ({
  key: keyA,
  peerKey: keyB,
});

const takeLater = (stack: Stack, attempt: Attempt, potential: Potential, answer: CapableAnswer | undefined): void => {
  const { connection } = attempt;
  const { session } = connection;
  const { flow, path } = potential;
  const elsewhere = answer === undefined ? undefined : attempt.election.sessionElsewhere?.(attempt, answer);
  if (elsewhere !== undefined && answer !== undefined) {
    attachTo(stack, attempt, elsewhere, potential, answer);
    return;
  }
  const verdict = attempt.election.judgeLater(attempt, potential, answer);
  if (session !== undefined && answer !== undefined && connection.state === 'established') {
    if (verdict === 'attach') {
      attachTo(stack, attempt, session, potential, answer);
      return;
    }
    if (verdict === 'join-cap') {
      const localId = localAddressId(session, flow.local);
      const third = [stack.decisions.joinCap.option(stack, session, localId, answer)];
      attempt.covered.add(path);
      const awaiting = stack.decisions.client.joinCapAwaits(stack);
      const member = attach(stack, session, flow, { by: 'join-cap', localId, remoteId: 0, awaiting, third });
      sendThird(stack, session, member);
      pump(stack, connection);
      return;
    }
  }
  connection.pending.delete(flow);
  if (verdict === 'leave') removeFlow(stack, flow);
  else resetFlow(stack, flow);
  attempt.election.flowEnded?.(attempt);
  openJoins(stack, attempt);
};

/**
 * The flow becomes a member of a connection, of its own attempt or, if receiver keys are compared with all connections,
 * of another one.
 */
const attachTo = (
  stack: Stack,
  attempt: Attempt,
  session: Session,
  potential: Potential,
  answer: CapableAnswer,
): void => {
  const { flow, path } = potential;
  const third = [capableThird(stack, session, potential, answer)];
  const awaiting = stack.parameters.robe.extra_data === 'after-peer' ? 'ack' : 'nothing';
  attempt.covered.add(path);
  if (session.connection !== attempt.connection) attempt.connection.pending.delete(flow);
  const member = attach(stack, session, flow, { by: 'capable', localId: path, remoteId: undefined, awaiting, third });
  sendThird(stack, session, member);
  attempt.election.flowEnded?.(attempt);
  pump(stack, session.connection);
};

/** I-57, I-59: what a flow that joined by MP_JOIN_CAP waits for before it carries data. */
export const joinCapAwaits = (stack: Stack): 'nothing' | 'ack' | 'dss' => {
  const { mode, implicit_guard, pre_established } = stack.parameters.esim;
  if (mode === 'implicit' && implicit_guard === 'probe') return 'dss';
  return pre_established === 'wait-ack' ? 'ack' : 'nothing';
};

/**
 * The other flows are dropped. No segment is needed: their SYN/ACK finds no state and draws RST seq=SEG.ACK (I-40); with
 * `sim.rst: immediate` a reset is sent before it.
 */
export const dropPotentials = (stack: Stack, attempt: Attempt): void => {
  for (const { flow } of attempt.potentials.values()) {
    if (stack.parameters.sim.rst === 'immediate') {
      sendResetTo(stack, flow, { seq: seqAdd(flow.iss, 1), ack: 0, flags: TcpFlag.RST });
    }
    attempt.connection.pending.delete(flow);
    removeFlow(stack, flow);
  }
  attempt.potentials.clear();
};

/** I-16: no further SYNs on paths that have not answered; a late SYN/ACK still counts. */
const silencePotentials = (attempt: Attempt): void => {
  for (const { flow } of attempt.potentials.values()) flow.timer?.cancel();
};

/** A potential flow ended without SYN/ACK: refused, or given up. */
export const potentialEnded = (stack: Stack, attempt: Attempt, potential: Potential, how: FlowEnd): void => {
  if (!attempt.potentials.delete(potential.flow)) return;
  attempt.connection.pending.delete(potential.flow);
  if (how === 'refused' || how === 'reset') attempt.refusals += 1;
  // I-42: a refusal is no winner; only the last one fails the connect (DERIVED-RST-03).
  attempt.election.flowEnded?.(attempt);
  if (attempt.elected !== undefined) openJoins(stack, attempt);
  else if (attempt.potentials.size === 0) failAttempt(stack, attempt);
};

export const failAttempt = (stack: Stack, attempt: Attempt): void => {
  dropPotentials(stack, attempt);
  attempt.alarm?.cancel();
  failConnection(stack, attempt.connection, attempt.refusals > 0 ? 'refused' : 'timeout');
};
