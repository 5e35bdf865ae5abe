/** A run as a person sees it: introduced, with progress, stoppable by Ctrl-C, and concluded. */
import { conclude, introduce, type Progress, showProgress } from '../../report/console.js';
import { describeTerminal } from '../terminal.js';
import { type ConductedRun, conductRun, type Interruption } from './conduct-run.js';
import type { RunRequest } from './run-request.js';

export interface Presentation {
  /** Results as JSON on standard output; what is for people goes to standard error. */
  readonly json: boolean;
}

export const performRun = async (request: RunRequest, { json }: Presentation): Promise<ConductedRun> => {
  const stream = json ? process.stderr : process.stdout;
  const terminal = describeTerminal(stream, process.env);
  let progress: Progress | undefined;
  const { interruption, release } = catchInterrupts();
  try {
    const conducted = await conductRun(
      request,
      process.cwd(),
      {
        begins: (subjects, total) => {
          for (const { record, cases } of subjects) stream.write(`${introduce(record, cases)}\n`);
          stream.write(`seed ${request.seed}; ${total} cases; results in ${request.out}\n`);
          progress = showProgress(terminal, total);
        },
        judged: (count, red) => progress?.advance(count, red),
        ends: () => progress?.end(),
      },
      interruption,
    );
    stream.write(`${conclude(conducted.results, conducted.directory, terminal.colours)}\n`);
    if (conducted.unwritten !== undefined) process.stderr.write(`robe: ${conducted.unwritten}\n`);
    if (json) process.stdout.write(`${JSON.stringify(conducted.results, null, 2)}\n`);
    return conducted;
  } finally {
    release();
  }
};

/** The first signal stops the run in an orderly way; a second one of the same kind ends the program as usual. */
const catchInterrupts = (): { readonly interruption: Interruption; release(): void } => {
  let interrupted = false;
  let stop: () => void = () => {};
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const caught = (): void => {
    interrupted = true;
    release();
    stop();
  };
  const release = (): void => {
    for (const signal of signals) process.removeListener(signal, caught);
  };
  for (const signal of signals) process.on(signal, caught);
  return {
    interruption: {
      interrupted: () => interrupted,
      onInterrupt: (stopIt) => {
        stop = stopIt;
        if (interrupted) stop();
      },
    },
    release,
  };
};
