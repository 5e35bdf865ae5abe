/**
 * Brings a baseline in line with the results of a run: removes entries of fixed cases, updates those with a changed
 * failure, and adds an entry for each cause of new deviations if a reason is given (baseline-causes.ts). Entries that
 * need a person's judgement are refused with a sentence: globs that hold only in part, flaky cases, expired entries.
 * Errors and missing results are never excused.
 */

import { counted } from '../suite/verdict/counted.js';
import type { CaseResult, Results } from '../suite/verdict/results.js';
import { type Baseline, type BaselineEntry, patternOf } from './baseline.js';
import { isOfCause, settleCauses, settleCount } from './baseline-causes.js';
import { draftBaseline, type EntryFields } from './baseline-edit.js';
import { versionOf } from './entry-scope.js';
import { type Gate, type GatedCase, gateOf } from './gate.js';
import type { Standing } from './standing.js';
import { isAskedFor, type Pen, type Settleable, settleable, type UpdateRules } from './update-pen.js';

/** Standings that are settled by default: not those with insufficient evidence. */
export const usuallySettled: readonly Settleable[] = settleable.filter((standing) => standing !== 'inconclusive');

export interface Update {
  readonly text: string;
  /** The changes, a line each. */
  readonly done: readonly string[];
  /** The entries left to a person, with the reason. */
  readonly refused: readonly string[];
}

export const updateBaseline = (text: string, baseline: Baseline, results: Results, rules: UpdateRules): Update => {
  const gate = gateAgainst(baseline, results, rules);
  const draft = draftBaseline(text);
  if (draft === undefined) return { text, done: [], refused: [inBrackets] };
  const pen: Pen = { draft, done: [], refused: [] };
  if (gate.entries.some(({ fault }) => fault === 'foreign')) {
    const names = results.subjects.map(({ name }) => name).join(', ');
    return { text, done: [], refused: [`the baseline is for ${baseline.iut}, the results are of ${names}`] };
  }
  if (gate.entries.some(({ fault }) => fault === 'outdated')) {
    const version = versionOf(results.run.tool);
    pen.draft.setCatalogue(version);
    pen.done.push(`catalogue: ${baseline.catalogue} -> ${version}`);
  }
  const own = gate.cases.filter(({ result }) => result.subject === baseline.iut);
  for (const entry of baseline.entries) {
    const covered = own.filter((each) => each.entry === entry && each.result.verdict !== 'not-applicable');
    settleEntry(entry, covered, rules, pen);
  }
  for (const finding of gate.entries) {
    const { entry, fault, sentence } = finding;
    if (entry === undefined || fault === 'outdated') continue;
    if (settleCount(finding, own.filter((each) => each.entry === entry).length, rules, pen)) continue;
    pen.refused.push(`line ${entry.origin.line}: ${sentence}${fault === 'dead' ? '; baseline prune removes it' : ''}`);
  }
  for (const each of own)
    if (each.entry === undefined) {
      if (each.standing === 'flaky' || !isOfCause(each)) settleUnlisted(each.result, each.standing, rules, pen);
    }
  settleCauses(own, rules, pen);
  return { text: draft.finish(), done: pen.done, refused: pen.refused };
};

/** Without the entries that no result needs any more. */
export const pruneBaseline = (text: string, baseline: Baseline, results: Results, rules: UpdateRules): Update => {
  const gate = gateAgainst(baseline, results, rules);
  const draft = draftBaseline(text);
  if (draft === undefined) return { text, done: [], refused: [inBrackets] };
  const pen: Pen = { draft, done: [], refused: [] };
  for (const { entry, fault, sentence } of gate.entries) {
    if (entry === undefined) pen.refused.push(sentence);
    else if (fault === 'dead') {
      pen.draft.remove(entry.index);
      pen.done.push(`removed line ${entry.origin.line}: ${sentence}`);
    } else pen.refused.push(`line ${entry.origin.line}: ${sentence}`);
  }
  return { text: draft.finish(), done: pen.done, refused: pen.refused };
};

