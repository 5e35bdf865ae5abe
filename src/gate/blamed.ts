/**
 * Which sentences each finding of a run breaks, from all results of a subject together. Pure.
 *
 * **Ordinary circumstances explain special ones.** If a signature occurs in an ordinary opening (`setUp`), cases about
 * something else that fail in the same way have not reached their test: the sentence that the opening tests is broken,
 * and theirs are not reached. A case about that very field still breaks its own sentence. If an opening fails less often
 * than such cases, it is not ordinary: their sentences explain it.
 *
 * **Plainer dialogues explain longer ones** ({@link rootsOf}), in the same way.
 *
 * **A rule that objects to a segment** explains why it was not the one that a case expected.
 *
 * **A sentence that is kept elsewhere is not charged.** A step of a case's own may only show that something went wrong,
 * and then any sentence of the case may be broken. Sentences that other cases found kept many times as often are not
 * reached here, as long as another sentence explains the failure; of the others, the fewest that explain all failures of
 * a kind are broken. The duty of a segment or field explains equal findings of cases about different subjects ({@link
 * dutyWeight}).
 */
import { isComputed } from '../suite/verdict/duties.js';
import type { CaseResult } from '../suite/verdict/results.js';
import { signatureOf } from '../suite/verdict/signature.js';
import { fewestOf } from './fewest.js';
import { type Failure, rootsOf, wrongIn } from './plainer.js';

type Finding = CaseResult['findings'][number];

/** The judgement of each finding from all results of a subject. */
export interface Whole {
  brokenBy(finding: Finding): readonly string[];
}

/** Every result with all the sentences that its findings break; results of different subjects are independent. */
export function brokenInAll(
  results: readonly CaseResult[],
): readonly { readonly result: CaseResult; readonly broken: ReadonlySet<string> }[] {
  const subjects = [...new Set(results.map(({ subject }) => subject))];
  return subjects.flatMap((name) => {
    const own = results.filter(({ subject }) => subject === name);
    const whole = seenTogether(own);
    return own.map((result) => ({
      result,
      broken: new Set(result.findings.flatMap((finding) => whole.brokenBy(finding))),
    }));
  });
}

/** A failure that shows only that one of its case's sentences is broken. */
interface Asked {
  readonly result: CaseResult;
  readonly finding: Finding;
  readonly possible: readonly string[];
}

export function seenTogether(results: readonly CaseResult[]): Whole {
  const ordinary = ordinaryIn(results);
  const ruled = ruledIn(results);
  const asked: Asked[] = [];
  const broken = new Map<Finding, readonly string[]>();
  for (const result of results)
    for (const finding of result.findings) {
      if (isConsequence(finding, result)) continue;
      const possible = ruled.get(finding) ?? brokenBy(finding, result, ordinary);
      if (isOdd(finding, ordinary) || (asksMuch(finding, result) && possible === finding.requirements))
        asked.push({ result, finding, possible: withDuty(finding, possible) });
      else broken.set(finding, possible);
    }
  const isMostlyKept = keptMostly(results, [
    ...broken,
    ...asked.map(({ finding, possible }) => [finding, possible] as const),
  ]);
  const points = pointsOf(asked, isMostlyKept);
  const roots = rootsOf([...openingsOf(results, ordinary), ...points]);
  const charged = chargeRoots(roots);
  const alike = chargedAlike(charged);
  for (const point of points) {
    const explaining = roots.get(point) ?? [point];
    const near = new Set(explaining.flatMap((root) => charged.get(root) ?? []));
    for (const { finding, possible } of point.failures) {
      const own = [near, alike.get(kindOf(point)) ?? near].map((ids) => possible.filter((id) => ids.has(id)));
      broken.set(finding, own.find((ids) => ids.length > 0) ?? charged.get(explaining[0] ?? point) ?? possible);
    }
  }
  return { brokenBy: (finding) => broken.get(finding) ?? [] };
}

/** Findings of a case after its failure are consequences of it; rules judge each segment by itself. */
const isConsequence = (finding: Finding, { findings }: CaseResult): boolean => {
  const failed = findings.findIndex(({ verdict, rule }) => verdict === 'fail' && rule === undefined);
  return finding.rule === undefined && failed >= 0 && findings.indexOf(finding) > failed;
};

