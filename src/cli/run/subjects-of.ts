/** What `--iut` names, for commands: everything that is wrong with it is a UsageError. */
import { chooseIut, UnknownIut } from '../../iut/choose.js';
import type { Subject } from '../../iut/subject.js';
import { UsageError } from './run-request.js';

export const subjectsOf = (iut: string): readonly Subject[] => {
  try {
    return chooseIut(iut);
  } catch (cause) {
    if (cause instanceof UnknownIut) throw new UsageError(cause.lines);
    if (cause instanceof RangeError) throw new UsageError([`${iut}: ${cause.message}`]);
    throw cause;
  }
};
