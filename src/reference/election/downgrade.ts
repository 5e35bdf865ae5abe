/**
 * Proposal 1, downgrading (paper 2.1): the same Key-A on all paths at once; the first SYN/ACK elects, every later one with the
 * same Key-B is confirmed with both keys and becomes a subsequent subflow.
 */
import type { CapableAnswer } from '../mptcp/capable.js';
import type { Session } from '../mptcp/connection.js';
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

/** Paper 2.1: "compared against all ESTABLISHED keys in use" (ROBE-P1-C-18), where that is declared (I-17). */
const sessionElsewhere = (stack: Stack, attempt: Attempt, answer: CapableAnswer): Session | undefined =>
  stack.parameters.p1.client_match === 'global'
    ? [...stack.connections.values()]
        .filter(({ role, state }) => role === 'client' && state === 'established')
        .flatMap(({ session }) => session ?? [])
        .find((session) => session !== attempt.connection.session && sameReceiverKey(session, answer))
    : undefined;

export const downgrade = (stack: Stack): Election => ({
  start: (attempt) => attempt.paths,
  keys: 'shared',
  repeats: 'flow',
  losers: 'keep',
  sessionElsewhere: (attempt, answer) => sessionElsewhere(stack, attempt, answer),
  judgeLater: (attempt, _potential, answer) => judgeSameKey(stack, attempt, answer),
});