/** Failures of several cases that count as one: the tester did the same, and the same was wrong. */
interface Point extends Failure {
  readonly result: CaseResult;
  readonly failures: readonly Asked[];
  /** The sentences that may be broken, with a weight for each: a case that cites many counts less for each. */
  readonly possible: ReadonlyMap<string, number>;
  readonly isMostlyKept: boolean;
}

function pointsOf(asked: readonly Asked[], isMostlyKept: (id: string) => boolean): readonly Point[] {
  const same = new Map<string, Asked[]>();
  for (const [index, each] of asked.entries()) {
    const { point = String(index) } = each.finding;
    const key = `${each.result.role}\n${signatureOf(each.finding)}\n${point}`;
    same.set(key, [...(same.get(key) ?? []), each]);
  }
  return [...same.values()].flatMap((failures) => {
    const [first] = failures;
    if (first === undefined) return [];
    const counts = new Map<string, number>();
    for (const { finding, possible } of failures)
      for (const id of possible) counts.set(id, (counts.get(id) ?? 0) + weightOf(id, finding));
    const left = [...counts].filter(([id]) => !isMostlyKept(id));
    const possible = left.length === 0 ? counts : new Map(left);
    const isOpening = first.finding.setUp === true;
    return [
      {
        result: first.result,
        finding: first.finding,
        failures,
        possible,
        isMostlyKept: isOpening || left.length === 0,
      },
    ];
  });
}

const withDuty = ({ ordinarily }: Finding, possible: readonly string[]): readonly string[] =>
  ordinarily === undefined ? possible : [...possible, ordinarily];

/** What a duty weighs, which a case does not ask for: it explains what several cases find that ask for different things. */
const dutyWeight = 0.25;

const weightOf = (id: string, { requirements = [], ordinarily }: Finding): number =>
  id === ordinarily ? dutyWeight / requirements.length : 1 / requirements.length;

/**
 * Failures of openings: they determine the broken sentence themselves, and explain equal failures in dialogues that
 * continue from there.
 */
function openingsOf(
  results: readonly CaseResult[],
  ordinary: ReadonlyMap<string, readonly string[]>,
): readonly Point[] {
  return results.flatMap((result) =>
    result.findings
      .filter((finding) => finding.setUp === true && ordinary.has(signatureOf(finding)))
      .map((finding) => ({
        result,
        finding,
        failures: [],
        possible: new Map(finding.requirements?.map((id) => [id, 1])),
        isMostlyKept: false,
      })),
  );
}

const kindOf = ({ result: { role }, finding }: Pick<Point, 'result' | 'finding'>): string =>
  `${role}\n${wrongIn(finding)}`;

/** By kind: all sentences that roots of the kind break. */
function chargedAlike(charged: ReadonlyMap<Point, readonly string[]>): ReadonlyMap<string, ReadonlySet<string>> {
  const alike = new Map<string, Set<string>>();
  for (const [root, ids] of charged) alike.set(kindOf(root), new Set([...(alike.get(kindOf(root)) ?? []), ...ids]));
  return alike;
}

/**
 * The sentences that roots break: the fewest that explain all of one kind, and among these those that explain more of
 * other kinds.
 */
function chargeRoots(roots: ReadonlyMap<Point, readonly Point[]>): ReadonlyMap<Point, readonly string[]> {
  const kinds = new Map<string, Set<Point>>();
  const everywhere = new Map<string, number>();
  for (const root of new Set([...roots.values()].flat())) {
    kinds.set(kindOf(root), (kinds.get(kindOf(root)) ?? new Set()).add(root));
    for (const [id, weight] of root.possible)
      if (root.finding.ordinarily !== id) everywhere.set(id, (everywhere.get(id) ?? 0) + weight);
  }
  return new Map(
    [...kinds.values()].flatMap((alike) =>
      fewestOf(
        [...alike].map((root) => ({ of: root, possible: root.possible })),
        (id) => everywhere.get(id) ?? 0,
      ),
    ),
  );
}

/**
 * If a sentence is kept this many times as often as it is charged, a failure with another explanation does not count for
 * it.
 */
const keptAgainstCharged = 8;

function keptMostly(
  results: readonly CaseResult[],
  charges: readonly (readonly [Finding, readonly string[]])[],
): (id: string) => boolean {
  const of = new Map(charges);
  const [charged, kept] = [new Map<string, number>(), new Map<string, number>()];
  for (const result of results) {
    const broken = new Set(result.findings.flatMap((finding) => of.get(finding) ?? []));
    for (const id of broken) count(charged, id);
    if (cameToItsEnd(result)) for (const id of result.requirements) if (!broken.has(id)) count(kept, id);
  }
  return (id) => (kept.get(id) ?? 0) >= keptAgainstCharged * Math.max(1, charged.get(id) ?? 0);
}