const inBrackets = 'the entries stand in brackets; write each on lines of its own, or edit them by hand';

const gateAgainst = (baseline: Baseline, results: Results, { today, level, catalogue }: UpdateRules): Gate =>
  gateOf(results, {
    baselines: [baseline],
    today,
    level,
    inconclusiveBudget: 0,
    allowFixed: false,
    expectAll: false,
    ...(catalogue === undefined ? {} : { catalogue }),
  });

const settleEntry = (entry: BaselineEntry, covered: readonly GatedCase[], rules: UpdateRules, pen: Pen): void => {
  const { draft, done, refused } = pen;
  const asked = covered.filter(({ standing }) => isAskedFor(standing, rules));
  const place = `line ${entry.origin.line}, ${patternOf(entry)}`;
  for (const { result, standing } of covered) {
    if (standing === 'flaky') refused.push(`${result.id}: flaky; write an entry with expect flaky, issue and until`);
    if (standing === 'expired') refused.push(`${place}: its last day was ${entry.until}; give it another or mend it`);
  }
  const [only] = asked;
  if (only === undefined) return;
  if (asked.length === covered.length && asked.every(({ standing }) => standing === 'fixed')) {
    draft.remove(entry.index);
    done.push(`removed ${place}: fixed`);
  } else if (entry.glob !== undefined) {
    const ids = asked.map(({ result }) => result.id).join(', ');
    refused.push(
      `${place}: no longer holds for ${asked.length} of ${counted(covered.length, 'case')} (${ids}); split it by hand`,
    );
  } else {
    const expected = expectationFrom(only.result);
    if (typeof expected === 'string') refused.push(`${place}: ${expected}`);
    else {
      draft.setExpectation(entry.index, expected);
      done.push(`${place}: ${tell(entry)} -> ${tell(expected)}`);
    }
  }
};

const settleUnlisted = (
  result: CaseResult,
  standing: Standing,
  rules: UpdateRules,
  { draft, done, refused }: Pen,
): void => {
  if (standing === 'flaky') refused.push(`${result.id}: flaky; write an entry with expect flaky, issue and until`);
  if (standing === 'error' || standing === 'missing') refused.push(`${result.id}: ${standing}; this is no verdict`);
  if (!isAskedFor(standing, rules)) return;
  const expected = expectationFrom(result);
  if (typeof expected === 'string') refused.push(`${result.id}: ${expected}`);
  else if (rules.reason === undefined)
    refused.push(`${result.id}: ${tell(expected)}; an entry needs --reason: why is this known?`);
  else {
    draft.add({
      case: result.id,
      ...expected,
      reason: rules.reason,
      ...(rules.issue === undefined ? {} : { issue: rules.issue }),
    });
    done.push(`added ${result.id}: ${tell(expected)}`);
  }
};

type Expected = Pick<EntryFields, 'expect' | 'signature' | 'observation'>;

/** The expectation of an entry for this result, or the reason why none can have it. */
const expectationFrom = ({ verdict, signature, observation }: CaseResult): Expected | string => {
  switch (verdict) {
    case 'fail':
    case 'nonstrict':
    case 'inconclusive':
      return signature === undefined
        ? `${verdict} without a signature cannot be expected`
        : { expect: verdict, signature };
    case 'unsupported':
      return { expect: verdict };
    case 'info':
      return observation === undefined
        ? 'nothing is observed any more; remove the entry'
        : { expect: verdict, observation };
    case 'pass':
      return 'passes now; remove the entry';
    case 'not-applicable':
    case 'not-run':
    case 'error':
      return `${verdict} cannot be expected`;
  }
};

const tell = ({ expect, signature, observation }: Expected): string =>
  [
    expect,
    ...(signature === undefined ? [] : [signature].flat()),
    ...(observation === undefined ? [] : [observation]),
  ].join(' ');
