/**
 * What changed between two runs, case by case. Results are paired by subject and id; two runs of one subject each are
 * paired by id alone, so that two implementations, or two builds under different names, can be held side by side.
 */
import type { CaseResult, Results } from '../suite/verdict/results.js';
import type { Verdict } from '../suite/verdict/verdict.js';

export const changes = [
  'regressed',
  'changed',
  'new-failure',
  'gone',
  'fixed',
  'new-pass',
  'observation-changed',
  'same',
] as const;
export type Change = (typeof changes)[number];

/** Changes that make the later run worse than the earlier one. */
export const worsening: readonly Change[] = ['regressed', 'changed', 'new-failure', 'gone'];

export interface Difference {
  readonly change: Change;
  readonly id: string;
  /** Of the later run, or of the earlier one if the case is gone. */
  readonly subject: string;
  readonly before?: CaseResult;
  readonly after?: CaseResult;
}

export interface Comparison {
  readonly before: Results;
  readonly after: Results;
  /** One for each case of either run, in order of `changes`, subject, id. */
  readonly differences: readonly Difference[];
  readonly counts: Readonly<Record<Change, number>>;
}

export const compareRuns = (before: Results, after: Results): Comparison => {
  const byId = before.subjects.length === 1 && after.subjects.length === 1;
  const keyOf = ({ subject, id }: CaseResult): string => (byId ? id : `${subject}\n${id}`);
  const earlier = new Map(before.cases.map((each) => [keyOf(each), each]));
  const later = new Map(after.cases.map((each) => [keyOf(each), each]));
  const differences = [...new Set([...earlier.keys(), ...later.keys()])]
    .map((key) => differ(earlier.get(key), later.get(key)))
    .filter((each) => each !== undefined)
    .sort(
      (a, b) =>
        changes.indexOf(a.change) - changes.indexOf(b.change) || compare(a.subject, b.subject) || compare(a.id, b.id),
    );
  const count = (wanted: Change): number => differences.filter(({ change }) => change === wanted).length;
  return {
    before,
    after,
    differences,
    counts: {
      regressed: count('regressed'),
      changed: count('changed'),
      'new-failure': count('new-failure'),
      gone: count('gone'),
      fixed: count('fixed'),
      'new-pass': count('new-pass'),
      'observation-changed': count('observation-changed'),
      same: count('same'),
    },
  };
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const differ = (before: CaseResult | undefined, after: CaseResult | undefined): Difference | undefined => {
  const { id, subject } = after ?? before ?? {};
  if (id === undefined || subject === undefined) return undefined;
  return {
    change: changeBetween(before, after),
    id,
    subject,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
};

const changeBetween = (before: CaseResult | undefined, after: CaseResult | undefined): Change => {
  const [was, is] = [groupOf(before?.verdict), groupOf(after?.verdict)];
  switch (is) {
    case 'absent':
      return was === 'absent' ? 'same' : 'gone';
    case 'bad':
      if (was === 'absent') return 'new-failure';
      if (was === 'good') return 'regressed';
      return isSame(before, after) ? 'same' : 'changed';
    case 'good':
      if (was === 'absent') return 'new-pass';
      if (was === 'bad') return 'fixed';
      return betweenGood(before, after);
  }
};

type Group = 'good' | 'bad' | 'absent';

/** A case that does not apply is treated like one that is not listed. */
const groupOf = (verdict: Verdict | undefined): Group => {
  switch (verdict) {
    case undefined:
    case 'not-applicable':
      return 'absent';
    case 'pass':
    case 'info':
    case 'nonstrict':
      return 'good';
    case 'inconclusive':
    case 'unsupported':
    case 'fail':
    case 'not-run':
    case 'error':
      return 'bad';
  }
};

const isSame = (before: CaseResult | undefined, after: CaseResult | undefined): boolean =>
  before?.verdict === after?.verdict && before?.signature === after?.signature;

const betweenGood = (before: CaseResult | undefined, after: CaseResult | undefined): Change => {
  if (before?.verdict !== 'nonstrict' && after?.verdict === 'nonstrict') return 'regressed';
  if (before?.verdict === 'nonstrict' && after?.verdict !== 'nonstrict') return 'fixed';
  if (before?.verdict === 'nonstrict') return isSame(before, after) ? 'same' : 'changed';
  return before?.verdict === after?.verdict && before?.observation === after?.observation
    ? 'same'
    : 'observation-changed';
};
