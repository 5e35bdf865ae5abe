/**
 * Causes: the failures of a run, each once, with all its cases. Pure; every report groups by these.
 *
 * A red result belongs to the cause of its decisive finding. Findings with one signature are one cause: a wrong HMAC is
 * one cause in a hundred cases. Signatures that break the same sentences are also one cause: a listener that answers no
 * SYN is silent after a SYN with MP_CAPABLE and after one without. The sentences that each breaks are judged from all
 * results together ({@link seenTogether}).
 *
 * A rule's finding on an earlier segment than the decisive one is a cause of its own if it decides no result: so one
 * defect does not hide an earlier one.
 */

import type { CaseResult } from '../suite/verdict/results.js';
import { signatureOf } from '../suite/verdict/signature.js';
import { badness, type Verdict } from '../suite/verdict/verdict.js';
import { sameSet, seenTogether } from './blamed.js';

/** A finding of a result, and the sentences that it breaks, judged from all results of the run. */
export interface Blamed {
  readonly result: CaseResult;
  /** The decisive finding; absent if the case never ran. */
  readonly finding: CaseResult['findings'][number] | undefined;
  readonly requirements: readonly string[];
}

export interface Cause {
  readonly subject: string;
  /** The worst verdict among its results. */
  readonly verdict: Verdict;
  /** The signature of most of its results; the name of the cause. */
  readonly signature: string;
  /** All of them, the most frequent first. */
  readonly signatures: readonly string[];
  /** The broken sentences, those of most results first. */
  readonly requirements: readonly string[];
  /** Whether it decides its results; otherwise they are red for another cause as well. */
  readonly decides: boolean;
  /** Its results; look at the first one first. */
  readonly results: readonly Blamed[];
}

/** The causes of results that are not green, by subject in order of appearance, the worst and largest first. */
export function causesOf(results: readonly CaseResult[]): readonly Cause[] {
  const subjects = [...new Set(results.map(({ subject }) => subject))];
  return subjects.flatMap((subject) => causesOfSubject(results.filter((each) => each.subject === subject)));
}

/** Verdicts that need an explanation. */
const isRed = ({ verdict }: CaseResult): boolean => !green.has(verdict);
const green: ReadonlySet<Verdict> = new Set(['pass', 'info', 'not-applicable']);

function causesOfSubject(results: readonly CaseResult[]): readonly Cause[] {
  const blamed = blameTogether(results);
  const groups = new Map<string, Blamed[]>();
  for (const each of blamed.filter(({ result }) => isRed(result))) {
    const key = keyOf(each);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...joinBySentence([...groups.values()]), ...besides(results, blamed)]
    .map(describe)
    .sort(
      (a, b) =>
        badness(b.verdict) - badness(a.verdict) ||
        b.results.length - a.results.length ||
        (a.signature < b.signature ? -1 : 1),
    );
}

/** Groups of rules' findings before the decisive segment, for sentences that no decisive finding breaks. */
function besides(results: readonly CaseResult[], blamed: readonly Blamed[]): readonly (readonly Blamed[])[] {
  const decided = new Set(blamed.filter(({ result }) => isRed(result)).flatMap(({ requirements }) => requirements));
  const decisive = new Map(blamed.map(({ result, finding }) => [result, finding]));
  const groups = new Map<string, Blamed[]>();
  for (const result of results) {
    const end = decisive.get(result)?.observation ?? Number.POSITIVE_INFINITY;
    for (const finding of result.findings) {
      const { rule, observation = end, requirements = [] } = finding;
      if (rule === undefined || observation >= end || requirements.some((id) => decided.has(id))) continue;
      const key = `${kindOf(finding.verdict)}\n${signatureOf(finding)}`;
      groups.set(key, [...(groups.get(key) ?? []), { result, finding, requirements }]);
    }
  }
  return joinBySentence([...groups.values()]);
}

/** The kind of verdict by which a result is grouped: verdicts of different kinds have different causes. */
const keyOf = ({ result, finding, requirements }: Blamed): string =>
  `${kindOf(result.verdict)}\n${finding === undefined ? (result.signature ?? withoutNumbers(result.sentence)) : nameOf(finding, result, requirements)}`;

/** `fail` and `nonstrict` are caused by a host; the others each by something else. */
const kindOf = (verdict: Verdict): string => (verdict === 'nonstrict' ? 'fail' : verdict);

