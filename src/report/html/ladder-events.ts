/**
 * The events of a trace in a ladder, in order of time: segments in both directions, missing segments, requests to the
 * implementation's application side, and disturbances; ladder-waits.ts computes how long steps waited. Times are
 * nanoseconds since the case began.
 */
import { decodeFrame } from '../../protocol/wire/frame.js';
import type { Step } from '../../suite/language/step.js';
import type { Plan } from '../../suite/scenario/plan.js';
import type { Trace, TraceEntry, TraceNote } from '../../suite/trace/trace.js';
import type { CaseResult } from '../../suite/verdict/results.js';
import { badness, type Verdict } from '../../suite/verdict/verdict.js';
import { expectationLabel, packetLabel, type ValueNames } from './ladder-label.js';
import { type Wait, waitOf, windowsOf } from './ladder-waits.js';

/** How a segment was taken; `sentinel` probes and their answers, `closing` tidying up. */
export type Mark = Exclude<TraceNote['taken'], 'awaited'> | 'sentinel' | 'closing';

export interface SegmentEvent {
  readonly kind: 'segment';
  /** Index into the trace. */
  readonly entry: number;
  readonly at: bigint;
  readonly path: number;
  readonly from: 'tester' | 'implementation';
  readonly mark: Mark;
  readonly label: string;
  readonly step: string;
  /** The rule by which it was passed over. */
  readonly rule?: string;
  /** The verdict of the finding that this segment caused, if any. */
  readonly guilty?: string;
}

/** Expected but missing: it would have come until `at`. */
export interface GhostEvent {
  readonly kind: 'ghost';
  readonly at: bigint;
  readonly path: number;
  readonly label: string;
  readonly step: string;
}

/** Another event than a segment: a control call or its answer, a disturbance, a delay of the tester. */
export interface NoteEvent {
  readonly kind: 'note';
  /** Index into the trace. */
  readonly entry: number;
  readonly at: bigint;
  readonly about: 'control' | 'evidence';
  readonly label: string;
}

export type LadderEvent = SegmentEvent | GhostEvent | NoteEvent;

export interface LadderStory {
  readonly events: readonly LadderEvent[];
  readonly waits: readonly Wait[];
}

export const tellStory = (plan: Plan, trace: Trace, { findings }: CaseResult, names: ValueNames): LadderStory => {
  const start = trace[0]?.at ?? 0n;
  const steps = new Map(everyStep(plan.case.steps).map((step) => [step.title, step]));
  const windows = windowsOf(trace);
  const told: ToldCase = { plan, findings, names, steps, start };
  const seen = trace.flatMap((entry, index) => eventOf(told, entry, index));
  const ghosts = findings.flatMap((finding) => {
    const window = windows.findLast(({ step }) => step === finding.step);
    return ghostsOf(finding, steps.get(finding.step), (window?.until ?? trace.at(-1)?.at ?? start) - start);
  });
  return {
    events: inTime([...seen, ...ghosts]),
    waits: windows.flatMap((window) => waitOf(window, steps.get(window.step), start, ghosts)),
  };
};

/** The inputs of the events besides the entries of the trace. */
interface ToldCase {
  readonly plan: Plan;
  readonly findings: CaseResult['findings'];
  readonly names: ValueNames;
  /** By title. */
  readonly steps: ReadonlyMap<string, Step>;
  readonly start: bigint;
}

/** What a finding missed: everything that its step awaited. */
const ghostsOf = (
  { step: title, awaited = [] }: CaseResult['findings'][number],
  step: Step | undefined,
  at: bigint,
): readonly GhostEvent[] =>
  awaited.map(({ path, flow, segment }, index) => {
    const alike = awaited.slice(0, index).filter(isLike(flow, segment)).length;
    const word = index > 0 && step?.step === 'one-of' ? 'or' : 'expected';
    return { kind: 'ghost', at, path, label: `${word} ${expectationLabel(step, flow, segment, alike)}`, step: title };
  });

const isLike = (flow: string, segment: string) => (other: { readonly flow: string; readonly segment: string }) =>
  other.flow === flow && other.segment === segment;

/** Ghosts come before what happened at the very moment in which they were given up. */
const inTime = (events: readonly LadderEvent[]): readonly LadderEvent[] =>
  events
    .map((event, index) => ({ event, index: event.kind === 'ghost' ? -1 : index }))
    .sort((a, b) => (a.event.at < b.event.at ? -1 : a.event.at > b.event.at ? 1 : a.index - b.index))
    .map(({ event }) => event);

