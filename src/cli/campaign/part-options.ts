/** The options of a campaign that may run in parts on several machines. */
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
        'Directory for the part, which the same command continues after a kill; or for report.txt and report.json',
    })
    .check(refuseRepeated('out'));
