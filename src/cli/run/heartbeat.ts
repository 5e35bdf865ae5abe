/**
 * Long work in a pipe says every few seconds how far it is, on standard error, so that nobody takes it for dead. Nothing comes
 * before the first few seconds are over: a short run is told by its report alone.
 */
import type { Progress } from '../../report/console.js';

/** Milliseconds. */
const beat = 5000;

export const showHeartbeat = (
  stream: NodeJS.WritableStream,
  total: number,
  now: () => number = () => performance.now(),
): Progress => {
  let last = now();
  let judged = 0;
  let red = 0;
  const tell = (): void => {
    if (now() - last < beat) return;
    last = now();
    stream.write(`robe: ${judged}/${total} cases, ${red} red\n`);
  };
  // Where nothing is judged for long, a timer speaks; where the work leaves no room for timers, each case does.
  const timer = setInterval(tell, beat);
  timer.unref();
  return {
    advance: (count, reds) => {
      judged = count;
      red = reds;
      tell();
    },
    end: () => clearInterval(timer),
  };
};
