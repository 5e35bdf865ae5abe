/**
 * The interpreter of cases: a pure machine, events in, actions out. It never does I/O and reads no clock.
 *
 *     const { state, actions } = advance(begin(plan), { event: 'started', at });
 *
 * A case goes through three phases. `steps`: the dialogue as written. `closing`: a last sentinel on every path that was
 * used shows that the implementation still answers and that nothing unexpected was under way; only then are its flows
 * reset and its connections aborted. `health`: only when a sentinel went unanswered, control is asked whether the
 * implementation is still alive: one whose control is silent too hangs, which fails the case. A finished case takes no further event.
 */
import { decodeFrame } from '../../protocol/wire/frame.js';
import { ExpressionError } from '../language/expression.js';
import { blame } from '../verdict/blame.js';
import { judge } from '../verdict/judge.js';
import { askHealth, beginClosing, cleanUp, healthAnswered, healthUnanswered, judgeLeftovers } from './closing.js';
import type { ScenarioAction, ScenarioEvent } from './contract.js';
import { answerCame, offerHeld, proceed, silenceKept, windowClosed } from './dialogue.js';
import { flowOf } from './flows.js';
import { append, emptyHistory } from './history.js';
import { acknowledgeParts } from './part-ack.js';
import type { Plan } from './plan.js';
import { probeTimedOut, takeProbeAnswer } from './sentinel.js';
import { act, close, open, record, remark, type ScenarioState, type Work } from './state.js';
import { tell } from './tell.js';
import { watch } from './watch.js';

export function begin(plan: Plan): ScenarioState {
  const origin = { at: 0n, error: 0n };
  return {
    plan,
    phase: 'ready',
    now: origin,
    remaining: plan.case.steps,
    began: origin,
    met: new Set(),
    flows: new Map(),
    found: new Map(),
    held: [],
    bindings: new Map(),
    moments: new Map(),
    sentinel: undefined,
    lastSend: undefined,
    deeds: undefined,
    probes: new Map(),
    calls: 0,
    awaitedCall: undefined,
    connections: [],
    findings: [],
    observation: undefined,
    unsupported: false,
    lag: 0n,
    disturbances: [],
    history: emptyHistory,
    finished: undefined,
  };
}

/** Handles one event. A case that is written wrongly ends with verdict `error` and the reason. */
export function advance(
  state: ScenarioState,
  event: ScenarioEvent,
): { readonly state: ScenarioState; readonly actions: readonly ScenarioAction[] } {
  if (state.phase === 'done') return { state, actions: [] };
  const work = open(state);
  work.now = { at: event.at, error: event.event === 'frame' ? event.error : 0n };
  work.history = append(work.history, { at: event.at, entry: event });
  try {
    handle(work, event);
    if (work.phase === 'steps' && work.remaining.length === 0) beginClosing(work);
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    const sentence = `The case cannot go on: ${cause.message}.`;
    record(work, { facet: 'conformance', verdict: 'error', subject: 'case', sentence });
    work.phase = 'done';
  }
  if (work.phase === 'done') {
    cleanUp(work);
    work.findings = blame(work.plan.case, [...work.findings, ...watch(work.plan, work.history)]);
    work.finished = judge(work);
    act(work, { action: 'finished' });
  }
  return close(work);
}

/** Abandons a case and cleans up after it. It takes no further event. */
export function giveUp(state: ScenarioState): readonly ScenarioAction[] {
  if (state.phase === 'done') return [];
  const work = open(state);
  cleanUp(work);
  return work.actions;
}

function handle(work: Work, event: ScenarioEvent): void {
  switch (event.event) {
    case 'started':
      work.phase = 'steps';
      work.began = work.now;
      proceed(work);
      break;
    case 'frame':
      frameArrived(work, event.path, event.frame, event.error);
      break;
    case 'timer':
      if (event.timer === 'sentinel') sentinelTimedOut(work);
      else if (event.timer === 'part') acknowledgeParts(work);
      else if (work.phase === 'steps') windowClosed(work);
      else if (work.phase === 'health') healthUnanswered(work);
      break;
    case 'control':
      if (work.phase === 'health') healthAnswered(work, event.answer);
      else if (work.phase === 'steps') answerCame(work, event.call, event.answer);
      break;
    case 'held-up':
      if (event.lag > work.lag) work.lag = event.lag;
      // The time in which it must not be overtaken counts from its actual departure.
      if (work.lastSend !== undefined) work.lastSend = { ...work.lastSend, at: event.at };
      break;
    case 'disturbed':
      work.disturbances = [...work.disturbances, event.why];
      break;
  }
}

function frameArrived(work: Work, path: number, frame: Uint8Array, error: bigint): void {
  const entry = work.history.length - 1;
  const packet = decodeFrame(frame, work.plan.subtypes);
  if (packet.kind !== 'tcp') {
    remark(work, entry, { step: 'none', taken: 'foreign', text: () => tell(packet) });
    return;
  }
  const probe = takeProbeAnswer(work, packet, path, entry);
  if (probe !== 'not a probe') {
    if (probe !== 'waiting') sentinelAnswered(work, probe);
    return;
  }
  const flow = flowOf(work, packet);
  remark(work, entry, { step: 'held', taken: 'held', text: () => tell(packet, flow) });
  work.held = [...work.held, { packet, tcp: packet.tcp, path, at: work.now.at, error, entry, flow }];
  if (work.phase === 'steps') offerHeld(work);
}

function sentinelAnswered(work: Work, purpose: 'silence' | 'closing'): void {
  if (purpose === 'silence') silenceKept(work);
  else {
    judgeLeftovers(work);
    work.phase = 'done';
  }
}

function sentinelTimedOut(work: Work): void {
  if (probeTimedOut(work) === 'given up') askHealth(work);
}
