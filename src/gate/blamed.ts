/**
 * Which sentences each finding of a run breaks, when all results of a subject are seen together. Pure.
 *
 * **Ordinary circumstances explain special ones.** Where a signature shows in an opening that any connection has (`setUp`),
 * cases that ask about something else and fail in the same way have not come to their question: the sentence that the opening tests
 * is broken, theirs is not reached. A case that asks about that very field still breaks its own sentence. An opening that fails
 * less often than cases that ask fail in the same way is not ordinary: what they ask explains it.
 *
 * **Plainer dialogues explain longer ones** ({@link rootsOf}), in the same way.
 *
 * **What a rule says of a segment** explains why it was not the one that a case awaited.
 *
 * **What is kept elsewhere is not charged.** A step of a case's own may tell no more than that something went wrong, and then all
 * that the case asks may be broken. Of that, what other cases found kept many times as often is not reached here, as long as
 * something is left that explains the failure; and of what is left, as few sentences are broken as explain all failures of a kind.
 * The duty of a segment or field explains what cases find that ask for different things ({@link dutyWeight}).
 */
import { isComputed } from '../suite/verdict/duties.js';
import type { CaseResult } from '../suite/verdict/results.js';
import { signatureOf } from '../suite/verdict/signature.js';
import { fewestOf } from './fewest.js';
import { type Failure, rootsOf, wrongIn } from './plainer.js';

type Finding = CaseResult['findings'][number];

/** What all results of a subject together say of each finding. */
export interface Whole {
  brokenBy(finding: Finding): readonly string[];
}

/** Every result with all the sentences that its findings break; results of different subjects say nothing of each other. */
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

/** A failure of which no more is known than that something is wrong of what its case asks. */
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

/** What a case finds wrong after it has failed comes of that; rules judge each segment by itself. */
const isConsequence = (finding: Finding, { findings }: CaseResult): boolean => {
  const failed = findings.findIndex(({ verdict, rule }) => verdict === 'fail' && rule === undefined);
  return finding.rule === undefined && failed >= 0 && findings.indexOf(finding) > failed;
};

/** Failures of several cases that are one: the tester did the same, and the same was wrong. */
interface Point extends Failure {
  readonly result: CaseResult;
  readonly failures: readonly Asked[];
  /** What may be broken, and how much speaks for each: a case that asks much says little of each sentence. */
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

/** Failures of openings: they say themselves what is broken, and explain what fails alike in a dialogue that goes on from there. */
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

/** The sentences that roots break: the fewest that explain all of one kind, and of these the one that explains more of other kinds. */
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

/** So many times as often as it is charged a sentence is kept of which a failure that has another explanation says nothing. */
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

/** Whether a finding says no more than that something is wrong of all that its case asks. */
const asksMuch = ({ requirements = [], subject, setUp, rule }: Finding, result: CaseResult): boolean =>
  rule === undefined && setUp !== true && !isComputed(subject) && sameSet(requirements, result.requirements);

/** Nothing but rules objected, and these never stop a dialogue. */
export const cameToItsEnd = ({ verdict, findings }: CaseResult): boolean =>
  verdict === 'pass' ||
  verdict === 'info' ||
  verdict === 'nonstrict' ||
  (verdict === 'fail' && findings.every((finding) => finding.rule !== undefined || finding.verdict === 'nonstrict'));

/**
 * By signature: what is broken where it shows in an opening. An opening that fails less often than cases that ask fail in the same way
 * is none that any connection has: what is special about it is what they ask.
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

/** What a finding breaks: as it says, or what the opening breaks in which the same shows. */
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
 * Segments that are not as awaited, and of which a rule says what is wrong: what it says explains that, where it objects to most
 * segments that show the same. A rule that objects as often to segments that are as awaited says nothing of it.
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
