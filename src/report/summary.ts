/** What a run's results say to a person, as plain sentences: the failures first, then counts, then what it means. */

import { causeOf } from '../gate/cause.js';
import type { Gate, GatedCase } from '../gate/gate.js';
import { printable } from '../protocol/bytes/printable.js';
import { counted } from '../suite/verdict/counted.js';
import type { Results } from '../suite/verdict/results.js';
import { verdicts } from '../suite/verdict/results.js';

/** The word that begins the line of a case that needs somebody's attention; the worst first. */
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

export interface RedLine {
  readonly word: RedWord;
  readonly subject: string;
  readonly text: string;
}

/**
 * One line for each case that makes the gate red, or would over a budget: the case, the cause in one sentence, where its
 * evidence is. `placeOf` makes a name of evidence one that can be opened. Strings from the implementation come out escaped.
 */
export const redLines = ({ cases }: Gate, placeOf: (evidence: string) => string): readonly RedLine[] => {
  const red = cases.filter(({ red: isRed, standing }) => isRed || standing === 'inconclusive');
  return redWords.flatMap((word) =>
    gather(red.filter((each) => wordOf(each) === word)).flatMap((group) =>
      group.length > bundleFrom ? [bundle(group, word)] : group.map((each) => redLine(each, word, placeOf)),
    ),
  );
};

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

/** So many cases with the very same reason, and no evidence of their own, are told in one line. */
const bundleFrom = 3;

const redLine = (each: GatedCase, word: RedWord, placeOf: (evidence: string) => string): RedLine => {
  const { id, subject, evidence } = each.result;
  const place = evidence === undefined ? '' : ` (${placeOf(evidence)})`;
  return { word, subject, text: `${id}: ${printable(causeOf(each), 400)}${place}` };
};

/** Cases that share subject and sentence and were never driven stand together; every other one alone. */
const gather = (cases: readonly GatedCase[]): readonly (readonly GatedCase[])[] => {
  const groups = new Map<string, GatedCase[]>();
  for (const each of cases) {
    const { subject, evidence, sentence, id } = each.result;
    const alone = evidence !== undefined || each.entry !== undefined;
    const key = `${subject}\n${alone ? id : sentence}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()];
};

const bundle = (group: readonly GatedCase[], word: RedWord): RedLine => ({
  word,
  subject: group[0]?.result.subject ?? '',
  text: `${group.length} cases, ${group[0]?.result.id} and others: ${printable(group[0]?.result.sentence ?? '', 400)}`,
});

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

/** What the run means for whoever asked for it, in one sentence. */
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