const eventOf = (told: ToldCase, traced: TraceEntry, index: number): readonly LadderEvent[] => {
  const { at, entry } = traced;
  if ('frame' in entry) return [segmentOf(told, traced, entry, index)];
  const remark = 'event' in entry ? remarkOnEvent(entry) : remarkOnAction(entry, told.plan);
  return remark === undefined ? [] : [{ kind: 'note', entry: index, at: at - told.start, ...remark }];
};

type Carried = Extract<TraceEntry['entry'], { readonly frame: Uint8Array }>;

const segmentOf = (
  { plan, findings, names, start }: ToldCase,
  { at, note }: TraceEntry,
  carried: Carried,
  index: number,
): SegmentEvent => {
  const packet = decodeFrame(carried.frame, plan.subtypes);
  const verdict = guiltOf(findings, index);
  return {
    kind: 'segment',
    entry: index,
    at: at - start,
    path: carried.path,
    from: 'event' in carried ? 'implementation' : 'tester',
    mark: markOf(note),
    label: packetLabel(packet, names, furtherFlow(note?.flow)),
    step: note?.step ?? '',
    ...(note?.rule === undefined ? {} : { rule: note.rule }),
    ...(verdict === undefined ? {} : { guilty: verdict }),
  };
};

/** The worst finding about a segment, without mere observations. */
const guiltOf = (findings: ToldCase['findings'], entry: number): Verdict | undefined =>
  findings
    .filter(({ observation, verdict }) => observation === entry && badness(verdict) > badness('info'))
    .map(({ verdict }) => verdict)
    .reduce<Verdict | undefined>((a, b) => (a !== undefined && badness(a) >= badness(b) ? a : b), undefined);

type Remark = Pick<NoteEvent, 'about' | 'label'>;

const remarkOnEvent = (event: Extract<TraceEntry['entry'], { readonly event: string }>): Remark | undefined => {
  switch (event.event) {
    case 'control':
      return { about: 'control', label: `control answers ${answerLabel(event.answer)}` };
    case 'disturbed':
      return { about: 'evidence', label: `evidence disturbed: ${event.why}` };
    case 'held-up':
      return { about: 'evidence', label: `the tester was ${(Number(event.lag) / 1e6).toFixed(3)} ms late` };
    default:
      return undefined;
  }
};

const remarkOnAction = (
  action: Extract<TraceEntry['entry'], { readonly action: string }>,
  plan: Plan,
): Remark | undefined =>
  action.action === 'control'
    ? { about: 'control', label: `control ${commandLabel(action.command, plan)}` }
    : undefined;

/** A flow that is not the only one of its path is named as the case names it. */
const furtherFlow = (flow: string | undefined): string | undefined => (flow?.includes('/') === true ? flow : undefined);

const markOf = (note: TraceNote | undefined): Mark => {
  if (note === undefined || note.taken === 'awaited') return 'held';
  if (note.step === 'sentinel') return 'sentinel';
  return note.step === 'closing' && note.taken === 'sent' ? 'closing' : note.taken;
};

type ControlAction = Extract<TraceEntry['entry'], { readonly action: 'control' }>;
type ControlEvent = Extract<TraceEntry['entry'], { readonly event: 'control' }>;

const commandLabel = (command: ControlAction['command'], plan: Plan): string => {
  if (!('connection' in command)) return command.verb;
  const name = command.connection.replace(`${plan.case.id}#`, '').replace(`@${plan.surroundings.firstPort}`, '');
  return `${command.verb} ${name}`;
};

const answerLabel = (answer: ControlEvent['answer']): string => {
  switch (answer.answer) {
    case 'ok': {
      const members = Object.entries(answer.result).map(([name, value]) => `${name} ${value}`);
      return members.length === 0 ? 'ok' : `ok, ${members.join(', ')}`;
    }
    case 'unsupported':
      return 'unsupported';
    case 'failed':
    case 'lost':
      return `${answer.answer}: ${answer.why}`;
  }
};

/** Steps with those after alternatives. */
const everyStep = (steps: readonly Step[]): readonly Step[] =>
  steps.flatMap((step) =>
    step.step === 'one-of' ? [step, ...step.alternatives.flatMap(({ next }) => everyStep(next))] : [step],
  );
