/**
 * The mean time from connect to accept as a formula, for the schemes that have one: those that use the lossy default path
 * first and one after the other. p is the probability of loss towards the server; n lost SYNs in a row cost
 * 1 + 2 + .. = 2^n - 1 seconds, and so do n lost third segments, which the server repairs by repeating its SYN/ACK.
 *
 *     classic   1.5 RTT + E[2^j - 1 | j < 8] + E[2^k - 1 | k < 6]       j lost SYNs, k lost third segments, geometric
 *     timer     passed: 1.5 RTT_1 + E[2^k - 1 | k < 6]      lost: timer + 1.5 RTT_2
 *
 * The client sends a SYN up to 8 times (RFC 9293 section 3.8.3 asks for three minutes, and plain SYNs from the fourth on count
 * like the others); the server sends a SYN/ACK up to 6 times. What exceeds that is never accepted, and not in the mean. All of this
 * holds while an answer comes before the timer that waits for it.
 */
import { withParameters } from '../../reference/parameters.js';
import type { PairEnd } from '../pair.js';
import type { LossyPart } from './lossy-part.js';
import { type Mean, togetherFactor } from './statistics.js';

export interface Expected {
  /** Milliseconds, over accepted connections; absent where none is. */
  readonly mean?: number;
  /** Share of connections that are accepted. */
  readonly share: number;
}

const mostSyns = 8;
const mostSynAcks = 6;
const millisecondsPerSecond = 1000;
/** Milliseconds after which a SYN is sent again, and a SYN/ACK. */
const firstTimeout = 1000;

/** Seconds that n losses of a segment cost whose first timeout is 1 s and doubles. */
const backoff = (losses: number): number => 2 ** losses - 1;

/** Tries until one passes, of at most `most`: the mean cost in seconds of those that pass, and how likely one does. */
const untilPassed = (loss: number, most: number): { readonly seconds: number; readonly share: number } => {
  let sum = 0;
  let share = 0;
  for (let losses = 0; losses < most; losses += 1) {
    const probability = loss ** losses * (1 - loss);
    sum += probability * backoff(losses);
    share += probability;
  }
  return { seconds: share === 0 ? 0 : sum / share, share };
};

interface Circumstances {
  readonly loss: number;
  readonly rtts: readonly number[];
  readonly lossy: LossyPart;
}

/** Undefined for schemes, parameters and losses that the formulas do not cover. */
export const expectationFor = (client: PairEnd, { loss, rtts, lossy }: Circumstances): Expected | undefined => {
  const [first = 0, second] = rtts;
  if (lossy === 'both' || client.mutant !== undefined || first >= firstTimeout) return undefined;
  const third = untilPassed(lossy === 'syns' ? 0 : loss, mostSynAcks);
  const direct = 1.5 * first + third.seconds * millisecondsPerSecond;
  const syn = untilPassed(loss, mostSyns);
  switch (client.profile) {
    case 'mptcp':
    case 'tcp': {
      const share = syn.share * third.share;
      return share === 0 ? { share } : { mean: direct + syn.seconds * millisecondsPerSecond, share };
    }
    case 'robe-timer': {
      if (second === undefined) return undefined;
      const timer = withParameters(client.parameters).timer.value_s * millisecondsPerSecond;
      if (first >= timer) return undefined;
      const passed = (1 - loss) * third.share;
      const share = passed + loss;
      return { mean: (passed * direct + loss * (timer + 1.5 * second)) / share, share };
    }
    case 'robe-downgrade':
    case 'robe-bbm':
    case 'robe-sim':
    case 'robe-esim':
    case 'robe-ips':
      return undefined;
  }
};

export interface Agreement {
  /** Points that have a mean with an interval and a closed form. */
  readonly points: number;
  /** Of them those whose 95 % interval holds the closed form; one in twenty does not, on average. */
  readonly within: number;
  /** Of them those whose interval does that is made for all points together to hold theirs with 95 %. */
  readonly withinTogether: number;
}

/** Rounding of sums. */
const epsilon = 1e-6;

/** How many means agree with their closed form. */
export const agreementOf = (points: readonly { readonly time?: Mean; readonly expected?: Expected }[]): Agreement => {
  const distances = points.flatMap(({ time, expected }) => {
    if (time === undefined || !Number.isFinite(time.half) || expected?.mean === undefined) return [];
    return [{ distance: Math.abs(time.mean - expected.mean), half: time.half }];
  });
  const wider = togetherFactor(distances.length);
  const within = (factor: number) =>
    distances.filter(({ distance, half }) => distance <= half * factor + epsilon).length;
  return { points: distances.length, within: within(1), withinTogether: within(wider) };
};
