/**
 * The state of one case under way, and the working copy in which one event is handled. From outside the interpreter is
 * pure: `advance` opens a working copy of the state, the parts of the interpreter change it, and it is closed again.
 */
import type { Tcp, TcpPacket } from '../../protocol/wire/packet.js';
import type { Seq } from '../../protocol/wire/seq.js';
import { isGeneralFragment } from '../language/fragment-file.js';
import type { FlowName, Step } from '../language/step.js';
import type { Finding, Judgement } from '../verdict/verdict.js';
import type { ScenarioAction } from './contract.js';
import { type Deeds, tellDeeds } from './deeds.js';
import { acknowledgedIn, type Flow } from './flow.js';
import { append, type History, type Remark, remarkOn } from './history.js';
import type { Plan } from './plan.js';
import type { Bindings } from './scope.js';

/** A segment of the implementation that no step has taken yet. */
export interface Held {
  readonly packet: TcpPacket;
  readonly tcp: Tcp;
  readonly path: number;
  readonly at: bigint;
  readonly error: bigint;
  /** Its place in the trace. */
  readonly entry: number;
  /** The flow it belongs to; undefined when it opens one that no step has named yet. */
  readonly flow: string | undefined;
}

/** A moment on the wire, with the largest error by which its time may be late. */
export interface Moment {
  readonly at: bigint;
  readonly error: bigint;
}

/** Probes that must be answered: one a path, with the purpose of the sentinel. */
export interface Sentinel {
  readonly purpose: 'silence' | 'closing';
  /** Outstanding probes by local port. */
  readonly outstanding: ReadonlyMap<number, { readonly path: number }>;
  readonly attempt: number;
}

/** `steps` the dialogue · `closing` final sentinel · `health` asking control why it went unanswered · `done`. */
export type Phase = 'ready' | 'steps' | 'closing' | 'health' | 'done';

/** Every field is there from the beginning, for states that are built alike are read faster than those that grow. */
export interface ScenarioState {
  readonly plan: Plan;
  readonly phase: Phase;
  readonly now: Moment;
  /** The current step first. */
  readonly remaining: readonly Step[];
  /** When the current step began. */
  readonly began: Moment;
  /** When the timer of the step under way fires. */
  readonly deadline?: bigint;
  /** any-order: positions of the expectations that are met. */
  readonly met: ReadonlySet<number>;
  readonly flows: ReadonlyMap<string, Flow>;
  /** Flows that a step with `any` found, by the name that the case gave. */
  readonly found: ReadonlyMap<string, FlowName>;
  readonly held: readonly Held[];
  readonly bindings: Bindings;
  readonly moments: ReadonlyMap<string, Moment>;
  readonly sentinel: Sentinel | undefined;
  /** The latest segment of the tester; `flows` are those of the same burst, without a wait in between. */
  readonly lastSend:
    | { readonly at: bigint; readonly path: number; readonly flows: readonly string[]; readonly text: () => string }
    | undefined;
  /** The tester's actions so far. */
  readonly deeds: Deeds | undefined;
  /** Initial sequence numbers of the probes sent so far, by local port; each takes a port from the top of the block. */
  readonly probes: ReadonlyMap<number, Seq>;
  /** Control calls made so far and the step that waits for one. */
  readonly calls: number;
  readonly awaitedCall: number | undefined;
  /** Connections that the case opened through control, to be aborted at the end. */
  readonly connections: readonly string[];
  readonly findings: readonly Finding[];
  readonly observation: string | undefined;
  readonly unsupported: boolean;
  /** The longest time from an event until the tester sent its answer, nanoseconds. */
  readonly lag: bigint;
  /** Why the evidence is unreliable, if it is. */
  readonly disturbances: readonly string[];
  /** What happened so far; `traceOf` gives the trace. */
  readonly history: History;
  readonly finished: Judgement | undefined;
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** The working copy while one event is handled. Collections are replaced, never changed in place. */
export interface Work extends Open<ScenarioState> {
  readonly actions: ScenarioAction[];
}

export const open = (state: ScenarioState): Work => ({ ...state, actions: [] });

/** The state after the event is the working copy itself: it is not changed any more. */
export const close = (work: Work): { readonly state: ScenarioState; readonly actions: readonly ScenarioAction[] } => ({
  state: work,
  actions: work.actions,
});

/** Emits an action and records it. */
export function act(work: Work, action: ScenarioAction, note?: Remark): void {
  work.actions.push(action);
  work.history = append(work.history, { at: work.now.at, entry: action }, note);
}

/** Records how a segment of the trace was taken. */
export function remark(work: Work, entry: number, note: Remark): void {
  work.history = remarkOn(work.history, entry, note);
}

export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

/** The title of the current step, or of the phase after the steps. */
export const stepTitle = (work: Work): string => work.remaining[0]?.title ?? 'closing';

/**
 * The farthest number that the peer acknowledged on a flow, also in segments that no step took; undefined if it
 * acknowledged nothing.
 */
export const acknowledgedOn = ({ held }: ScenarioState, flow: Flow): Seq | undefined =>
  acknowledgedIn([...flow.seen, ...held.flatMap((each) => (each.flow === flow.name ? [each.tcp] : []))]);

/** Records a finding of the current step, at most as grave as the case's citations permit. */
export function record(work: Work, finding: Omit<Finding, 'step'>): void {
  const { gravest } = work.plan.case;
  const bounded = gravest !== undefined && finding.verdict === 'fail' && finding.facet !== 'liveness' && isAsking(work);
  const [step] = work.remaining;
  work.findings = [
    ...work.findings,
    {
      step: stepTitle(work),
      ...finding,
      ...(bounded ? { verdict: gravest } : {}),
      ...(isSettingUp(work) ? { setUp: true } : {}),
      ...tellDeeds(work.deeds, finding.verdict, step),
      ...(step === undefined ? {} : { place: step.origin }),
    },
  ];
}

/**
 * Whether the dialogue has reached the case's own steps; the steps of a fragment before them have duties of their own.
 */
const isAsking = ({ plan: { case: asked }, remaining }: Work): boolean => {
  const first = asked.steps.find(({ origin }) => origin.file === asked.origin.file);
  return first === undefined || remaining[0] === first || !remaining.includes(first);
};

/**
 * Whether only general fragments ran so far: an ordinary opening, independent of the subject of the case. If the tester's
 * options are unusual, they are the subject.
 */
const isSettingUp = ({ plan: { case: asked }, remaining }: Work): boolean => {
  if (asked.companions === 'usual') return false;
  const first = asked.steps.findIndex(({ origin }) => !isGeneralFragment(origin.file));
  const step = remaining[0];
  return step !== undefined && first > 0 && asked.steps.indexOf(step) >= 0 && asked.steps.indexOf(step) < first;
};
