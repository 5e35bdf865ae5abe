/**
 * Proposal 1, downgrading (paper 2.1): the same Key-A on all paths at once; the first SYN/ACK elects, every later one with the
 * same Key-B is confirmed with both keys and becomes a subsequent subflow.
 */
import type { CapableAnswer } from '../mptcp/capable.js';
import type { Stack } from '../stack.js';
import type { Attempt, Election, LaterVerdict } from './election.js';

/**
 * A later SYN/ACK (ROBE-P1-C-06, -C-07): attached when its receiver key is that of this attempt (I-17: not of any other
 * connection) and it was negotiated alike; a plain one cannot be attached (I-12).
 */
export const judgeSameKey = (stack: Stack, attempt: Attempt, answer: CapableAnswer | undefined): LaterVerdict => {
  const { session } = attempt.connection;
  if (session === undefined || answer === undefined) return 'reset';
  if (stack.decisions.client.sameReceiverKey(session, answer)) return 'attach';
  return stack.parameters.robe.superfluous === 'rst' ? 'reset' : 'leave';
};

/** Whether a SYN/ACK belongs to the connection: same Key-B, same agreement on checksums. */
export const sameReceiverKey = (
  session: { readonly remoteKey: bigint; readonly checksum: boolean },
  answer: CapableAnswer,
): boolean => answer.keyB === session.remoteKey && answer.checksum === session.checksum;

export const downgrade = (stack: Stack): Election => ({
  start: (attempt) => attempt.paths,
  keys: 'shared',
  repeats: 'flow',
  losers: 'keep',
  judgeLater: (attempt, _potential, answer) => judgeSameKey(stack, attempt, answer),
});
