/**
 * What was read of captures, as people read it: how much there was, what connections are in it, what it holds besides, and
 * what to beware of when the judgement is read.
 */
import type { InspectionCounts } from '../../inspect/counts.js';
import type { Inspection } from '../../inspect/inspection.js';
import { counted } from '../../suite/verdict/counted.js';

export function captureLines({ files, counts }: Inspection): readonly string[] {
  const { attached } = counts;
  const joined = [
    attached.join > 0 ? `${attached.join} joined by MP_JOIN` : '',
    attached.downgraded > 0 ? `${attached.downgraded} downgraded (RobE proposal 1)` : '',
    attached['join-cap'] > 0 ? `${attached['join-cap']} joined by MP_JOIN_CAP (RobE_eSIM)` : '',
  ].filter((part) => part !== '');
  const others = byKind(counts.other, (frames, what) => `${frames} ${what}`);
  const doubts = doubtsOf(counts);
  return [
    `${files.join(', ')}: ${counted(counts.frames, 'frame')}, ${counted(counts.segments, 'TCP segment')} in ${counted(counts.flows, 'flow')}`,
    `${counted(attached.initial, 'MPTCP connection')}${joined.length === 0 ? '' : `; subflows: ${joined.join(', ')}`}`,
    ...(others.length === 0 ? [] : [`other frames: ${others.join(', ')}`]),
    ...(doubts.length === 0 ? [] : [`beware: ${doubts.join('; ')}`]),
  ];
}

/** What makes a judgement of these frames less than whole. */
export function doubtsOf(counts: InspectionCounts): readonly string[] {
  const doubts: readonly (readonly [number, (count: number) => string])[] = [
    [counts.fragments, (count) => `${counted(count, 'IP fragment')} not put together`],
    [counts.malformedOptions, (count) => `${counted(count, 'segment')} with a malformed TCP option`],
    [counts.malformed, (count) => counted(count, 'malformed frame')],
    [counts.cut, (count) => `${counted(count, 'segment')} cut by the snap length`],
    [counts.unfinished, (count) => `${counted(count, 'segment')} captured before the checksum was finished`],
    [counts.corrupt, (count) => `${counted(count, 'segment')} with a wrong checksum, not judged`],
    [
      counts.views,
      (count) =>
        `${counted(count, 'flow')} captured a second time at another place, where the second view is not judged`,
    ],
    [counts.withoutStart, (count) => `${counted(count, 'flow')} without captured start`],
    [counts.forgotten, (count) => `${counted(count, 'open flow')} forgotten to bound the memory`],
  ];
  return [
    ...byKind(
      counts.unread,
      (count, what) => `${counted(count, 'frame')} of ${what} ${count === 1 ? 'was' : 'were'} not read`,
    ),
    ...doubts.filter(([count]) => count > 0).map(([count, text]) => text(count)),
  ];
}

/** So many kinds of frames are named, the most frequent ones first. */
const mostKinds = 8;

function byKind(
  frames: Readonly<Record<string, number>>,
  text: (frames: number, what: string) => string,
): readonly string[] {
  const kinds = Object.entries(frames).sort(([, a], [, b]) => b - a);
  const rest = kinds.slice(mostKinds).reduce((sum, [, count]) => sum + count, 0);
  return [
    ...kinds.slice(0, mostKinds).map(([what, count]) => text(count, what)),
    ...(rest === 0 ? [] : [text(rest, 'other kinds')]),
  ];
}
