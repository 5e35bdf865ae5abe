/** A run's results as plain sentences: the failures first, then counts, then their meaning. */

import { causeOf } from '../gate/cause.js';
import type { GatedCase } from '../gate/gate.js';
import { printable } from '../protocol/bytes/printable.js';
import { counted } from '../suite/verdict/counted.js';
import type { CaseResult, Results } from '../suite/verdict/results.js';
import { verdicts } from '../suite/verdict/results.js';
import { causeByResult, type ReportedCause, reportedCauses, tellPlace, tellSentence } from './reported-cause.js';
import type { RunReport } from './reported-test.js';

/** The word that begins the line of a case that needs attention; the worst first. */
const redWords = [
  'ERROR',
  'FAIL',
  'UNSUPPORTED',
  'NOT APPLICABLE',
  'CHANGED',
  'FLAKY',
  'EXPIRED',
  'FIXED',
  'NONSTRICT',
  'INCONCLUSIVE',
  'NOT RUN',
] as const;
export type RedWord = (typeof redWords)[number];

/** An item that needs attention: a cause, or a case whose baseline entry is not met. */
export interface RedBlock {
  readonly word: RedWord;
  readonly subject: string;
  /** The problem in one line: the broken sentence, or the case and the reason. */
  readonly headline: string;
  /** More of it, as label and text. */
  readonly details: readonly (readonly [label: string, text: string])[];
}

/**
 * Everything that makes the gate red, or would over a budget, cause by cause, the worst and largest first; results with a
 * baseline are listed case by case. `placeOf` turns a name of evidence into a path that can be opened. Strings from the
 * implementation are escaped.
 */
export const redBlocks = (
  { gate: { cases }, register }: Pick<RunReport, 'gate' | 'register'>,
  placeOf: (evidence: string) => string,
): readonly RedBlock[] => {
  const red = cases.filter(({ red: isRed, standing }) => isRed || standing === 'inconclusive');
  const causes = reportedCauses(cases, register);
  const causeOfResult = causeByResult(causes);
  return redWords.flatMap((word) => {
    const own = red.filter((each) => wordOf(each) === word);
    const alone = own.filter((each) => standsAlone(each) || !causeOfResult.has(each.result));
    const together = causes.flatMap((cause) => {
      const members = own.filter((each) => !alone.includes(each) && isOf(cause, each.result, causeOfResult, word));
      return members.length === 0 ? [] : [causeBlock(word, cause, members, placeOf)];
    });
    return [...together, ...alone.map((each) => caseBlock(word, each, placeOf))];
  });
};

/** A cause that decides nothing is told by its own verdict, of all results in which it shows. */
const isOf = (
  reported: ReportedCause,
  result: CaseResult,
  causeOfResult: ReadonlyMap<CaseResult, ReportedCause>,
  word: RedWord,
): boolean =>
  reported.cause.decides
    ? causeOfResult.get(result) === reported
    : wordOfVerdict[reported.cause.verdict] === word && reported.cause.results.some((each) => each.result === result);

/** Where a baseline has something to say, or a case did not come out the same each time. */
const standsAlone = ({ entry, result }: GatedCase): boolean => entry !== undefined || result.attempts !== undefined;

const wordOf = ({ result, standing }: GatedCase): RedWord => {
  switch (standing) {
    case 'fixed':
      return 'FIXED';
    case 'flaky':
      return 'FLAKY';
    case 'expired':
      return 'EXPIRED';
    case 'changed':
      return 'CHANGED';
    default:
      return wordOfVerdict[result.verdict];
  }
};

/** What passes is red only against a baseline, where its standing says how. */
const wordOfVerdict: Readonly<Record<(typeof verdicts)[number], RedWord>> = {
  error: 'ERROR',
  fail: 'FAIL',
  unsupported: 'UNSUPPORTED',
  'not-applicable': 'NOT APPLICABLE',
  inconclusive: 'INCONCLUSIVE',
  'not-run': 'NOT RUN',
  nonstrict: 'NONSTRICT',
  info: 'CHANGED',
  pass: 'CHANGED',
};

