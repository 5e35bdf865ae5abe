/**
 * Proposal 3 and RobE_TIMER (paper 2.3, draft RobE_TIMER): one SYN on the default path; when the timer expires the next one
 * goes out on another path, every path before any path twice; the first SYN/ACK wins and the other flows are reset.
 */
import { seconds } from '../seconds.js';
import type { Stack } from '../stack.js';
import { removeFlow } from '../tcp/flow-table.js';
import { repeatSyn } from '../tcp/transmission.js';
import type { Attempt, Election } from './election.js';

/** An attempt ends this long after its first SYN: the three minutes of RFC 9293 section 3.8.3. */
const patience = 180_000_000_000n;

/** The election needs the attempt to open flows and to fail; the attempt hands both in. */
interface TimerActions {
  openPotential(stack: Stack, attempt: Attempt, path: number): void;
  failAttempt(stack: Stack, attempt: Attempt): void;
}

export const timerElection = (stack: Stack, actions: TimerActions): Election => ({
  start: (attempt) => attempt.paths.slice(0, 1),
  keys: 'fresh',
  repeats: 'election',
  losers: 'drop',
  // I-34: the first SYN/ACK won.
  judgeLater: () => 'reset',
  begun: (attempt) => arm(stack, attempt, actions, stack.now + patience),
  elected: (attempt) => attempt.alarm?.cancel(),
  flowEnded: (attempt) => {
    if (attempt.elected !== undefined || attempt.potentials.size > 0) return;
    // I-42: a refusal is no answer; the next path is tried at once, but no path twice.
    const untried = attempt.paths[attempt.syns];
    if (untried === undefined) return;
    actions.openPotential(stack, attempt, untried);
    arm(stack, attempt, actions, stack.now + patience);
  },
});

const arm = (stack: Stack, attempt: Attempt, actions: TimerActions, end: bigint): void => {
  attempt.alarm?.cancel();
  const wait = stack.decisions.client.timerWait(stack, attempt);
  attempt.alarm = stack.alarms.at(stack.now + wait, ['next path', attempt, end], () =>
    expire(stack, attempt, actions, end),
  );
};

const expire = (stack: Stack, attempt: Attempt, actions: TimerActions, end: bigint): void => {
  if (attempt.elected !== undefined) return;
  if (stack.now >= end) {
    actions.failAttempt(stack, attempt);
    return;
  }
  const path = stack.decisions.client.nextPath(attempt);
  if (stack.parameters.timer.late_synack === 'ignore-old') forgetFlows(stack, attempt);
  const earlier = [...attempt.potentials.values()].find((potential) => potential.path === path);
  if (earlier === undefined) actions.openPotential(stack, attempt, path);
  else {
    attempt.syns += 1;
    repeatSyn(stack, earlier.flow);
  }
  arm(stack, attempt, actions, end);
};

/** I-34, where it is declared so: the path is left for good, and an answer of its flow meets no state. */
const forgetFlows = (stack: Stack, attempt: Attempt): void => {
  for (const { flow } of attempt.potentials.values()) {
    attempt.connection.pending.delete(flow);
    removeFlow(stack, flow);
  }
  attempt.potentials.clear();
};

/** Round robin (I-33): the path after the one tried last. */
export const nextPath = (attempt: Attempt): number =>
  attempt.paths[attempt.syns % attempt.paths.length] ?? attempt.paths[0] ?? 0;

/** I-31, I-35: the timer is fresh on each path and doubles when a path is tried again, or with every try if so declared. */
export const timerWait = (stack: Stack, attempt: Attempt): bigint => {
  const { value_s, backoff } = stack.parameters.timer;
  const tries = Math.max(attempt.syns - 1, 0);
  const doublings = backoff === 'exp' ? tries : Math.floor(tries / attempt.paths.length);
  return seconds(value_s) << BigInt(Math.min(doublings, 6));
};
