/**
 * Capture files through an inspector. Files that were captured side by side, one a path, are merged by time, so that a join
 * on one path finds its connection on the other.
 */
import type { CapturedFrame, ReportProblem } from '../net/capture/captured-frame.js';
import { type CaptureOrigin, readCapture, readFrameBatches } from '../net/capture/read-capture.js';
import type { Inspector } from './inspector.js';

/** Frames between two calls of `progress`. */
const stride = 65536;

export interface InspectRequest {
  readonly origins: readonly CaptureOrigin[];
  readonly inspector: Inspector;
  /** Takes what is wrong inside a file, and which one it is. */
  readonly report: (file: number, problem: Parameters<ReportProblem>[0]) => void;
  /** Called now and then with the number of frames so far. */
  readonly progress?: (frames: number) => void;
}

/** Judges all frames. Rejects with the error of the file system when a file cannot be read. */
export async function inspectCaptures({ origins, inspector, report, progress }: InspectRequest): Promise<void> {
  let frames = 0;
  const count = (more: number): void => {
    const before = Math.floor(frames / stride);
    frames += more;
    if (Math.floor(frames / stride) > before) progress?.(frames);
  };
  const [only, ...others] = origins;
  if (only !== undefined && others.length === 0) {
    for await (const batch of readFrameBatches(only, (problem) => report(0, problem))) {
      for (const frame of batch) inspector.take(frame);
      count(batch.length);
    }
    return;
  }
  for await (const frame of mergedByTime(origins, report)) {
    inspector.take(frame);
    count(1);
  }
}

/** Frames of all files, the earliest next one first; of equal ones that of the file named first. */
async function* mergedByTime(
  origins: readonly CaptureOrigin[],
  report: InspectRequest['report'],
): AsyncGenerator<CapturedFrame> {
  const readers = origins.map((origin, file) => readCapture(origin, (problem) => report(file, problem)));
  try {
    const heads = await Promise.all(readers.map((reader) => reader.next()));
    for (;;) {
      let first: { readonly file: number; readonly frame: CapturedFrame } | undefined;
      heads.forEach((head, file) => {
        if (head.done !== true && (first === undefined || head.value.at < first.frame.at))
          first = { file, frame: head.value };
      });
      if (first === undefined) return;
      const { file, frame } = first as { readonly file: number; readonly frame: CapturedFrame };
      yield frame;
      const reader = readers[file];
      if (reader !== undefined) heads[file] = await reader.next();
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.return(undefined)));
  }
}
