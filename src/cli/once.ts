/** Options that may be given once: a second one would silently override or be ignored, so it is an error. */
import { UsageError } from '../conduct/usage-error.js';

/** For yargs' `check`: throws a UsageError if one of these options was given more than once. */
export const refuseRepeated =
  <T extends object>(...names: readonly (keyof T & string)[]) =>
  (given: T): true => {
    for (const name of names) {
      if (Array.isArray(given[name])) throw new UsageError([`--${name} was given more than once`]);
    }
    return true;
  };
