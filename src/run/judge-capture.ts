/**
 * The captured driver: judges a case again from the frames of a capture, which need not be one of ours. The segments of
 * the implementation become the interpreter's events at the times of their stamps, and timers fire between them; what the
 * tester sends is worked out anew and must be what the capture says that it sent.
 *
 * What the capture does not show decides nothing: a capture of another tester, one that ends too early, or one that lacks
 * what the application side answered, gives `inconclusive` and says why; only a failure that it does show stands. What was recorded beside the frames (unseen.ts)
 * can be given too; without it, control that only has effects on the wire is taken to have been carried out.
 */
import type { CapturedFrame } from '../net/capture/captured-frame.js';
import { decodeFrame } from '../protocol/wire/frame.js';
import type { ControlAnswer, ControlCommand, ScenarioAction, ScenarioEvent } from '../suite/scenario/contract.js';
import { traceOf } from '../suite/scenario/history.js';
import { advance, begin } from '../suite/scenario/interpreter.js';
import type { Plan } from '../suite/scenario/plan.js';
import { tell } from '../suite/scenario/tell.js';
import type { Trace } from '../suite/trace/trace.js';
import type { Unseen } from '../suite/trace/unseen.js';
import { judge } from '../suite/verdict/judge.js';
import type { Judgement } from '../suite/verdict/verdict.js';
import { type CapturedSegment, packetOf, segmentsOf } from './captured-segment.js';
import type { Rejudged } from './recorded.js';

export interface CaptureToJudge {
  readonly plan: Plan;
  /** In the order of the capture. */
  readonly frames: readonly CapturedFrame[];
  /** What was recorded beside the frames; absent: nothing was. */
  readonly unseen?: readonly Unseen[] | undefined;
  /** How much too late the stamps of the implementation's frames may be, one for each. */
  readonly errors?: readonly bigint[] | undefined;
  /** When the case began; absent: as recorded, or with its first frame. */
  readonly began?: bigint | undefined;
}

export const judgeCapture = (given: CaptureToJudge): Rejudged => {
  const { plan, frames, unseen } = given;
  const all = segmentsOf(frames, plan.surroundings);
  const started = unseen?.find((each) => 'event' in each && each.event === 'started')?.at;
  const began = given.began ?? started ?? all[0]?.at ?? 0n;
  // What came before the case began is not for it: another one had its addresses then.
  const segments = all.filter(({ at }) => at >= began);
  const ended = [...frames.map(({ at }) => at), ...(unseen ?? []).map(({ at }) => at)].reduce(
    (latest, at) => (at > latest ? at : latest),
    began,
  );
  const played = play(given, segments, began, ended);
  const doubts = [
    ...played.doubts,
    ...compareSends(plan, played.trace, segments, played.judgement?.verdict === 'fail'),
  ];
  const [first] = doubts;
  return {
    trace: played.trace,
    judgement:
      first === undefined ? (played.judgement ?? insufficient('it ends before the case does')) : insufficient(first),
  };
};

/** The verdict on a case of which the capture does not tell enough. */
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

interface Played {
  readonly judgement: Judgement | undefined;
  readonly trace: Trace;
  readonly doubts: readonly string[];
}

