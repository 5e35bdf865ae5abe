/**
 * Checks of a dialogue without running it: names that are used before they are bound, steps that can never run, labels
 * that are not set. Each is a mistake of the case, reported where the step is written.
 */

import type { ExpandedCase } from '../language/case.js';
import { flowsNamed } from '../language/flow-names.js';
import { caseFunctions } from '../language/functions.js';
import type { SegmentPattern } from '../language/segment-pattern.js';
import type { AnyFlow, Expectation, FlowName, FlowRef, Origin, Step, Window } from '../language/step.js';
import { mentionedIn } from './mentioned-names.js';
import { didYouMean } from './near-miss.js';
import { withNested } from './nested-steps.js';
import type { Problem } from './problem.js';

interface Known {
  readonly names: Set<string>;
  readonly flows: Set<string>;
  /** Names of flows that were found by `any`. */
  readonly found: Set<string>;
  readonly labels: Set<string>;
}

export function lintDialogue(subject: ExpandedCase): readonly Problem[] {
  const problems: Problem[] = [];
  const known: Known = { names: new Set(), flows: new Set(), found: new Set(), labels: new Set() };
  const complain: Complain = (origin, message) =>
    problems.push({ ...origin, message: `${subject.authoredId}: ${message}` });
  walk(subject, subject.steps, known, complain);
  lintOpening(subject, complain);
  return problems;
}

type Complain = (origin: Origin, message: string) => void;

/** A client has no reason to open a flow by itself. */
function lintOpening(subject: ExpandedCase, complain: Complain): void {
  const steps = subject.steps.flatMap(withNested);
  const [first] = steps;
  const opens = steps.some((step) => step.step === 'control' && step.verb === 'connect');
  if (subject.role === 'client' && first !== undefined && !opens)
    complain(
      first.origin,
      'in role client the implementation opens flows when it is asked to: `control: {verb: connect}`',
    );
}

function walk(subject: ExpandedCase, steps: readonly Step[], known: Known, complain: Complain): void {
  for (const [index, step] of steps.entries()) {
    lintStep(subject, step, known, (origin, message) => complain(origin, message));
    if (step.label !== undefined) known.labels.add(step.label);
    const ends =
      step.step === 'one-of' && step.alternatives.every((a) => a.outcome === 'fail' || a.outcome === 'error');
    const next = steps[index + 1];
    if (ends && next !== undefined)
      complain(next.origin, 'this step can never run: every alternative before it ends the case');
  }
}

function lintStep(subject: ExpandedCase, step: Step, known: Known, complain: Complain): void {
  const tell = (message: string) => complain(step.origin, message);
  switch (step.step) {
    case 'send':
      for (const { name } of flowsMeant(subject, step.on, known, tell)) {
        if (subject.role === 'client' && !known.flows.has(name))
          tell(`flow ${name} is not open yet: in role client the implementation opens it, expect its SYN first`);
        known.flows.add(name);
      }
      lintSegment(step.segment, known, 'send', tell);
      break;
    case 'expect':
      lintExpectations(subject, [step], known, tell);
      lintWindow(step.window, known, tell);
      break;
    case 'any-order':
      lintExpectations(subject, step.expectations, known, tell);
      lintWindow(step.window, known, tell);
      break;
    case 'one-of':
      lintWindow(step.window, known, tell);
      lintAlternatives(subject, step, known, complain);
      break;
    case 'icmp':
      for (const { name } of flowsMeant(subject, step.on, known, tell))
        if (!known.flows.has(name)) tell(`flow ${name} has no segment yet that an error could quote`);
      break;
    case 'silence':
      for (const { name } of step.on.flatMap((on) => flowsMeant(subject, on, known, tell)))
        if (subject.role === 'server' && !known.flows.has(name))
          tell(`flow ${name} was never opened, so its silence says nothing`);
      break;
    case 'control':
      if (subject.control === 0) tell('a control step needs `control: 1` or 2 in the case');
      for (const path of step.paths) lintPath(subject, path, tell);
      break;
    case 'declared':
      lintBranches([step.steps, step.otherwise], known, (steps, own) => {
        walk(subject, steps, own, complain);
        return false;
      });
      break;
    case 'wait':
      break;
  }
}

