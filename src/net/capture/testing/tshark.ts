/** What tshark reads in a capture file, for tests that ask it something of their own. */
import { execFileSync } from 'node:child_process';
import { fieldArguments, type TsharkRow, tsharkRow } from '../cross-check/tshark.js';

/** A row a frame; `options` go to tshark's command line as they are. */
export const tsharkFields = <F extends string>(
  file: string,
  fields: readonly F[],
  options: readonly string[] = [],
): readonly TsharkRow<F>[] =>
  execFileSync('tshark', ['-r', file, ...options, ...fieldArguments(fields)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .split('\n')
    .slice(0, -1)
    .map((line) => tsharkRow(line, fields));