/** Gives the interpreter what the capture tells, merged with its own timers by time. */
const play = (
  { plan, unseen, errors = [] }: CaptureToJudge,
  segments: readonly CapturedSegment[],
  began: bigint,
  ended: bigint,
): Played => {
  const doubts: string[] = [];
  const timers = new Map<string, bigint>();
  const arrived = segments.filter(({ sentBy }) => sentBy === 'implementation');
  const waiting: ScenarioEvent[] = inOrder([
    ...arrived.map(
      ({ at, path, frame }, index): ScenarioEvent => ({ event: 'frame', at, error: errors[index] ?? 0n, path, frame }),
    ),
    ...recordedEvents(unseen),
  ]);
  let state = begin(plan);
  const asked = new Set<number>();
  /** An answer waits for its question, whatever its stamp. */
  const isReady = (event: ScenarioEvent): boolean => event.event !== 'control' || asked.has(event.call);

  /** What was seen to fail has failed, whatever is not known of what came later. */
  const hasFailed = (): boolean => doubts.length === 0 && state.findings.some(({ verdict }) => verdict === 'fail');

  const carryOut = (action: ScenarioAction, now: bigint): void => {
    switch (action.action) {
      case 'arm':
        timers.set(action.timer, action.at);
        break;
      case 'cancel':
        timers.delete(action.timer);
        break;
      case 'control':
        asked.add(action.call);
        if (unseen === undefined) {
          const answer = presume(action.command);
          if (answer.answer === 'failed' && !hasFailed()) doubts.push(answer.why);
          waiting.unshift({ event: 'control', at: now, call: action.call, answer });
        }
        break;
      case 'send':
      case 'finished':
        break;
    }
  };
  const give = (event: ScenarioEvent): void => {
    const advanced = advance(state, event);
    state = advanced.state;
    for (const action of advanced.actions) carryOut(action, event.at);
  };

  give({ event: 'started', at: began });
  while (state.finished === undefined) {
    const next = waiting.find(isReady);
    const [due] = [...timers].sort(([, a], [, b]) => (a < b ? -1 : 1));
    if (next !== undefined && (due === undefined || next.at <= due[1])) {
      waiting.splice(waiting.indexOf(next), 1);
      give(next);
    } else if (due !== undefined) {
      const [timer, at] = due;
      if (at > ended) {
        if (hasFailed()) return { judgement: judge(state), trace: traceOf(state.history), doubts };
        const step = state.remaining[0]?.title ?? 'closing';
        doubts.push(`it ends ${Number(at - ended) / 1e6} ms before it is known what came in step ${step}`);
      }
      timers.delete(timer);
      give({ event: 'timer', at, timer });
    } else break;
  }
  return { judgement: state.finished, trace: traceOf(state.history), doubts };
};

/** By time; what has the same time stays as it is, so that frames go before the answers of control. */
const inOrder = (events: readonly ScenarioEvent[]): ScenarioEvent[] =>
  events.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));

const recordedEvents = (unseen: readonly Unseen[] = []): readonly ScenarioEvent[] =>
  unseen.flatMap((each) => ('event' in each && each.event !== 'started' ? [each] : []));

/** What control must have answered when nothing was recorded of it: its effects are on the wire, its words are not. */
const presume = ({ verb }: ControlCommand): ControlAnswer => {
  switch (verb) {
    case 'connect':
    case 'send':
    case 'close':
    case 'abort':
      return { answer: 'ok', result: {} };
    case 'info':
    case 'accepted':
    case 'health':
      return { answer: 'failed', why: `a capture does not tell what the application side answers to \`${verb}\`` };
  }
};

/**
 * Where the tester of the capture did not send what this plan sends; its last resets matter to
 * nobody. Behind a failure, nor do sentinels: from one that is another on, nothing is compared any more.
 */
const compareSends = (
  plan: Plan,
  trace: Trace,
  segments: readonly CapturedSegment[],
  failed: boolean,
): readonly string[] => {
  const lanes = new Map<number, CapturedSegment[]>();
  for (const segment of segments) {
    if (segment.sentBy === 'implementation') continue;
    const lane = lanes.get(segment.path);
    if (lane === undefined) lanes.set(segment.path, [segment]);
    else lane.push(segment);
  }
  for (const { entry, note } of trace) {
    if (!('action' in entry) || entry.action !== 'send' || note?.step === 'closing') continue;
    const recorded = lanes.get(entry.path)?.shift();
    const wanted = tell(decodeFrame(entry.frame, plan.subtypes));
    const step = note?.step ?? 'unknown';
    if (recorded !== undefined && Buffer.from(packetOf(entry.frame)).equals(packetOf(recorded.frame))) continue;
    if (failed && step === 'sentinel') return [];
    if (recorded === undefined) return [`it does not hold the segment that step ${step} sends: ${wanted}`];
    const other = tell(decodeFrame(recorded.frame, plan.subtypes));
    return [
      `its tester was another or had another seed: step ${step} sends ${wanted}, frame ${recorded.number} is ${other}`,
    ];
  }
  return [];
};
