/** Writes a file that the user named; one that cannot be written is the user's to mend. */
import { writeFileSync } from 'node:fs';
import { reason } from '../../conduct/failure.js';
import { UsageError } from '../../conduct/usage-error.js';

export const writeNamedFile = (file: string, content: string | Uint8Array): void => {
  try {
    writeFileSync(file, content);
  } catch (cause) {
    throw new UsageError([`${file} cannot be written: ${reason(cause)}`]);
  }
};
