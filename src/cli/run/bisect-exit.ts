/**
 * Exit codes as `git bisect run` reads them (git-bisect(1)): 0 good, 1 to 124 bad, 125 this revision cannot be tested, above 127 the
 * bisection ends. A kernel that does not boot, or a run without a verdict to rely on, says nothing about the revision.
 */
import { type ExitCode, exitCodes } from '../../gate/exit-code.js';

export const bisectExits = { good: 0, bad: 1, skip: 125, abort: 128 } as const;
export type BisectExit = (typeof bisectExits)[keyof typeof bisectExits];

export const bisectExitFor = (exit: ExitCode): BisectExit => {
  switch (exit) {
    case exitCodes.holds:
      return bisectExits.good;
    case exitCodes.red:
      return bisectExits.bad;
    case exitCodes.error:
    case exitCodes.inconclusive:
    case exitCodes.incomplete:
      return bisectExits.skip;
    // What is wrong with the command is wrong with every revision.
    case exitCodes.usage:
    case exitCodes.interrupted:
      return bisectExits.abort;
  }
};
