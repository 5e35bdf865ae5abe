/**
 * The command line. Every command sets the exit code of its outcome; this is the only place that exits. An error that a
 * user can cause ends in one message; any other error ends in a stack and exit code 3.
 */
import { hideBin } from 'yargs/helpers';
import { failureOf, tellFailure } from '../conduct/failure.js';
import { UsageError } from '../conduct/usage-error.js';
import { type ExitCode, exitCodes, gravest } from '../gate/exit-code.js';
import { printable } from '../protocol/bytes/printable.js';
import { commandLine } from './command-line.js';
import { adviseAs, ownCommand } from './own-command.js';
import { asksForLab, runInUserNamespace } from './user-namespace.js';

const complain = (lines: readonly string[]): void => {
  for (const line of lines) process.stderr.write(`robe: ${line}\n`);
};

/**
 * The message of a failed system call names the call, and an error with a remedy names the remedy; both without a stack.
 * Any other error is a defect.
 */
const tellFault = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  const failure = failureOf(cause);
  if (failure.remedy !== undefined)
    return adviseAs(ownCommand(process.argv[1] ?? '', process.cwd()), tellFailure(failure));
  return 'syscall' in cause ? cause.message : (cause.stack ?? cause.message);
};

/** Why writing to standard output failed. */
let unwritten: string | undefined;

// The reader of the output may stop early, as head does, or close the terminal: the run, its results and its exit code do
// not depend on that. Any other failure to write the output, to a full disk for instance, is an error at the end.
const readerLeft = new Set(['EPIPE', 'EIO']);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (!readerLeft.has(error.code ?? '')) unwritten ??= error.message;
});
process.stderr.on('error', () => {});

const program = (await commandLine(hideBin(process.argv)))
  .wrap(Math.min(120, process.stdout.columns ?? 100))
  .middleware(async (given) => {
    const ended = asksForLab(given) ? await runInUserNamespace() : undefined;
    if (ended !== undefined) process.exit(ended);
  });

try {
  await program.parseAsync();
  process.exitCode ??= exitCodes.holds;
} catch (cause) {
  if (cause instanceof UsageError) {
    // A rejected file is quoted, and a terminal would execute its control sequences.
    complain(
      cause.lines.map((line) =>
        line
          .split('\n')
          .map((part) => printable(part))
          .join('\n'),
      ),
    );
    process.exitCode = exitCodes.usage;
  } else {
    complain([tellFault(cause)]);
    process.exitCode = exitCodes.error;
  }
}
// Sockets and captures that were left open must not keep a finished program alive; output must be flushed before.
await new Promise<void>((resolve) => process.stdout.write('', () => setImmediate(resolve)));
if (unwritten !== undefined) {
  complain([`standard output could not be written: ${unwritten}`]);
  process.exitCode = gravest([Number(process.exitCode) as ExitCode, exitCodes.error]);
}
process.exit();
