/** Writes a file that the user named; one that cannot be written is the user's to mend. */
import { writeFileSync } from 'node:fs';
import { reason } from '../../conduct/failure.js';
import { UsageError } from '../../conduct/usage-error.js';

export const writeNamedFile = (file: string, text: string): void => {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new UsageError([`${file} cannot be written: ${reason(cause)}`]);
  }
};
