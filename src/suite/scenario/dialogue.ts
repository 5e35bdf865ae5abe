/**
 * The dialogue: one step after the other. A step either is done at once (send, some control) or waits for segments, a
 * timer, a sentinel or a control answer. Segments that no step waits for are held, in order, for the steps to come.
 *
 * A segment that came on a flow before the tester sends on it cannot be an answer: it is unexpected at that moment.
 */

import { decodeFrame } from '../../protocol/wire/frame.js';
import { durationText } from '../language/duration.js';
import type { Alternative, FlowName, OneOfStep, SendStep, SilenceStep, Step } from '../language/step.js';
import { type AwaitStep, awaitedBy, awaitedNames, awaits, mostWanted, rightAlternatives } from './awaited.js';
import { compose } from './compose.js';
import type { ControlAnswer } from './contract.js';
import { callControl, controlAnswered } from './control-step.js';
import { hasCopies } from './copies.js';
import { sending, waiting } from './deeds.js';
import {
  type Attempt,
  attempt,
  concerns,
  judgeTime,
  mismatch,
  passOver,
  startOf,
  take,
  unexpected,
} from './expectation.js';
import { type Flow, sent } from './flow.js';
import { flowMeant, flowToServer, keepFlow } from './flows.js';
import { sendIcmpError } from './icmp-error.js';
import { rulesBesideAck, silenceRules, usualRules } from './ignore.js';
import { awaitRest } from './own-ack.js';
import { takeBeginnings } from './part-ack.js';
import { arm, complete, type Progress, stop } from './progress.js';
import { sendSentinel } from './sentinel.js';
import { act, type Held, type Moment, record, type Work } from './state.js';
import { tell } from './tell.js';

/** Runs the steps until one has to wait. */
export function proceed(work: Work): void {
  for (;;) {
    const [step] = work.remaining;
    if (step === undefined) return;
    work.began = work.now;
    const progress = enter(work, step);
    if (progress !== 'done') return;
  }
}

function enter(work: Work, step: Step): Progress {
  switch (step.step) {
    case 'send':
      return sendSegments(work, step);
    case 'expect':
    case 'any-order':
    case 'one-of':
      arm(work, deadlineOf(work, step));
      return consider(work, step);
    case 'silence':
      if (step.for !== undefined) work.deeds = waiting(work.deeds);
      arm(work, work.now.at + (step.for ?? work.plan.timing.silence));
      return breakSilence(work, step);
    case 'icmp':
      work.deeds = { said: `icmp ${step.error}`, on: step.on, before: work.deeds };
      sendIcmpError(work, step);
      return complete(work, work.now);
    case 'wait':
      work.deeds = waiting(work.deeds);
      arm(work, work.now.at + step.for);
      return 'waiting';
    case 'control':
      if (step.verb !== 'info' && step.verb !== 'accepted') work.deeds = { said: step.verb, before: work.deeds };
      return callControl(work, step);
    case 'declared':
      // A plan has no such step: it was resolved before.
      return complete(work, work.now, step.steps);
  }
}

function deadlineOf(work: Work, step: AwaitStep): bigint {
  const { window } = step;
  if (window.within !== undefined) return startOf(work, window).at + window.within + work.plan.timing.grace;
  const { silence, reaction } = work.plan.timing;
  return startOf(work, window).at + (window.after ?? 0n) + (isBrief(work, step) ? silence : reaction);
}

/** Silence may be the reaction, and the other reactions need no application. */
const isBrief = (work: Work, step: AwaitStep): boolean =>
  step.step === 'one-of' &&
  step.alternatives.some(({ expectation }) => expectation === undefined) &&
  !(
    work.plan.case.role === 'server' &&
    step.alternatives.some(({ expectation }) => expectation?.segment.segment === 'DATA')
  );

/**
 * The time at which a segment on this flow may be sent, if not now: it must not overtake one that was just sent on
 * another path. A flow on which a segment was sent in the same burst does not wait, because the answer to that segment
 * would come in between.
 */
function mayLeave(work: Work, flow: Flow): bigint | undefined {
  const { lastSend, now, plan } = work;
  if (lastSend === undefined || lastSend.path === flow.path || lastSend.flows.includes(flow.name)) return undefined;
  const due = lastSend.at + (plan.timing.crossing ?? 0n);
  return now.at < due ? due : undefined;
}

const left = ({ lastSend, now }: Work, { path, name }: Flow, text: () => string): Work['lastSend'] => {
  const flows = lastSend?.flows ?? [];
  return { at: now.at, path, flows: flows.includes(name) ? flows : [...flows, name], text };
};

