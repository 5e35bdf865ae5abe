/**
 * The kill matrix: every mutant of the reference against every case that could notice it. A case kills a mutant when its
 * verdict on the mutant is `fail` (or `nonstrict`, where only a recommendation is broken) and worse than its verdict on the
 * right implementation. A verdict that tells of insufficient evidence kills nothing, nor does an error.
 *
 * A case is written once and expanded for IPv4 and IPv6. The matrix is made with one of such twins; the other one is then
 * tried on mutants that the first one killed, so that each expanded case has shown for itself that it can fail.
 */
import type { SimulatedSubject } from '../iut/subject.js';
import { applies } from '../suite/catalogue/applicability.js';
import type { ExpandedCase, Role } from '../suite/catalogue/case.js';
import { ranked, type Verdict } from '../suite/verdict/verdict.js';
import { simulateCase } from './simulate.js';

/** A broken implementation, and the right one that claims the same. */
export interface Suspect {
  readonly id: string;
  readonly requirement: string;
  /** In one sentence what it does wrong. */
  readonly breaks: string;
  readonly profile: string;
  readonly roles: readonly Role[];
  readonly mutant: SimulatedSubject;
  readonly reference: SimulatedSubject;
}

export type VerdictsById = ReadonlyMap<string, Verdict>;

/** Judges a subject by cases, here or in another thread. */
export type Judge = (subject: SimulatedSubject, cases: readonly ExpandedCase[]) => Promise<VerdictsById>;

export interface KillRow {
  readonly id: string;
  readonly requirement: string;
  readonly breaks: string;
  readonly profile: string;
  /** Cases that kill it, in catalogue order. */
  readonly killedBy: readonly string[];
  /** Those of them that cite the requirement it breaks. */
  readonly citedBy: readonly string[];
  /** How many cases met it. */
  readonly met: number;
}

export interface ReferenceRow {
  readonly subject: string;
  readonly judged: number;
  /** Cases whose verdict is worse than `nonstrict`. */
  readonly red: readonly { readonly id: string; readonly verdict: Verdict }[];
}

export interface KillMatrix {
  readonly mutants: readonly KillRow[];
  /** Cases that met mutants and killed none. */
  readonly idleCases: readonly string[];
  /** Cases that apply to none of the references. */
  readonly unmetCases: readonly string[];
  readonly references: readonly ReferenceRow[];
}

const rankOf = (verdict: Verdict): number => (ranked as readonly Verdict[]).indexOf(verdict);
const green = rankOf('nonstrict');

/** Whether that verdict on a mutant, next to that on the reference, shows the defect. */
export const kills = (onMutant: Verdict, onReference: Verdict): boolean =>
  (onMutant === 'fail' || onMutant === 'nonstrict') &&
  rankOf(onReference) >= 0 &&
  rankOf(onReference) <= green &&
  rankOf(onMutant) > rankOf(onReference);

/** Cases without the second of twins that differ in the IP version alone, and each such second by its first. */
export const separateTwins = (
  cases: readonly ExpandedCase[],
): { readonly firsts: readonly ExpandedCase[]; readonly seconds: ReadonlyMap<string, ExpandedCase> } => {
  const ids = new Set(cases.map(({ id }) => id));
  const seconds = new Map<string, ExpandedCase>();
  const firsts = cases.filter((each) => {
    const twin = each.id.replace(/\.ip6$/, '.ip4');
    if (twin === each.id || !ids.has(twin)) return true;
    seconds.set(twin, each);
    return false;
  });
  return { firsts, seconds };
};

/** Judges in this thread; a simulation that fails is an error. */
export const judgeHere = (subject: SimulatedSubject, cases: readonly ExpandedCase[], seed: string): VerdictsById =>
  new Map(
    cases.map((each): [string, Verdict] => {
      try {
        return [each.id, simulateCase(subject, each, seed).driven.judgement.verdict];
      } catch {
        return [each.id, 'error'];
      }
    }),
  );

const distinct = (subjects: readonly SimulatedSubject[]): readonly SimulatedSubject[] => [
  ...new Map(subjects.map((subject) => [subject.name, subject])).values(),
];

export interface MatrixPlan {
  readonly suspects: readonly Suspect[];
  /** References that every case has to be green on, besides those of the suspects. */
  readonly references: readonly SimulatedSubject[];
  readonly cases: readonly ExpandedCase[];
}

export const makeKillMatrix = async (plan: MatrixPlan, judge: Judge): Promise<KillMatrix> => {
  const { suspects, cases } = plan;
  const { firsts, seconds } = separateTwins(cases);
  const references = distinct([...plan.references, ...suspects.map(({ reference }) => reference)]);
  const right = new Map(
    await Promise.all(
      references.map(async (reference): Promise<[string, VerdictsById]> => {
        const applicable = cases.filter((each) => applies(each, reference.claims).applies);
        return [reference.name, await judge(reference, applicable)];
      }),
    ),
  );
  const rightOf = (suspect: Suspect): VerdictsById => right.get(suspect.reference.name) ?? new Map();
  const candidatesOf = (suspect: Suspect): readonly ExpandedCase[] =>
    firsts.filter(({ id, role }) => suspect.roles.includes(role) && rightOf(suspect).has(id));
  const killersIn = (suspect: Suspect, verdicts: VerdictsById): readonly string[] =>
    [...verdicts].flatMap(([id, verdict]) => (kills(verdict, rightOf(suspect).get(id) ?? 'error') ? [id] : []));

  const rows = await Promise.all(
    suspects.map(async (suspect): Promise<KillRow> => {
      const met = candidatesOf(suspect);
      const killedBy = killersIn(suspect, await judge(suspect.mutant, met));
      const citing = new Set(met.filter((each) => each.requirements.includes(suspect.requirement)).map(({ id }) => id));
      const { id, requirement, breaks, profile } = suspect;
      return {
        id,
        requirement,
        breaks,
        profile,
        killedBy,
        citedBy: killedBy.filter((killer) => citing.has(killer)),
        met: met.length,
      };
    }),
  );

  const capable = new Set(rows.flatMap(({ killedBy }) => killedBy));
  const untried = new Set([...seconds].flatMap(([first, second]) => (capable.has(first) ? [second] : [])));
  // One after the other through the mutants until every twin has killed one.
  for (const [index, row] of rows.entries()) {
    const suspect = suspects[index];
    if (suspect === undefined || untried.size === 0) continue;
    const killed = new Set(row.killedBy);
    const tried = [...untried].filter(({ id }) => killed.has(id.replace(/\.ip6$/, '.ip4')));
    if (tried.length === 0) continue;
    const killers = new Set(killersIn(suspect, await judge(suspect.mutant, tried)));
    for (const each of tried) {
      if (!killers.has(each.id)) continue;
      untried.delete(each);
      capable.add(each.id);
    }
  }

  const judged = new Set([...right.values()].flatMap((verdicts) => [...verdicts.keys()]));
  return {
    mutants: rows,
    idleCases: cases.flatMap(({ id }) => (judged.has(id) && !capable.has(id) ? [id] : [])),
    unmetCases: cases.flatMap(({ id }) => (judged.has(id) ? [] : [id])),
    references: references.map(({ name }) => {
      const verdicts = right.get(name) ?? new Map<string, Verdict>();
      return {
        subject: name,
        judged: verdicts.size,
        red: [...verdicts].flatMap(([id, verdict]) =>
          rankOf(verdict) > green || rankOf(verdict) < 0 ? [{ id, verdict }] : [],
        ),
      };
    }),
  };
};
