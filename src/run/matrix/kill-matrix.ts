/**
 * The kill matrix: mutants of the reference against the cases that could notice them. A case kills a mutant when its verdict
 * on the mutant is `fail` (or `nonstrict`, where only a recommendation is broken) and worse than its verdict on the right
 * implementation. `inconclusive` and `error` kill nothing.
 *
 * A kill is made by the steps of the case, or by a rule of the book. A kill is citing if the case cites the requirement
 * that the mutant breaks and its steps killed, or if a rule of that requirement killed. A case has shown that it can fail
 * if its steps killed a mutant, or a rule whose requirement it cites.
 *
 * Not every pair has to be tried. The rounds, each with the results of the ones before:
 *
 * | round | pairs                                                         | answers                                       |
 * |-------|---------------------------------------------------------------|-----------------------------------------------|
 * | 1     | each mutant, the cases that cite what it breaks               | is it caught by whom it should be caught by   |
 * | 2     | mutants that live, other cases until one kills (with a rule on what it breaks: until that rule does) | is it caught at all |
 * | 3     | cases that have not shown it yet, mutant after mutant         | can the case fail                             |
 * | 4     | rules that noticed nothing, mutants of what they stand on     | can the rule be broken                        |
 *
 * A thorough matrix tries every pair. The selection of pairs never depends on time or threads. A reference that a run
 * judges runs every case that applies to it; a reference that only some mutants need runs the cases of these mutants.
 */
import type { OverheardSubject } from '../../iut/overheard-subject.js';
import type { SimulatedSubject } from '../../iut/subject.js';
import { applies } from '../../suite/catalogue/applicability.js';
import type { WatchingRule } from '../../suite/catalogue/coverage.js';
import type { ExpandedCase, Role } from '../../suite/language/case.js';
import type { Verdict } from '../../suite/verdict/verdict.js';
import { isGreen, type Judge, kills, type Outcome, type OutcomesById } from './outcome.js';

/** A broken implementation, and the right one that claims the same. */
export interface Suspect {
  readonly id: string;
  readonly requirement: string;
  /** The report of the same bug in a real stack. */
  readonly origin?: string;
  /** Its defect in one sentence. */
  readonly breaks: string;
  readonly profile: string;
  readonly roles: readonly Role[];
  readonly mutant: SimulatedSubject;
  readonly reference: OverheardSubject;
}

/** A rule that noticed a mutant. */
export interface NoticingRule {
  readonly rule: string;
  /** Whether its requirement is the one that the mutant breaks. */
  readonly cites: boolean;
}

export interface KillRow {
  readonly id: string;
  readonly requirement: string;
  readonly origin?: string;
  readonly breaks: string;
  readonly profile: string;
  /** Cases that kill it, of those tried, in catalogue order. */
  readonly killedBy: readonly string[];
  /** Those of them whose steps kill it. */
  readonly killedBySteps: readonly string[];
  /** Those with a citing kill. */
  readonly citedBy: readonly string[];
  /** Rules that notice it in some case, of those tried. */
  readonly noticedByRules: readonly NoticingRule[];
  /** How many cases were tried on it. */
  readonly tried: number;
}

export interface ReferenceRow {
  readonly subject: string;
  /** Judged by runs; other references have the declarations of some mutant. */
  readonly usual: boolean;
  readonly judged: number;
  /** Cases whose verdict is worse than `nonstrict`. */
  readonly red: readonly { readonly id: string; readonly verdict: Verdict }[];
}

export interface KillMatrix {
  readonly mutants: readonly KillRow[];
  /** Cases that have not shown that they can fail. */
  readonly idleCases: readonly string[];
  /** Cases that have, but by no mutant that breaks a requirement they cite. */
  readonly unprovenCases: readonly string[];
  /** Rules that notice no mutant of their requirement. */
  readonly unprovenRules: readonly string[];
  /** Cases that apply to none of the references. */
  readonly unmetCases: readonly string[];
  readonly references: readonly ReferenceRow[];
}

const distinct = (subjects: readonly SimulatedSubject[]): readonly SimulatedSubject[] => [
  ...new Map(subjects.map((subject) => [subject.name, subject])).values(),
];

export interface MatrixPlan {
  readonly suspects: readonly Suspect[];
  /** References that every case has to be green on, besides those of the suspects. */
  readonly references: readonly SimulatedSubject[];
  readonly cases: readonly ExpandedCase[];
  readonly rules: readonly WatchingRule[];
  /** Tries every pair. */
  readonly thorough: boolean;
}

