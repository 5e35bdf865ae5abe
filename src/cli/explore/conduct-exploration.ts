/** An exploration as a person sees it: with progress, and stoppable by Ctrl-C between two portions of work. */
import { setImmediate } from 'node:timers/promises';
import { Presets, SingleBar } from 'cli-progress';
import type { Exploration } from '../../explore/exploration.js';
import type { Terminal } from '../../report/console.js';
import { onInterrupt } from '../signals.js';

/** States looked at between two looks at the world outside. */
const portion = 500;

export type Ending = 'finished' | 'interrupted' | 'enough';

/** Explores until nothing is left, somebody interrupts, or more than `most` states were looked at. */
export const conductExploration = async (
  exploration: Exploration,
  most: number,
  terminal: Terminal,
): Promise<Ending> => {
  const bar = drawProgress(exploration, terminal);
  let interrupted = false;
  const release = onInterrupt(() => {
    interrupted = true;
  });
  try {
    while (exploration.advance(portion)) {
      bar?.draw();
      await setImmediate();
      if (interrupted) return 'interrupted';
      if (exploration.states >= most) return 'enough';
    }
    return 'finished';
  } finally {
    release();
    bar?.end();
  }
};

const drawProgress = (exploration: Exploration, { stream, interactive }: Terminal) => {
  if (!interactive) return undefined;
  const { random } = exploration.request;
  const format =
    random === undefined
      ? '{states} states, {depth} moves deep, {ahead} ahead, {violated} violations, {duration_formatted}'
      : '{bar} {value}/{total} schedules, {violated} violations';
  const bar = new SingleBar(
    { stream, format, barsize: 30, hideCursor: true, clearOnComplete: true, fps: 10 },
    Presets.shades_classic,
  );
  bar.start(random ?? 1, 0, { states: 0, depth: 0, ahead: 0, violated: 0 });
  return {
    draw: () => {
      const { progress, states, violated } = exploration;
      if ('walks' in progress) bar.update(progress.walks, { violated });
      else bar.update(0, { ...progress, states, violated });
    },
    end: () => bar.stop(),
  };
};