/** So many other sentences are named. */
const mostNamed = 3;

const causeBlock = (
  word: RedWord,
  cause: ReportedCause,
  members: readonly GatedCase[],
  placeOf: (evidence: string) => string,
): RedBlock => {
  const [main, ...others] = cause.broken;
  const asked = new Set(members.map(({ result }) => result));
  const first = cause.cause.results.find(({ result }) => asked.has(result))?.result ?? cause.first;
  const more = others.length > mostNamed ? `, and ${others.length - mostNamed} more` : '';
  const details: (readonly [string, string | undefined])[] = [
    ['what', main === undefined || cause.expected !== undefined ? undefined : cause.sentence],
    ['expected', cause.expected],
    ['got', cause.got],
    ['likely', cause.likely],
    ['right', cause.right],
    ['also', others.length === 0 ? undefined : others.slice(0, mostNamed).map(tellSentence).join(', ') + more],
    ['cases', `${members.length}, look first at ${printable(first.id)}: ${printable(first.title, longest)}`],
    ['step', cause.place === undefined ? undefined : tellPlace(cause.place)],
    ['see', first.evidence === undefined ? undefined : `robe show ${placeOf(first.evidence)}`],
  ];
  return {
    word,
    subject: first.subject,
    headline:
      main === undefined
        ? cause.sentence
        : `${tellSentence(main)}${main.statement === undefined ? '' : `: ${printable(main.statement, longest)}`}`,
    details: details.flatMap(([label, text]) => (text === undefined ? [] : [[label, text] as const])),
  };
};

const longest = 400;

const caseBlock = (word: RedWord, each: GatedCase, placeOf: (evidence: string) => string): RedBlock => {
  const { id, subject, evidence } = each.result;
  return {
    word,
    subject,
    headline: `${id}: ${printable(causeOf(each), longest)}`,
    details: evidence === undefined ? [] : [['see', `robe show ${placeOf(evidence)}`]],
  };
};

const words: Readonly<Record<(typeof verdicts)[number], (count: number) => string>> = {
  pass: (n) => `${n} passed`,
  info: (n) => `${n} for information`,
  nonstrict: (n) => `${n} passed but miss a SHOULD`,
  inconclusive: (n) => `${n} inconclusive`,
  fail: (n) => `${n} failed`,
  error: (n) => counted(n, 'error'),
  'not-applicable': (n) => `${n} not applicable`,
  unsupported: (n) => `${n} unsupported`,
  'not-run': (n) => `${n} not run`,
};

/** `12 passed, 1 failed, 3 not applicable`; verdicts that nothing has are left out. */
export const tell = (totals: Results['totals']): string => {
  const told = verdicts.flatMap((verdict) => {
    const count = totals[verdict];
    return count === undefined || count === 0 ? [] : [words[verdict](count)];
  });
  return told.length === 0 ? 'no cases' : told.join(', ');
};

/** The meaning of the run, in one sentence. */
export const meaning = (results: Results): string => {
  const count = (verdict: (typeof verdicts)[number]): number => results.totals[verdict] ?? 0;
  const { interrupted, problem } = results.run;
  if (interrupted) return 'The run was interrupted; what it had found by then is kept.';
  if (problem !== undefined) return `The run ended early: ${printable(problem)}.`;
  if (count('error') > 0) return 'Some cases reached no verdict: the cause lies with the tester or its surroundings.';
  const missed = count('fail') + count('unsupported');
  if (missed > 0) return `Not conformant: ${counted(missed, 'case does', 'cases do')} not behave as required.`;
  if (count('inconclusive') > 0) return 'Nothing failed, but the evidence of some cases is insufficient.';
  const judged = count('pass') + count('info') + count('nonstrict');
  if (judged === 0) return 'No case was judged.';
  return 'Every case that was judged behaves as required.';
};