/** Cases tried with a mutant at a time until one of them kills it. */
const huntStride = 96;
/** Mutants tried with the idle cases at a time; the next ones only with cases that are still idle. */
const idleStride = 6;

export const makeKillMatrix = async (plan: MatrixPlan, judge: Judge): Promise<KillMatrix> => {
  const right = new Right(judge);
  await Promise.all(plan.references.map((reference) => right.on(reference, plan.cases.filter(appliesTo(reference)))));
  const trials = plan.suspects.map((suspect) => new Trial(suspect, right, judge));
  await tryMutants(trials, plan);
  return summarise(trials, plan, right);
};

const appliesTo =
  ({ claims }: SimulatedSubject) =>
  (each: ExpandedCase): boolean =>
    applies(each, claims).applies;

/** Outcomes on the references, each judged once. */
class Right {
  readonly #known = new Map<string, Map<string, Promise<Outcome | undefined>>>();

  constructor(private readonly judge: Judge) {}

  /** Those of some cases, in their order. */
  on(reference: SimulatedSubject, cases: readonly ExpandedCase[]): Promise<readonly (Outcome | undefined)[]> {
    const known = this.#known.get(reference.name) ?? new Map<string, Promise<Outcome | undefined>>();
    this.#known.set(reference.name, known);
    const fresh = cases.filter(({ id }) => !known.has(id));
    const outcomes = fresh.length === 0 ? Promise.resolve(new Map<string, Outcome>()) : this.judge(reference, fresh);
    for (const { id } of fresh)
      known.set(
        id,
        outcomes.then((judged) => judged.get(id)),
      );
    return Promise.all(cases.map(({ id }) => known.get(id)));
  }

  /** The outcomes of a reference in its cases. */
  async met({ name }: SimulatedSubject): Promise<OutcomesById> {
    const outcomes = new Map<string, Outcome>();
    for (const [id, judged] of this.#known.get(name) ?? []) {
      const outcome = await judged;
      if (outcome !== undefined) outcomes.set(id, outcome);
    }
    return outcomes;
  }
}

const standsOn = (rule: WatchingRule, { requirement }: Suspect): boolean => rule.requirements.includes(requirement);

const tryMutants = async (trials: readonly Trial[], { cases, rules, thorough }: MatrixPlan): Promise<void> => {
  const firstCases = (trial: Trial) => (thorough ? cases : cases.filter((each) => trial.isCitedBy(each)));
  const watched = (trial: Trial) => rules.some((rule) => standsOn(rule, trial.suspect));
  await Promise.all(trials.map((trial) => trial.meet(firstCases(trial))));
  await Promise.all(trials.map((trial) => trial.hunt(cases, () => trial.isKilled(watched(trial)))));
  for (let at = 0; at < trials.length; at += idleStride) {
    const capable = killersOf(trials);
    const idle = cases.filter(({ id }) => !capable.has(id));
    await Promise.all(trials.slice(at, at + idleStride).map((trial) => trial.meet(idle)));
  }
  for (const rule of rules)
    for (const trial of trials.filter(({ suspect }) => standsOn(rule, suspect))) {
      if (provenRules(trials).has(rule.id)) break;
      await trial.hunt(cases, () => trial.rules.has(rule.id));
    }
};

const summarise = async (
  trials: readonly Trial[],
  { suspects, cases, rules, references }: MatrixPlan,
  right: Right,
): Promise<KillMatrix> => {
  const capable = killersOf(trials);
  const proven = new Set(trials.flatMap((trial) => cases.filter((each) => trial.proves(each)).map(({ id }) => id)));
  const usual = new Set(references.map(({ name }) => name));
  const all = distinct([...references, ...suspects.map(({ reference }) => reference)]);
  const judged = new Set(
    cases.filter((each) => all.some((reference) => appliesTo(reference)(each))).map(({ id }) => id),
  );
  const idsWhere = (test: (id: string) => boolean) => cases.flatMap(({ id }) => (test(id) ? [id] : []));
  const proved = provenRules(trials);
  return {
    mutants: trials.map((trial) => trial.row(cases)),
    idleCases: idsWhere((id) => judged.has(id) && !capable.has(id)),
    unprovenCases: idsWhere((id) => capable.has(id) && !proven.has(id)),
    unprovenRules: rules.flatMap(({ id }) => (proved.has(id) ? [] : [id])),
    unmetCases: idsWhere((id) => !judged.has(id)),
    references: await Promise.all(
      all.map(async (each) => describeReference(each.name, usual.has(each.name), await right.met(each))),
    ),
  };
};

/** Cases that have shown that they can fail. */
const killersOf = (trials: readonly Trial[]): ReadonlySet<string> =>
  new Set(trials.flatMap(({ bySteps, occasioned }) => [...bySteps, ...occasioned]));

