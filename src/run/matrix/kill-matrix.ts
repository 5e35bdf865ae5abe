/**
 * The kill matrix: mutants of the reference against the cases that could notice them. A case kills a mutant when its verdict
 * on the mutant is `fail` (or `nonstrict`, where only a recommendation is broken) and worse than its verdict on the right
 * implementation. A verdict that tells of insufficient evidence kills nothing, nor does an error.
 *
 * Not every pair has to be tried to know what matters. In this order, each round knowing the ones before:
 *
 * | round | pairs                                                        | answers                                       |
 * |-------|--------------------------------------------------------------|-----------------------------------------------|
 * | 1     | each mutant, the cases that cite what it breaks              | is it caught by whom it should be caught by   |
 * | 2     | mutants that live, other cases until one kills               | is it caught at all                           |
 * | 3     | cases that killed nothing, mutant after mutant               | can the case fail                             |
 *
 * A thorough matrix tries every pair. What is tried never depends on time or threads.
 */
import type { SimulatedSubject } from '../../iut/subject.js';
import { applies } from '../../suite/catalogue/applicability.js';
import type { ExpandedCase, Role } from '../../suite/language/case.js';
import { ranked, type Verdict } from '../../suite/verdict/verdict.js';
import { simulateCase } from '../simulate.js';

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
  /** Cases that kill it, of those tried, in catalogue order. */
  readonly killedBy: readonly string[];
  /** Those of them that cite the requirement it breaks. */
  readonly citedBy: readonly string[];
  /** How many cases were tried on it. */
  readonly tried: number;
}

export interface ReferenceRow {
  readonly subject: string;
  /** One that runs judge; the others declare what some mutant needs. */
  readonly usual: boolean;
  readonly judged: number;
  /** Cases whose verdict is worse than `nonstrict`. */
  readonly red: readonly { readonly id: string; readonly verdict: Verdict }[];
}

export interface KillMatrix {
  readonly mutants: readonly KillRow[];
  /** Cases that kill no mutant. */
  readonly idleCases: readonly string[];
  /** Cases that kill mutants, but none that breaks a requirement they cite. */
  readonly unprovenCases: readonly string[];
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
  /** Tries every pair. */
  readonly thorough: boolean;
}

/** Cases that a mutant meets at a time until one of them kills it. */
const huntStride = 96;
/** Mutants that meet the idle cases at a time; the next ones meet only those that are idle still. */
const idleStride = 6;

export const makeKillMatrix = async (plan: MatrixPlan, judge: Judge): Promise<KillMatrix> => {
  const right = await judgeReferences(plan, judge);
  const trials = plan.suspects.map((suspect) => new Trial(suspect, verdictsOn(right, suspect.reference)));
  await tryMutants(trials, plan, judge);
  return summarise(trials, plan, right);
};

/** Verdicts on each reference by its name. */
type Right = ReadonlyMap<string, VerdictsById>;

const judgeReferences = async ({ suspects, references, cases }: MatrixPlan, judge: Judge): Promise<Right> => {
  const all = distinct([...references, ...suspects.map(({ reference }) => reference)]);
  const judged = all.map(async (reference) => {
    const applicable = cases.filter((each) => applies(each, reference.claims).applies);
    return [reference.name, await judge(reference, applicable)] as const;
  });
  return new Map(await Promise.all(judged));
};

const verdictsOn = (right: Right, { name }: SimulatedSubject): VerdictsById => right.get(name) ?? new Map();

/** Each mutant meets the cases that cite what it breaks, then others until one kills it, then those that killed nothing yet. */
const tryMutants = async (trials: readonly Trial[], { cases, thorough }: MatrixPlan, judge: Judge): Promise<void> => {
  const firstCases = (trial: Trial) => (thorough ? cases : cases.filter((each) => trial.isCitedBy(each)));
  await Promise.all(trials.map((trial) => trial.meet(firstCases(trial), judge)));
  await Promise.all(trials.map((trial) => trial.hunt(cases, judge)));
  for (let at = 0; at < trials.length; at += idleStride) {
    const capable = killersOf(trials);
    const idle = cases.filter(({ id }) => !capable.has(id));
    await Promise.all(trials.slice(at, at + idleStride).map((trial) => trial.meet(idle, judge)));
  }
};