/** The flow of a send step; opens it at its first use. */
function sendingFlow(work: Work, step: SendStep): Flow {
  const on = flowMeant(work, step.on);
  return work.flows.get(on.name) ?? flowToServer(work, on);
}

function sendSegments(work: Work, step: SendStep): Progress {
  const flow = sendingFlow(work, step);
  for (const held of work.held) {
    if (held.flow !== flow.name) continue;
    if (passOver(work, held, usualRules) !== undefined) continue;
    unexpected(work, held, `before the tester's ${step.segment.segment}`);
    return stop(work);
  }
  return leave(work, step);
}

/**
 * Sends when no segment can be overtaken any more. Segments that came during the wait count as coming after it: the case
 * sends both in one burst.
 */
function leave(work: Work, step: SendStep): Progress {
  const current = sendingFlow(work, step);
  const due = mayLeave(work, current);
  if (due !== undefined) {
    arm(work, due);
    return 'waiting';
  }
  const composed = compose(work.plan, current, step.segment, work.bindings, work.now.at);
  work.bindings = composed.bound;
  for (let time = 0; time < step.times; time += 1)
    for (const frame of composed.frames) {
      const text = (): string => tell(decodeFrame(frame, work.plan.subtypes), current.name);
      const note = { step: step.title, taken: 'sent', flow: current.name, text } as const;
      act(work, { action: 'send', path: current.path, frame }, note);
      work.lastSend = left(work, current, text);
    }
  keepFlow(work, sent(current, composed));
  if (composed.told?.dataAck !== undefined && hasCopies(work)) awaitRest(work);
  work.deeds = sending(step, work.deeds);
  return complete(work, work.now);
}

/** Offers every held segment to the current step, oldest first. */
function consider(work: Work, step: AwaitStep): Progress {
  /** Flows on which the rest of begun octets has to come first. */
  const begun = new Set<string>();
  for (const held of work.held) {
    if (!work.held.includes(held) || (held.flow !== undefined && begun.has(held.flow))) continue;
    const attempts = awaitedBy(work, step)
      .filter((awaited) => concerns(work, awaited, held))
      .map((awaited) => attempt(work, awaited, held));
    if (attempts.length === 0) continue;
    const isBegun = attempts.some(({ isBeginning }) => isBeginning);
    const fitting = attempts.filter((a) => a.differences.length === 0);
    // What is to be cut for one alternative may be the whole of another, or its beginning.
    const right = fitting.find(({ cut }) => cut === undefined) ?? (isBegun ? undefined : fitting[0]);
    if (right !== undefined) {
      const last = right.parts.at(-1) ?? held;
      judgeTime(work, step.window, last);
      take(work, right);
      const progress = taken(work, step, right.awaited.index, last);
      if (progress !== 'waiting') return progress;
      continue;
    }
    if (held.flow !== undefined && isBegun) {
      begun.add(held.flow);
      awaitRest(work);
      continue;
    }
    if (passOver(work, held, rulesBeside(attempts)) !== undefined) continue;
    return guilty(work, step, attempts, held);
  }
  return 'waiting';
}

/** An ACK that a step expects is judged and not ignored as a bare one. */
function rulesBeside(attempts: readonly Attempt[]) {
  return attempts.some(({ awaited }) => awaited.segment.segment === 'ACK') ? rulesBesideAck : usualRules;
}

function taken(work: Work, step: AwaitStep, index: number, held: Held): Progress {
  const moment = { at: held.at, error: held.error };
  switch (step.step) {
    case 'expect':
      return complete(work, moment);
    case 'any-order':
      work.met = new Set([...work.met, index]);
      return work.met.size === step.expectations.length ? complete(work, moment) : 'waiting';
    case 'one-of': {
      const alternative = step.alternatives[index];
      return alternative === undefined ? 'waiting' : choose(work, step, alternative, moment, held);
    }
  }
}

function choose(work: Work, step: OneOfStep, alternative: Alternative, moment: Moment, held?: Held): Progress {
  work.observation = alternative.observation;
  if (alternative.outcome !== 'pass')
    record(work, {
      facet: 'conformance',
      verdict: alternative.outcome,
      ...(alternative.outcome === 'fail' ? { class: held === undefined ? 'missing' : 'mismatch' } : {}),
      subject: alternative.observation,
      sentence: `The implementation chose \`${alternative.observation}\`${held === undefined ? '' : `: ${tell(held.packet, held.flow)}`}.`,
      ...(held === undefined ? {} : { observation: held.entry }),
      ...(alternative.outcome === 'fail' ? rightAlternatives(work, step) : {}),
    });
  if (alternative.ends === true) work.remaining = work.remaining.slice(0, 1);
  return alternative.outcome === 'fail' ? stop(work) : complete(work, moment, alternative.next);
}

