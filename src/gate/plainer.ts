/**
 * Which failures explain others: a failure of a simpler dialogue explains the same failure of a longer one that contains
 * it.
 *
 * One failure is plainer than another if the same segment or field is wrong, or a reset came in both, and the tester did
 * less before: each of its actions is among those of the other, in that order, on the same flow or a similar one, with no
 * additional option and, on the flow in question, no additional header field; and the other has more actions. A failure
 * that no plainer one explains is a root: its case had reached its test.
 */
import type { CaseResult } from '../suite/verdict/results.js';

type Finding = CaseResult['findings'][number];
type Deed = NonNullable<Finding['trail']>[number];

export interface Failure {
  readonly result: Pick<CaseResult, 'role'>;
  readonly finding: Finding;
  /** Whether other cases find all sentences kept that it may break: then it is no root if a dialogue contains it. */
  readonly isMostlyKept: boolean;
}

/** For each failure the roots that explain it; a root is explained by itself. */
export function rootsOf<Each extends Failure>(failures: readonly Each[]): ReadonlyMap<Each, readonly Each[]> {
  const groups = new Map<string, Each[]>();
  for (const each of failures) {
    const key = `${each.result.role}\n${wrongIn(each.finding)}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const explained = new Map<Each, readonly Each[]>();
  for (const group of groups.values()) {
    const roots: Each[] = [];
    for (const each of group.filter(({ isMostlyKept }) => !isMostlyKept).sort((a, b) => sizeOf(a) - sizeOf(b))) {
      const plainer = roots.filter((root) => isPlainer(root.finding, each.finding));
      if (plainer.length === 0) roots.push(each);
      explained.set(each, plainer.length === 0 ? [each] : plainer);
    }
    for (const each of group.filter(({ isMostlyKept }) => isMostlyKept)) {
      const near = (root: Each): boolean =>
        isPlainer(root.finding, each.finding) || isPlainer(each.finding, root.finding);
      const explaining = roots.filter(near);
      explained.set(each, explaining.length === 0 ? [each] : explaining);
    }
  }
  return explained;
}

/** What is wrong: a connection that is reset, whatever was awaited; or segment or field, and how. */
export function wrongIn(finding: Finding): string {
  const { class: kind, subject, verdict } = finding;
  if (isReset(finding)) return 'reset';
  return `${kind ?? verdict} ${subject}`;
}

const isReset = ({ class: kind, subject, differences = [] }: Finding): boolean =>
  kind === 'unexpected'
    ? subject.startsWith('RST')
    : !subject.startsWith('RST') && differences.some(({ field, got }) => field === 'segment' && got.startsWith('RST'));

const sizeOf = ({ finding: { trail = [] } }: Failure): number =>
  trail.reduce((sum, { did, fields = [] }) => sum + did.split('+').length + fields.length, 0);

const isPlainer = ({ trail: less = [] }: Finding, { trail: more = [] }: Finding): boolean => {
  if (less.length === 0) return false;
  let at = 0;
  for (const deed of more) if (isContained(less[at], deed)) at += 1;
  return at === less.length && !isAlike(less, more);
};

const isContained = (less: Deed | undefined, more: Deed | undefined): boolean => {
  if (less === undefined || more === undefined || less.here !== more.here) return false;
  const [segment, ...options] = less.did.split('+');
  const [other, ...others] = more.did.split('+');
  const fields = more.fields ?? [];
  return (
    segment === other &&
    options.every((option) => others.includes(option)) &&
    (less.here !== true || (less.fields ?? []).every((field) => fields.includes(field)))
  );
};

const isAlike = (a: readonly Deed[], b: readonly Deed[]): boolean => JSON.stringify(a) === JSON.stringify(b);