const provenRules = (trials: readonly Trial[]): ReadonlySet<string> =>
  new Set(trials.flatMap(({ rules }) => [...rules].flatMap(([rule, cites]) => (cites ? [rule] : []))));

const describeReference = (subject: string, usual: boolean, outcomes: OutcomesById): ReferenceRow => ({
  subject,
  usual,
  judged: outcomes.size,
  red: [...outcomes].flatMap(([id, { verdict }]) => (isGreen(verdict) ? [] : [{ id, verdict }])),
});

/** One mutant and the findings of its cases. */
class Trial {
  readonly #killers = new Set<string>();
  readonly #cited = new Set<string>();
  readonly bySteps = new Set<string>();
  /** Cases that cite the requirement it breaks and in which a rule of that requirement killed it. */
  readonly occasioned = new Set<string>();
  /** Rules that noticed it, and whether their requirement is the one it breaks. */
  readonly rules = new Map<string, boolean>();
  readonly #met = new Set<string>();
  readonly #applies: (each: ExpandedCase) => boolean;

  constructor(
    readonly suspect: Suspect,
    private readonly right: Right,
    private readonly judge: Judge,
  ) {
    this.#applies = appliesTo(suspect.reference);
  }

  isCitedBy({ requirements }: ExpandedCase): boolean {
    return requirements.includes(this.suspect.requirement);
  }

  proves(each: ExpandedCase): boolean {
    return (this.bySteps.has(each.id) && this.isCitedBy(each)) || this.occasioned.has(each.id);
  }

  isKilled(citing: boolean): boolean {
    return (citing ? this.#cited : this.#killers).size > 0;
  }

  /** Tries those of the cases that apply and were not tried yet. */
  async meet(cases: readonly ExpandedCase[]): Promise<void> {
    const { roles, mutant, reference } = this.suspect;
    const fresh = cases.filter((each) => roles.includes(each.role) && !this.#met.has(each.id) && this.#applies(each));
    if (fresh.length === 0) return;
    for (const { id } of fresh) this.#met.add(id);
    const [outcomes, right] = await Promise.all([this.judge(mutant, fresh), this.right.on(reference, fresh)]);
    for (const [at, each] of fresh.entries()) {
      const [onMutant, onReference] = [outcomes.get(each.id), right[at]];
      if (onMutant !== undefined && onReference !== undefined) this.#note(each, onMutant, onReference);
    }
  }

  #note(each: ExpandedCase, onMutant: Outcome, onReference: Outcome): void {
    const { id } = each;
    if (kills(onMutant.verdict, onReference.verdict)) this.#killers.add(id);
    if (kills(onMutant.bySteps, onReference.bySteps)) {
      this.#killers.add(id);
      this.bySteps.add(id);
      if (this.isCitedBy(each)) this.#cited.add(id);
    }
    for (const { rule, verdict, requirements } of onMutant.byRules) {
      const before = onReference.byRules.find((breach) => breach.rule === rule);
      if (!kills(verdict, before?.verdict ?? 'pass')) continue;
      const cites = requirements.includes(this.suspect.requirement);
      this.#killers.add(id);
      if (cites) this.#cited.add(id);
      if (cites && this.isCitedBy(each)) this.occasioned.add(id);
      this.rules.set(rule, (this.rules.get(rule) ?? false) || cites);
    }
  }

  /** Tries one case after the other until `enough`, those for the mutant's profile first. */
  async hunt(cases: readonly ExpandedCase[], isEnough: () => boolean): Promise<void> {
    const own = (each: ExpandedCase) => each.profiles.includes(this.suspect.profile);
    const order = [...cases.filter(own), ...cases.filter((each) => !own(each))];
    for (let at = 0; !isEnough() && at < order.length; at += huntStride) {
      await this.meet(order.slice(at, at + huntStride));
    }
  }

  row(cases: readonly ExpandedCase[]): KillRow {
    const { id, requirement, breaks, profile, origin } = this.suspect;
    const idsIn = (ids: ReadonlySet<string>) => cases.flatMap((each) => (ids.has(each.id) ? [each.id] : []));
    return {
      id,
      requirement,
      ...(origin === undefined ? {} : { origin }),
      breaks,
      profile,
      killedBy: idsIn(this.#killers),
      killedBySteps: idsIn(this.bySteps),
      citedBy: idsIn(this.#cited),
      noticedByRules: [...this.rules].map(([rule, cites]) => ({ rule, cites })),
      tried: this.#met.size,
    };
  }
}