function guilty(work: Work, step: AwaitStep, attempts: readonly Attempt[], held: Held): Progress {
  const verdict = step.step === 'expect' ? step.otherwise : 'fail';
  mismatch(work, attempts, held, { verdict, ...rightAlternatives(work, step) });
  return verdict === 'fail' || verdict === 'error' ? stop(work) : complete(work, work.now);
}

/** A segment came: the current step may take it. */
export function offerHeld(work: Work): void {
  const [step] = work.remaining;
  if (step === undefined) return;
  const progress = awaits(step) ? consider(work, step) : step.step === 'silence' ? breakSilence(work, step) : 'waiting';
  if (progress === 'done') proceed(work);
}

const silentFlows = (work: Work, step: SilenceStep): readonly FlowName[] => step.on.map((on) => flowMeant(work, on));

function breakSilence(work: Work, step: SilenceStep): Progress {
  const flows = silentFlows(work, step);
  const rules = silenceRules.filter((rule) => !step.counted.some((each) => each === rule));
  for (const held of work.held) {
    const concerned = flows.some((on) => on.name === held.flow || (held.flow === undefined && on.path === held.path));
    if (!concerned || passOver(work, held, rules) !== undefined) continue;
    unexpected(work, held, `while flow ${flows.map((on) => on.name).join(', ')} must stay silent`);
    return stop(work);
  }
  return 'waiting';
}

/** The timer of the current step fired. */
export function windowClosed(work: Work): void {
  const [step] = work.remaining;
  if (step === undefined || work.sentinel !== undefined) return;
  if (step.step === 'wait') {
    complete(work, work.now);
    proceed(work);
  } else if (step.step === 'send') {
    if (leave(work, step) === 'done') proceed(work);
  } else if (step.step === 'silence') {
    sendSentinel(work, 'silence', pathsOf(silentFlows(work, step)));
  } else if (step.step === 'control') {
    const sentence = `The implementation's control did not answer \`${step.verb}\` within 10 s.`;
    record(work, { facet: 'liveness', verdict: 'inconclusive', subject: `control.${step.verb}`, sentence });
    stop(work);
  } else if (awaits(step)) {
    if (step.step === 'one-of' && step.alternatives.some((a) => a.expectation === undefined))
      sendSentinel(work, 'silence', pathsOf(expectedFlows(work, step)));
    else if (missing(work, step) === 'done') proceed(work);
  }
}

const pathsOf = (flows: readonly { readonly path: number }[]): readonly number[] => [
  ...new Set(flows.map((f) => f.path)),
];

const expectedFlows = (work: Work, step: OneOfStep): readonly FlowName[] => awaitedBy(work, step).map(({ on }) => on);

/** The sentinel of a silence was answered: no other segment came. */
export function silenceKept(work: Work): void {
  const [step] = work.remaining;
  if (step?.step === 'silence') complete(work, work.now);
  else if (step?.step === 'one-of') {
    const silent = step.alternatives.find((a) => a.expectation === undefined);
    if (silent?.ends === true) takeBeginnings(work, step);
    if (silent !== undefined) choose(work, step, silent, work.now);
  }
  proceed(work);
}

function missing(work: Work, step: AwaitStep): Progress {
  const open = awaitedBy(work, step);
  const verdict = step.step === 'expect' ? step.otherwise : 'fail';
  const named = awaitedNames(open);
  // Alternatives that differ in their options only have one name.
  const wanted = step.step === 'one-of' ? [...new Set(named)].join(' or ') : named.join(' and ');
  const others = work.held.map((held) => tell(held.packet, held.flow ?? `a new flow of path ${held.path}`));
  const waited = work.now.at - startOf(work, step.window).at;
  record(work, {
    facet: 'conformance',
    verdict,
    class: 'missing',
    subject: (mostWanted(step, open)?.segment.segment ?? 'segment').replaceAll('/', '-'),
    sentence: `Expected ${wanted} but it did not come within ${durationText(waited, 2)}${work.lastSend === undefined ? '' : `, the tester having sent ${work.lastSend.text()}`}${others.length === 0 ? '' : `; instead came ${others.join(', then ')}`}.`,
    awaited: open.map(({ on, segment }) => ({ flow: on.name, path: on.path, segment: segment.segment })),
    ...rightAlternatives(work, step),
  });
  return verdict === 'fail' || verdict === 'error' ? stop(work) : complete(work, work.now);
}

/** An answer of the control side came. */
export function answerCame(work: Work, call: number, answer: ControlAnswer): void {
  if (controlAnswered(work, call, answer) === 'done') proceed(work);
}
