/** The subjects of `--iut`, for commands: every problem is a UsageError. */
import { chooseIut, readDeclaration, UnknownIut } from '../iut/choose.js';
import type { IutFile } from '../iut/iut-file.js';
import type { Subject } from '../iut/subject.js';
import { mockOf } from './recorded-subject.js';
import { UsageError } from './usage-error.js';

export const subjectsOf = (iut: string): readonly Subject[] => {
  const mock = mockOf(iut);
  return mock === undefined ? orUsageError(iut, () => chooseIut(iut)) : [mock];
};

/** An IUT file by its name. */
export const loadIutFile = (name: string): IutFile => orUsageError(name, () => readDeclaration(name));

const orUsageError = <T>(iut: string, find: () => T): T => {
  try {
    return find();
  } catch (cause) {
    if (cause instanceof UnknownIut) throw new UsageError(cause.lines);
    if (cause instanceof RangeError) throw new UsageError([`${iut}: ${cause.message}`]);
    throw cause;
  }
};
