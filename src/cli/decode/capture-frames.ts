/** The frames of a capture file as far as it can be read, and in sentences what keeps it from being read further. */
import type { CapturedFrame } from '../../net/capture/captured-frame.js';
import { readCapture } from '../../net/capture/read-capture.js';
import { fileProblem } from '../output/file-problem.js';

export async function* captureFrames(file: string, tell: (problem: string) => void): AsyncGenerator<CapturedFrame> {
  try {
    yield* readCapture(file, ({ offset, path, why }) => tell(`${file}: octet ${offset}, ${path}: ${why}`));
  } catch (error) {
    tell(`${file}: ${fileProblem(error)}`);
  }
}