const summarise = (trials: readonly Trial[], { cases, references }: MatrixPlan, right: Right): KillMatrix => {
  const capable = killersOf(trials);
  const proven = new Set(trials.flatMap((trial) => cases.filter((each) => trial.provenBy(each)).map(({ id }) => id)));
  const usual = new Set(references.map(({ name }) => name));
  const judged = new Set([...right.values()].flatMap((verdicts) => [...verdicts.keys()]));
  const idsWhere = (test: (id: string) => boolean) => cases.flatMap(({ id }) => (test(id) ? [id] : []));
  return {
    mutants: trials.map((trial) => trial.row(cases)),
    idleCases: idsWhere((id) => judged.has(id) && !capable.has(id)),
    unprovenCases: idsWhere((id) => capable.has(id) && !proven.has(id)),
    unmetCases: idsWhere((id) => !judged.has(id)),
    references: [...right].map(([name, verdicts]) => describeReference(name, usual.has(name), verdicts)),
  };
};

const killersOf = (trials: readonly Trial[]): ReadonlySet<string> =>
  new Set(trials.flatMap(({ killers }) => [...killers]));

const describeReference = (subject: string, usual: boolean, verdicts: VerdictsById): ReferenceRow => ({
  subject,
  usual,
  judged: verdicts.size,
  red: [...verdicts].flatMap(([id, verdict]) =>
    rankOf(verdict) > green || rankOf(verdict) < 0 ? [{ id, verdict }] : [],
  ),
});

/** One mutant and what the cases that met it found. */
class Trial {
  readonly killers = new Set<string>();
  readonly #met = new Set<string>();

  constructor(
    readonly suspect: Suspect,
    readonly right: VerdictsById,
  ) {}

  isCitedBy({ requirements }: ExpandedCase): boolean {
    return requirements.includes(this.suspect.requirement);
  }

  provenBy(each: ExpandedCase): boolean {
    return this.killers.has(each.id) && this.isCitedBy(each);
  }

  /** Tries those of the cases that apply and were not tried yet. */
  async meet(cases: readonly ExpandedCase[], judge: Judge): Promise<void> {
    const { roles, mutant } = this.suspect;
    const fresh = cases.filter(({ id, role }) => roles.includes(role) && this.right.has(id) && !this.#met.has(id));
    if (fresh.length === 0) return;
    for (const { id } of fresh) this.#met.add(id);
    for (const [id, verdict] of await judge(mutant, fresh)) {
      if (kills(verdict, this.right.get(id) ?? 'error')) this.killers.add(id);
    }
  }

  /** Tries one case after the other until one kills, those made for the mutant's profile first. */
  async hunt(cases: readonly ExpandedCase[], judge: Judge): Promise<void> {
    const own = (each: ExpandedCase) => each.profiles.includes(this.suspect.profile);
    const order = [...cases.filter(own), ...cases.filter((each) => !own(each))];
    for (let at = 0; this.killers.size === 0 && at < order.length; at += huntStride) {
      await this.meet(order.slice(at, at + huntStride), judge);
    }
  }

  row(cases: readonly ExpandedCase[]): KillRow {
    const { id, requirement, breaks, profile } = this.suspect;
    const killers = cases.filter((each) => this.killers.has(each.id));
    return {
      id,
      requirement,
      breaks,
      profile,
      killedBy: killers.map((each) => each.id),
      citedBy: killers.filter((each) => this.isCitedBy(each)).map((each) => each.id),
      tried: this.#met.size,
    };
  }
}