/** Whether a finding shows only that one of all its case's sentences is broken. */
const asksMuch = ({ requirements = [], subject, setUp, rule }: Finding, result: CaseResult): boolean =>
  rule === undefined && setUp !== true && !isComputed(subject) && sameSet(requirements, result.requirements);

/** Only rules objected, and these never stop a dialogue. */
export const cameToItsEnd = ({ verdict, findings }: CaseResult): boolean =>
  verdict === 'pass' ||
  verdict === 'info' ||
  verdict === 'nonstrict' ||
  (verdict === 'fail' && findings.every((finding) => finding.rule !== undefined || finding.verdict === 'nonstrict'));

/**
 * By signature: the sentence that is broken if it occurs in an opening. An opening that fails less often than cases that
 * ask fail in the same way is none that any connection has: what is special about it is what they ask.
 */
function ordinaryIn(results: readonly CaseResult[]): ReadonlyMap<string, readonly string[]> {
  const ordinary = new Map<string, readonly string[]>();
  const [openings, others] = [new Map<string, number>(), new Map<string, number>()];
  for (const result of results)
    for (const finding of result.findings) {
      if (isConsequence(finding, result)) continue;
      if (asksMuch(finding, result)) count(others, signatureOf(finding));
      if (finding.setUp !== true || finding.requirements === undefined) continue;
      count(openings, signatureOf(finding));
      ordinary.set(signatureOf(finding), finding.requirements);
    }
  for (const [signature, times] of openings) if (times < (others.get(signature) ?? 0)) ordinary.delete(signature);
  return ordinary;
}

/** What an opening shows that is none that any connection has. */
const isOdd = (finding: Finding, ordinary: ReadonlyMap<string, readonly string[]>): boolean =>
  finding.setUp === true && finding.requirements !== undefined && !ordinary.has(signatureOf(finding));

/** The sentences that a finding breaks: its own, or those of an opening with the same signature. */
function brokenBy(
  finding: Finding,
  result: CaseResult,
  ordinary: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const named = finding.requirements ?? [];
  const asked = finding.setUp !== true && sameSet(named, result.requirements) && !isComputed(finding.subject);
  return (asked ? ordinary.get(signatureOf(finding)) : undefined) ?? named;
}

/**
 * Unexpected segments to which a rule objects: the rule explains them if it objects to most segments with the same
 * signature, and not as often to expected segments.
 */
function ruledIn(results: readonly CaseResult[]): ReadonlyMap<Finding, readonly string[]> {
  const [alike, firings] = [new Map<string, number>(), new Map<string, number>()];
  const meeting = new Map<string, Met[]>();
  for (const result of results) {
    const wrong = result.findings.filter((finding) => asksMuch(finding, result) && isOfSegment(finding));
    for (const finding of wrong) count(alike, signatureOf(finding));
    for (const { rule, observation, requirements = [] } of result.findings) {
      if (rule === undefined) continue;
      count(firings, rule);
      for (const finding of wrong)
        if (finding.observation === observation) {
          const key = `${rule}\n${signatureOf(finding)}`;
          meeting.set(key, [...(meeting.get(key) ?? []), { finding, rule, requirements }]);
        }
    }
  }
  const objections = new Map<string, number>();
  for (const met of meeting.values()) for (const { rule } of met) count(objections, rule);
  const explains = ({ finding, rule }: Met, times: number): boolean =>
    times >= mostOf * (alike.get(signatureOf(finding)) ?? 0) &&
    2 * (objections.get(rule) ?? 0) > (firings.get(rule) ?? 0);
  return new Map(
    [...meeting.values()].flatMap((met) =>
      met
        .filter((each) => explains(each, met.length))
        .map(({ finding, requirements }) => [finding, requirements] as const),
    ),
  );
}

/** A finding, and a rule that objects to the same segment. */
interface Met {
  readonly finding: Finding;
  readonly rule: string;
  readonly requirements: readonly string[];
}

const mostOf = 0.75;

const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

const isOfSegment = ({ observation, class: kind }: Finding): boolean =>
  observation !== undefined && (kind === 'unexpected' || kind === 'mismatch');

export const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each) => b.includes(each));
