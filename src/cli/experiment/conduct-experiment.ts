/** An experiment as a person sees it: with progress, and stoppable by Ctrl-C between two steps. */
import { setImmediate } from 'node:timers/promises';
import { Presets, SingleBar } from 'cli-progress';
import type { Terminal } from '../../report/console.js';
import { onInterrupt } from '../signals.js';

/** Something that tells how many steps it has done, and at last its report. */
export type Experiment<Report> = Generator<number, Report> | AsyncGenerator<number, Report>;

export interface Steps {
  readonly total: number;
  /** What a step is, in the plural. */
  readonly name: string;
}

/** The report, or nothing when somebody interrupted; what the experiment holds is given back then, too. */
export const conductExperiment = async <Report>(
  begin: (stop: AbortSignal) => Experiment<Report>,
  { total, name }: Steps,
  { stream, interactive }: Terminal,
): Promise<Report | undefined> => {
  const bar = interactive
    ? new SingleBar(
        {
          stream,
          format: `{bar} {value}/{total} ${name}, {duration_formatted}`,
          barsize: 30,
          hideCursor: true,
          clearOnComplete: true,
          fps: 10,
        },
        Presets.shades_classic,
      )
    : undefined;
  const stop = new AbortController();
  const experiment = begin(stop.signal);
  let release = (): void => {};
  const interrupted = new Promise<'interrupted'>((resolve) => {
    release = onInterrupt(() => resolve('interrupted'));
  });
  bar?.start(total, 0);
  try {
    for (;;) {
      await setImmediate();
      const next = experiment.next();
      const step = await Promise.race([interrupted, next]);
      if (step === 'interrupted') {
        stop.abort();
        // What it was about may fail now; what it holds it gives back.
        await Promise.resolve(next).catch(() => {});
        await endEarly(experiment);
        return undefined;
      }
      if (step.done === true) return step.value;
      bar?.update(step.value);
    }
  } finally {
    release();
    bar?.stop();
  }
};

/** Lets an experiment that stands between two steps give back what it holds. */
const endEarly = async (experiment: Experiment<unknown>): Promise<void> => {
  const interruption = new Error('interrupted');
  try {
    await experiment.throw(interruption);
  } catch (cause) {
    if (cause !== interruption) throw cause;
  }
};
