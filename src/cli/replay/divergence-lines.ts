/** The first divergence of a replay as a block of lines for people. */
import { printable } from '../../protocol/bytes/printable.js';
import type { KeptEvidence } from '../../report/read-evidence.js';
import type { Divergence } from '../../run/recorded/replay.js';

const widest = 200;

export const tellDivergence = (
  divergence: Divergence | undefined,
  { trace, result }: KeptEvidence,
): readonly string[] => {
  if (divergence === undefined) return ['No divergence: what was sent and what came is as recorded.'];
  const { frame, sentBy, path, step, field, recorded, now } = divergence;
  const place = frame === undefined ? 'after the last recorded frame' : `at frame ${frame}`;
  const guilty = frame === undefined ? undefined : placeInTrace(trace, frame);
  const found = result.findings.filter(({ observation }) => observation !== undefined && observation === guilty);
  return [
    `First divergence ${place}, sent by the ${sentBy} on path ${path} (step ${step}):`,
    `  field     ${field}`,
    `  recorded  ${printable(recorded, widest)}`,
    `  now       ${printable(now, widest)}`,
    ...found.map(({ sentence }) => `  because   ${printable(sentence, 2 * widest)}`),
  ];
};

/** Index in the trace of a frame by its number from 1. */
const placeInTrace = (trace: KeptEvidence['trace'], frame: number): number | undefined => {
  let number = 0;
  const index = trace.findIndex(({ entry }) => {
    if ('frame' in entry) number += 1;
    return 'frame' in entry && number === frame;
  });
  return index === -1 ? undefined : index;
};
