/** How far reading has come, drawn over on a terminal; nothing where nothing can be drawn over. */
import type { Terminal } from '../../report/console.js';

export interface FrameProgress {
  read(frames: number): void;
  end(): void;
}

/** The length of a packed file says nothing about its frames, so there is a count and no share of a whole. */
export const showFrameProgress = async ({ stream, interactive }: Terminal): Promise<FrameProgress> => {
  if (!interactive) return { read: () => {}, end: () => {} };
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    stream,
    format: '{value} frames read, {duration} s',
    hideCursor: true,
    clearOnComplete: true,
    fps: 5,
  });
  bar.start(Number.MAX_SAFE_INTEGER, 0);
  return { read: (frames) => bar.update(frames), end: () => bar.stop() };
};