/** A finding that breaks only the sentence of a rule for the same segment is named after the rule. */
const nameOf = (
  finding: CaseResult['findings'][number],
  { findings }: CaseResult,
  broken: readonly string[],
): string => {
  const rule = findings.find(
    (other) =>
      other.rule !== undefined &&
      other.observation !== undefined &&
      other.observation === finding.observation &&
      sameSet(other.requirements ?? [], broken),
  );
  return signatureOf(rule ?? finding);
};

const withoutNumbers = (sentence: string): string => sentence.replaceAll(/\d+/g, 'N');

/** Every result with its decisive finding and what that breaks. */
function blameTogether(results: readonly CaseResult[]): readonly Blamed[] {
  const whole = seenTogether(results);
  return results.map((result) => {
    const finding = result.findings.find(({ verdict }) => verdict === result.verdict);
    if (finding === undefined) return { result, finding, requirements: [] };
    return {
      result,
      finding,
      requirements: whole.brokenBy(finding),
    };
  });
}

interface Group {
  readonly kind: string;
  readonly signatures: string[];
  readonly members: Blamed[];
  readonly sentences: Set<string>;
}

/**
 * Groups that break the same sentences are merged: those that share a sentence and have the same signature apart from the
 * tester's last action, and those that share at least half of their sentences. The largest come first, so that small ones
 * join them and not each other.
 */
function joinBySentence(groups: readonly (readonly Blamed[])[]): readonly (readonly Blamed[])[] {
  const joined: Group[] = [];
  for (const members of [...groups].sort((a, b) => b.length - a.length)) {
    const group = groupOf(members);
    const other = joined.find((each) => isOneCause(each, group));
    if (other === undefined) {
      joined.push(group);
      continue;
    }
    other.members.push(...members);
    other.signatures.push(...group.signatures);
    for (const sentence of group.sentences) other.sentences.add(sentence);
  }
  return joined.map(({ members }) => members);
}

const groupOf = (members: readonly Blamed[]): Group => ({
  kind: kindOf(members[0]?.result.verdict ?? 'fail'),
  signatures: members.slice(0, 1).map(signatureIn),
  members: [...members],
  sentences: new Set(members.flatMap(({ requirements }) => requirements)),
});

function isOneCause(group: Group, other: Group): boolean {
  if (group.kind !== other.kind) return false;
  const isAlike = beforeAfter(group.signatures[0]) === beforeAfter(other.signatures[0]);
  // An unanswered sentinel breaks no sentence, and is the same whatever came before.
  if (group.sentences.size + other.sentences.size === 0) return isAlike;
  const shared = [...other.sentences].filter((sentence) => group.sentences.has(sentence)).length;
  if (shared === 0) return false;
  return isAlike || shared * 2 >= Math.min(group.sentences.size, other.sentences.size);
}

const beforeAfter = (signature: string | undefined): string => signature?.split(' after ')[0] ?? '';

const signatureIn = ({ result, finding, requirements }: Blamed): string =>
  finding === undefined ? (result.signature ?? result.verdict) : nameOf(finding, result, requirements);

function describe(group: readonly Blamed[]): Cause {
  const requirements = byFrequency(group.flatMap((each) => each.requirements));
  const results = [...group].sort(simplestFirst(requirements[0]));
  const signatures = byFrequency(results.map(signatureIn));
  const verdicts = results.map(({ result, finding }) => finding?.verdict ?? result.verdict);
  return {
    subject: results[0]?.result.subject ?? '',
    verdict: verdicts.reduce((worst, each) => (badness(each) > badness(worst) ? each : worst), verdicts[0] ?? 'fail'),
    decides: results.every(({ result, finding }) => finding === undefined || isDecisive(finding, result)),
    signature: signatures[0] ?? 'none',
    signatures,
    requirements,
    results,
  };
}

const isDecisive = (finding: CaseResult['findings'][number], { findings, verdict }: CaseResult): boolean =>
  findings.find((each) => each.verdict === verdict) === finding;

/** First a case that cites the broken sentence, then few steps, then IPv4 before IPv6. */
const simplestFirst =
  (main: string | undefined) =>
  (a: Blamed, b: Blamed): number =>
    badness(b.result.verdict) - badness(a.result.verdict) ||
    Number(asks(b, main)) - Number(asks(a, main)) ||
    a.result.steps - b.result.steps ||
    a.result.ip - b.result.ip ||
    (a.result.id < b.result.id ? -1 : 1);

const asks = ({ result }: Blamed, requirement: string | undefined): boolean =>
  requirement !== undefined && result.requirements.includes(requirement);

const byFrequency = (names: readonly string[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
};
