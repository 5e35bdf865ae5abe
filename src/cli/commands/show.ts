/** `robe show CASE|EVIDENCE`: draws in the terminal what happened in a case, with the wrong field marked. */
import type { CommandModule } from 'yargs';
import { UsageError } from '../../conduct/usage-error.js';
import { EvidenceError, withEvidence } from '../../report/read-evidence.js';
import { drawCase } from '../../report/terminal-ladder.js';
import { refuseRepeated } from '../once.js';
import { pageCatalogue } from '../report/page-input.js';
import { findEvidence } from '../show/find-evidence.js';
import { describeTerminal } from '../terminal.js';

interface ShowArguments {
  readonly evidence: string;
  readonly from?: string | undefined;
  readonly width?: number | undefined;
}

const narrowest = 30;
/** The width if there is no terminal. */
const usualWidth = 120;

export const command: CommandModule<object, ShowArguments> = {
  builder: (yargs) =>
    yargs
      .positional('evidence', {
        type: 'string',
        demandOption: true,
        describe: 'Id of a case of the latest run, or a directory below evidence/',
      })
      .option('from', { type: 'string', requiresArg: true, describe: 'Directory of the run; default: reports/latest' })
      .option('width', { type: 'number', requiresArg: true, describe: 'Characters in a line; default: the terminal' })
      .check(refuseRepeated('from', 'width'))
      .check(({ width }) => {
        if (width !== undefined && !(Number.isInteger(width) && width >= narrowest))
          throw new UsageError([`--width must be a whole number from ${narrowest}, got ${width}`]);
        return true;
      })
      .example('$0 show reports/mine/evidence/tcp.server.connection.ip4', 'The ladder of kept evidence')
      .example('$0 show tcp.server.connection --from reports/mine', 'The same by the id of the case'),
  handler: ({ evidence, from, width }) => {
    const { colours, columns } = describeTerminal(process.stdout, process.env);
    try {
      const register = pageCatalogue([], process.cwd())?.requirements;
      const wide = width ?? (process.stdout.isTTY === true ? columns : usualWidth);
      const lines = withEvidence(findEvidence(evidence, from), ({ plan, trace, result }) =>
        drawCase({ plan, trace, result, register }, { colours, columns: wide }),
      );
      process.stdout.write(`${lines.join('\n')}\n`);
    } catch (cause) {
      if (cause instanceof EvidenceError) throw new UsageError([cause.message]);
      throw cause;
    }
  },
};
