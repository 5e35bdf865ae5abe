/** Reads a capture and hands out its frames as lines, and everything that is wrong with the file as sentences. */
import { readCapture } from '../../net/capture/read-capture.js';
import type { Malformed } from '../../protocol/bytes/malformed.js';
import type { DraftSubtypes } from '../../protocol/mptcp/option.js';
import { fileProblem } from '../output/file-problem.js';
import type { LineSink } from '../output/line-sink.js';
import { frameJson } from './frame-json.js';
import { frameLine } from './frame-line.js';

export interface DecodeRequest {
  readonly file: string;
  readonly json: boolean;
  readonly subtypes: DraftSubtypes;
}

/** Writes one line a frame until the file or the reader of the lines ends; returns what was wrong, in sentences. */
export async function decodeFile(request: DecodeRequest, lines: LineSink): Promise<readonly string[]> {
  const problems: string[] = [];
  const report = (problem: Malformed): void => {
    problems.push(`${request.file}: octet ${problem.offset}, ${problem.path}: ${problem.why}`);
  };
  let number = 0;
  let first: bigint | undefined;
  try {
    for await (const frame of readCapture(request.file, report)) {
      number += 1;
      first ??= frame.at;
      const line = request.json
        ? frameJson(number, frame, request.subtypes)
        : frameLine(number, frame, first, request.subtypes);
      if (!(await lines.write(line))) break;
    }
  } catch (error) {
    problems.push(`${request.file}: ${fileProblem(error)}`);
  }
  return problems;
}
