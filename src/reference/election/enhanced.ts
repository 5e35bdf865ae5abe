/**
 * RobE_eSIM (draft): as RobE_SIM up to the election; then every other flow whose SYN/ACK comes joins with MP_JOIN_CAP on its
 * third segment. In explicit mode only after ROBE_eSIM_EN came back; in implicit mode without asking.
 */
import { joinCapMac } from '../../protocol/keys/join-cap-mac.js';
import type { MpJoinCap } from '../../protocol/mptcp/option.js';
import { joinCapLayout } from '../listener/join-cap.js';
import type { CapableAnswer } from '../mptcp/capable.js';
import type { Session } from '../mptcp/connection.js';
import type { Stack } from '../stack.js';
import type { Attempt, Election, LaterVerdict, Potential } from './election.js';

export const enhanced = (stack: Stack): Election => ({
  start: (attempt) => attempt.paths,
  keys: 'fresh',
  repeats: 'flow',
  losers: 'keep',
  judgeLater: (attempt, potential, answer) => stack.decisions.client.judgeEnhanced(stack, attempt, potential, answer),
});

/** Whether a later SYN/ACK joins: MPTCP, negotiated as the initial flow was, allowed, and confirmed where that is asked. */
export const judgeEnhanced = (
  stack: Stack,
  attempt: Attempt,
  _potential: Potential,
  answer: CapableAnswer | undefined,
): LaterVerdict => {
  const { session } = attempt.connection;
  const initial = attempt.elected?.answer;
  const { esim } = stack.parameters;
  // DRAFT-eSIM-C-11, DRAFT-eSIM-C-15: nothing can be joined to TCP, nor without Key-B'.
  if (session === undefined || initial === undefined || answer === undefined) return 'reset';
  // DRAFT-eSIM-C-19, I-63.
  if (answer.checksum !== session.checksum) return 'reset';
  // DRAFT-eSIM-C-20, I-66.
  if (session.noJoin && esim.c_flag === 'rst') return 'reset';
  if (esim.mode === 'implicit') return 'join-cap';
  // DRAFT-eSIM-C-13, I-60: confirmed on this path and on the initial one.
  const confirmed = initial.esim && (esim.en_scope === 'initial-only' || answer.esim);
  return confirmed ? 'join-cap' : 'reset';
};

/**
 * MP_JOIN_CAP of a joining flow (draft 4.4): Key-A of the elected initial flow (DRAFT-eSIM-C-05, I-56), MAC over Key-A, Key-B and
 * this flow's Key-B' (DRAFT-eSIM-C-06), low bits replaced by the fast hash of Key-B (DRAFT-eSIM-C-07).
 */
export const joinCapOption = (stack: Stack, session: Session, addressId: number, answer: CapableAnswer): MpJoinCap => ({
  option: 'mp_join_cap',
  reserved: 0,
  addressId,
  key: session.localKey,
  mac: joinCapMac({
    version: session.version,
    keyA: session.localKey,
    keyB: session.remoteKey,
    keyB2: answer.keyB,
    layout: joinCapLayout(stack.parameters),
  }),
});
