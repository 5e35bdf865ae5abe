/**
 * Warm-up: at the beginning of a live run the code is not compiled yet, ten times slower than later, and would be
 * compiled while answers wait. So cases of this run are first simulated against the embedded references, for at most
 * three quarters of a second; their results are discarded. No state is kept, and nothing is sent.
 */
import type { SimulatedSubject } from '../../iut/subject.js';
import type { Clock, Time } from '../../net/clock/clock.js';
import { applies } from '../../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { simulateCase } from '../simulate.js';

const longest: Time = 750_000_000n;
/** Enough for the compiler; taken from the whole run, as cases of one topic use the same code. */
const mostCases = 600;

export const warmUp = (
  cases: readonly ExpandedCase[],
  subjects: readonly SimulatedSubject[],
  clock: Clock,
  seed: string,
): void => {
  const until = clock.now() + longest;
  const stride = Math.max(1, Math.floor(cases.length / mostCases));
  for (let index = 0; index < cases.length && clock.now() < until; index += stride) {
    const each = cases[index];
    const subject = subjects.find(({ claims }) => each !== undefined && applies(each, claims).applies);
    if (each !== undefined && subject !== undefined) simulateCase(subject, each, seed);
  }
};
