/**
 * Proposal 2, break before make (paper 2.2): SYNs as in proposal 1; the client confirms every SYN/ACK, treats every flow as
 * possibly initial and sends everything on all of them until the server's resets have left one. Joins go out on all paths
 * meanwhile; the one that parallels the initial subflow is taken down later.
 */
import { flowsOf, type Member } from '../mptcp/connection.js';
import { resetMember } from '../mptcp/fallback.js';
import { seconds } from '../seconds.js';
import type { Stack } from '../stack.js';
import { sendFin } from '../tcp/transmission.js';
import { judgeSameKey } from './downgrade.js';
import type { Attempt, Election } from './election.js';

export const breakBeforeMake = (stack: Stack): Election => ({
  start: (attempt) => attempt.paths,
  keys: 'shared',
  repeats: 'flow',
  losers: 'keep',
  judgeLater: (attempt, _potential, answer) => {
    const verdict = judgeSameKey(stack, attempt, answer);
    // ROBE-INT-02: a server with a key for each SYN is a classic one; nothing is redundant towards it.
    if (verdict !== 'attach') attempt.joinsEverywhere = false;
    return verdict;
  },
  elected: (attempt) => {
    attempt.connection.redundant = attempt.potentials.size > 0;
    attempt.joinsEverywhere = attempt.connection.redundant;
    // I-23: the stop rule for peers that never reset, three timeouts after the election.
    attempt.alarm = stack.alarms.at(
      stack.now + 3n * seconds(stack.parameters.tcp.initial_rto_s),
      ['end of redundancy', attempt],
      () => endRedundancy(stack, attempt),
    );
  },
  flowEnded: (attempt) => {
    if (stack.parameters.p2.dup_until === 'rst' && stack.decisions.client.isInitialKnown(attempt)) {
      endRedundancy(stack, attempt);
    }
  },
  memberAdded: (attempt, member) => {
    const { redundant, session } = attempt.connection;
    if (!redundant && member.by === 'join') removeParallelLater(stack, attempt);
    // ROBE-P2-C-05: what is under way on the earlier flows goes on this one as well.
    if (redundant && member.by === 'capable' && session !== undefined) {
      session.reinjections.push(...session.chunks.filter((chunk) => !session.reinjections.includes(chunk)));
    }
  },
});

/** Resets have left one flow (ROBE-P2-C-06): nothing is pending and one MP_CAPABLE member is there. */
export const isInitialKnown = (attempt: Attempt): boolean => {
  const members = attempt.connection.session?.members ?? [];
  return attempt.potentials.size === 0 && members.filter(({ by }) => by === 'capable').length === 1;
};

const endRedundancy = (stack: Stack, attempt: Attempt): void => {
  if (!attempt.connection.redundant) return;
  attempt.connection.redundant = false;
  attempt.alarm?.cancel();
  removeParallelLater(stack, attempt);
};

/** ROBE-P2-C-07: within the declared time one subflow is left on each address pair. */
const removeParallelLater = (stack: Stack, attempt: Attempt): void => {
  stack.alarms.at(stack.now + seconds(stack.parameters.p2.redundant_close_s), ['parallel join', attempt], () =>
    removeParallel(stack, attempt),
  );
};

const removeParallel = (stack: Stack, attempt: Attempt): void => {
  const { session } = attempt.connection;
  if (session === undefined) return;
  const initials = session.members.filter(({ by }) => by === 'capable').map(({ flow }) => flow);
  const parallel = ({ by, flow }: Member) =>
    by === 'join' && initials.some(({ path, remote }) => path === flow.path && remote === flow.remote);
  for (const member of session.members.filter(parallel)) {
    if (flowsOf(attempt.connection).length < 2) return;
    if (stack.parameters.p2.redundant_close === 'fin') sendFin(stack, member.flow);
    else resetMember(stack, session, member, []);
  }
};
