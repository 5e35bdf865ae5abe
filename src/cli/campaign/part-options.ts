/** The options of a campaign that several machines share. */
import type { Argv } from 'yargs';
import { type ShardArguments, withShard } from '../gate/shard-options.js';
import { refuseRepeated } from '../once.js';

export interface PartArguments extends ShardArguments {
  readonly out?: string | undefined;
}

export const withPart = <T>(yargs: Argv<T>): Argv<T & PartArguments> =>
  withShard(yargs)
    .option('out', {
      type: 'string',
      requiresArg: true,
      describe:
        'Directory for the part, which the same command goes on with after a kill; or for report.txt and report.json',
    })
    .check(refuseRepeated('out'));
