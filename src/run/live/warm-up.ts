/**
 * Warming up: the first cases of a live run would be driven by code that was never run, ten times slower than it will
 * be and compiled while answers wait. So cases of the very run are first simulated against the embedded references, at
 * most for three quarters of a second; what comes of them is not looked at. Nothing of it is kept, and nothing is sent.
 */
import type { SimulatedSubject } from '../../iut/subject.js';
import type { Clock, Time } from '../../net/clock/clock.js';
import { applies } from '../../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { simulateCase } from '../simulate.js';

const longest: Time = 750_000_000n;
/** Enough for the compiler; taken from all over the run, as cases of one topic go the same ways. */
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
