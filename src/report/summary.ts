/** What a run's results say to a person, as plain sentences: the failures first, then counts, then what it means. */
import { printable } from '../protocol/bytes/printable.js';
import type { CaseResult, Results } from '../suite/verdict/results.js';
import { verdicts } from '../suite/verdict/results.js';

/** The verdicts that need somebody's attention, the worst first, with the word that begins their line. */
const red = [
  ['error', 'ERROR'],
  ['fail', 'FAIL'],
  ['unsupported', 'UNSUPPORTED'],
  ['inconclusive', 'INCONCLUSIVE'],
  ['not-run', 'NOT RUN'],
] as const;

export interface RedLine {
  readonly word: (typeof red)[number][1];
  readonly subject: string;
  readonly text: string;
}

/** One line for each case that is not green. Strings from the implementation come out escaped. */
export const redLines = (results: Results): readonly RedLine[] =>
  red.flatMap(([verdict, word]) => {
    const cases = results.cases.filter((each) => each.verdict === verdict);
    return gather(cases).flatMap((group) =>
      group.length > bundleFrom ? [bundle(group, word)] : group.map((each) => redLine(each, word)),
    );
  });

/** So many cases with the very same reason, and no evidence of their own, are told in one line. */
const bundleFrom = 3;

const redLine = (each: CaseResult, word: RedLine['word']): RedLine => ({
  word,
  subject: each.subject,
  text: `${each.id}: ${printable(each.sentence, 400)}${each.evidence === undefined ? '' : ` (${each.evidence})`}`,
});

/** Cases that share subject and sentence and were never driven stand together; every other one alone. */
const gather = (cases: readonly CaseResult[]): readonly (readonly CaseResult[])[] => {
  const groups = new Map<string, CaseResult[]>();
  for (const each of cases) {
    const key = each.evidence === undefined ? `${each.subject}\n${each.sentence}` : `${each.subject}\n${each.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()];
};

const bundle = (group: readonly CaseResult[], word: RedLine['word']): RedLine => ({
  word,
  subject: group[0]?.subject ?? '',
  text: `${group.length} cases, ${group[0]?.id} and others: ${printable(group[0]?.sentence ?? '', 400)}`,
});

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const words: Readonly<Record<(typeof verdicts)[number], (count: number) => string>> = {
  pass: (n) => `${n} passed`,
  info: (n) => `${n} for information`,
  nonstrict: (n) => `${n} passed but miss a SHOULD`,
  inconclusive: (n) => `${n} inconclusive`,
  fail: (n) => `${n} failed`,
  error: (n) => plural(n, 'error', 'errors'),
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
  if (missed > 0) return `Not conformant: ${plural(missed, 'case does', 'cases do')} not behave as required.`;
  if (count('inconclusive') > 0) return 'Nothing failed, but the evidence of some cases is insufficient.';
  const judged = count('pass') + count('info') + count('nonstrict');
  if (judged === 0) return 'No case was judged.';
  return 'Every case that was judged behaves as required.';
};
