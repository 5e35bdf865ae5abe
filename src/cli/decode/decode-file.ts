/** Reads a capture and hands out its frames as lines, and everything that is wrong with the file as sentences. */
import { isKnownLink, unknownLink } from '../../net/capture/link/link-type.js';
import type { DraftSubtypes } from '../../protocol/mptcp/option.js';
import type { LineSink } from '../output/line-sink.js';
import { captureFrames } from './capture-frames.js';
import { frameJson } from './frame-json.js';
import { frameLine } from './frame-line.js';

export interface DecodeRequest {
  readonly file: string;
  readonly json: boolean;
  readonly subtypes: DraftSubtypes;
}

/** Writes one line a frame until the file or the reader of the lines ends; returns what was wrong, in sentences. */
export const decodeFile = async (request: DecodeRequest, lines: LineSink): Promise<readonly string[]> => {
  const problems: string[] = [];
  const links = new Set<number>();
  let number = 0;
  let first: bigint | undefined;
  for await (const frame of captureFrames(request.file, (problem) => problems.push(problem))) {
    number += 1;
    if (!links.has(frame.linkType)) {
      links.add(frame.linkType);
      if (!isKnownLink(frame.linkType)) problems.push(`${request.file}: ${unknownLink(frame.linkType)}`);
    }
    first ??= frame.at;
    const line = request.json
      ? frameJson(number, frame, request.subtypes)
      : frameLine(number, frame, first, request.subtypes);
    if (!(await lines.write(line))) break;
  }
  return problems;
};
