/**
 * The captured driver: judges a case again from the frames of a capture, made by any program. The segments of the
 * implementation become events of the interpreter at the times of their stamps, and timers fire between them
 * (playback.ts). The tester's segments are computed anew and must equal those of the capture.
 *
 * A capture of another tester, one that ends too early, or one without needed answers of the application side gives
 * `inconclusive` with the reason; only a failure that the capture shows stands. Recorded events besides frames
 * (unseen.ts) can be given as well.
 */
import type { CapturedFrame } from '../../net/capture/captured-frame.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import type { ScenarioEvent } from '../../suite/scenario/contract.js';
import type { Plan } from '../../suite/scenario/plan.js';
import { tell } from '../../suite/scenario/tell.js';
import type { Trace } from '../../suite/trace/trace.js';
import type { Unseen } from '../../suite/trace/unseen.js';
import type { Judgement } from '../../suite/verdict/verdict.js';
import { type CapturedSegment, packetOf, segmentsOf } from './captured-segment.js';
import { Playback } from './playback.js';
import type { Rejudged } from './recorded.js';

export interface CaptureToJudge {
  readonly plan: Plan;
  /** In the order of the capture. */
  readonly frames: readonly CapturedFrame[];
  /** Recorded events besides frames; absent: none. */
  readonly unseen?: readonly Unseen[] | undefined;
  /** The largest error by which the stamp of each frame of the implementation may be late. */
  readonly errors?: readonly bigint[] | undefined;
  /** When the case began; absent: as recorded, or with its first frame. */
  readonly began?: bigint | undefined;
}

export const judgeCapture = (given: CaptureToJudge): Rejudged => {
  const { plan, frames, unseen } = given;
  const all = segmentsOf(frames, plan.surroundings);
  const started = unseen?.find((each) => 'event' in each && each.event === 'started')?.at;
  const began = given.began ?? started ?? all[0]?.at ?? 0n;
  // Frames before the beginning of the case are not for it: another case had its addresses then.
  const segments = all.filter(({ at }) => at >= began);
  const ended = [...frames.map(({ at }) => at), ...(unseen ?? []).map(({ at }) => at)].reduce(
    (latest, at) => (at > latest ? at : latest),
    began,
  );
  const playback = new Playback(plan, eventsOf(segments, given), unseen === undefined);
  const judgement = playback.play(began, ended);
  const { trace, doubts } = playback;
  const [doubt] = [...doubts, ...compareSends(plan, trace, segments, failureIn(trace, judgement))];
  if (doubt !== undefined) return { trace, judgement: insufficient(doubt) };
  return { trace, judgement: judgement ?? insufficient('it ends before the case does') };
};

/** The verdict on a case of which the capture does not show enough. */
export const insufficient = (why: string): Judgement => {
  const sentence = `The capture does not suffice for a verdict: ${why}.`;
  return {
    verdict: 'inconclusive',
    facets: { conformance: 'inconclusive' },
    signature: 'capture/inconclusive/evidence',
    sentence,
    findings: [{ facet: 'conformance', verdict: 'inconclusive', step: 'capture', subject: 'evidence', sentence }],
  };
};

/** All events for the interpreter: the implementation's segments, and recorded events besides frames. */
const eventsOf = (
  segments: readonly CapturedSegment[],
  { unseen = [], errors = [] }: CaptureToJudge,
): readonly ScenarioEvent[] => [
  ...segments
    .filter(({ sentBy }) => sentBy === 'implementation')
    .map(
      ({ at, path, frame }, index): ScenarioEvent => ({ event: 'frame', at, error: errors[index] ?? 0n, path, frame }),
    ),
  ...unseen.flatMap((each) => ('event' in each && each.event !== 'started' ? [each] : [])),
];

/**
 * The entry of the trace that made the case fail: a wrong segment, or the beginning of a wait for a missing one.
 * Undefined if it did not fail.
 */
const failureIn = (trace: Trace, judgement: Judgement | undefined): number | undefined => {
  const failures = judgement?.findings.filter(({ verdict }) => verdict === 'fail') ?? [];
  const entries = failures.map(
    ({ observation, step }) =>
      observation ?? trace.findLastIndex(({ note }) => note?.taken === 'awaited' && note.step === step),
  );
  return entries.length === 0 ? undefined : Math.min(...entries);
};

/**
 * The first difference between the tester's segments in the capture and those of this plan; its last resets do not
 * matter. After a failure sentinels do not matter either: nothing is compared after the first different one.
 */
const compareSends = (
  plan: Plan,
  trace: Trace,
  segments: readonly CapturedSegment[],
  failure: number | undefined,
): readonly string[] => {
  const lanes = new Map<number, CapturedSegment[]>();
  for (const segment of segments) {
    if (segment.sentBy === 'implementation') continue;
    const lane = lanes.get(segment.path);
    if (lane === undefined) lanes.set(segment.path, [segment]);
    else lane.push(segment);
  }
  for (const [index, { entry, note }] of trace.entries()) {
    if (!('action' in entry) || entry.action !== 'send' || note?.step === 'closing') continue;
    const recorded = lanes.get(entry.path)?.shift();
    const wanted = tell(decodeFrame(entry.frame, plan.subtypes));
    const step = note?.step ?? 'unknown';
    if (recorded !== undefined && Buffer.from(packetOf(entry.frame)).equals(packetOf(recorded.frame))) continue;
    if (failure !== undefined && index > failure && step === 'sentinel') return [];
    if (recorded === undefined) return [`it does not hold the segment that step ${step} sends: ${wanted}`];
    const other = tell(decodeFrame(recorded.frame, plan.subtypes));
    return [
      `its tester was another or had another seed: step ${step} sends ${wanted}, frame ${recorded.number} is ${other}`,
    ];
  }
  return [];
};