function lintPath(subject: ExpandedCase, path: number, tell: (message: string) => void): void {
  if (path > subject.paths) tell(`path ${path} is used, but the case says \`paths: ${subject.paths}\``);
}

function lintWindow(window: Window, known: Known, tell: (message: string) => void): void {
  if (window.since !== undefined && !known.labels.has(window.since))
    tell(`there is no step labelled "${window.since}" before this${didYouMean(window.since, known.labels)}`);
  if (window.after !== undefined && window.within !== undefined && window.within <= window.after)
    tell('`within` must be later than `after`');
}

function lintExpectations(
  subject: ExpandedCase,
  expectations: readonly Expectation[],
  known: Known,
  tell: (message: string) => void,
): void {
  for (const { on, segment } of expectations) {
    for (const { name } of flowsMeant(subject, on, known, tell)) {
      if (subject.role === 'server' && !known.flows.has(name))
        tell(`nothing can come on flow ${name}: the tester has not opened it`);
      if (!('any' in on)) known.flows.add(name);
    }
    if ('any' in on && on.as !== undefined) known.found.add(on.as);
    lintSegment(segment, known, 'match', tell);
  }
}

/** Checks that the named flows are on paths of the case. A flow that an earlier step found cannot be checked. */
function flowsMeant(
  subject: ExpandedCase,
  on: FlowRef | AnyFlow,
  known: Known,
  tell: (message: string) => void,
): readonly FlowName[] {
  if ('found' in on && !known.found.has(on.found))
    tell(`no flow was found as ${on.found} before this${didYouMean(on.found, known.found)}`);
  const flows = flowsNamed(on);
  for (const { path } of flows) lintPath(subject, path, tell);
  return flows;
}

function lintAlternatives(
  subject: ExpandedCase,
  step: Extract<Step, { step: 'one-of' }>,
  known: Known,
  complain: Complain,
): void {
  const tell = (message: string) => complain(step.origin, message);
  lintBranches(step.alternatives, known, ({ expectation, next, outcome, ends }, own) => {
    if (expectation !== undefined) lintExpectations(subject, [expectation], own, tell);
    walk(subject, next, own, complain);
    return ends === true || outcome === 'fail' || outcome === 'error';
  });
}

/**
 * After the branches only those names are bound that every branch binds which does not end the case. `lint` says whether
 * one does.
 */
function lintBranches<Branch>(
  branches: readonly Branch[],
  known: Known,
  lint: (branch: Branch, own: Known) => boolean,
): void {
  const outcomes = branches.map((branch) => {
    const own: Known = {
      names: new Set(known.names),
      flows: new Set(known.flows),
      found: new Set(known.found),
      labels: new Set(known.labels),
    };
    return { own, ends: lint(branch, own) };
  });
  const going = outcomes.filter(({ ends }) => !ends);
  const [first] = going;
  for (const kind of ['names', 'flows', 'found', 'labels'] as const)
    for (const name of first?.own[kind] ?? []) if (going.every(({ own }) => own[kind].has(name))) known[kind].add(name);
}

function lintSegment(
  segment: SegmentPattern,
  known: Known,
  use: 'send' | 'match',
  tell: (message: string) => void,
): void {
  const { bound, needed, strange, open, wrong } = mentionedIn(segment);
  for (const name of bound) known.names.add(name);
  for (const field of use === 'send' ? open : [])
    tell(`${field} leaves its value open, and a segment that is sent needs one value for each field`);
  for (const message of wrong) tell(message);
  for (const name of needed)
    if (!known.names.has(name))
      tell(`the name \`${name}\` is used before anything binds it${didYouMean(name, known.names)}`);
  for (const called of strange)
    tell(`there is no function \`${called}\`${didYouMean(called, Object.keys(caseFunctions))}`);
}
