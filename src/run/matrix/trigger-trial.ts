/**
 * Runs the catalogue on mutants whose defect is confined to occasions: for each trigger, whether some dialogue gives it
 * an occasion, whether its packets then differ, and whether some case notices. Cases that cite the broken requirement are
 * tried first, and the first citing kill is enough. The selection never depends on time or threads.
 */
import type { ConfinableMutant, ConfinedSubject } from '../../iut/mutant-subject.js';
import { triggers } from '../../iut/mutant-subject.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { type Judging, kills, type Outcome } from './outcome.js';

export interface TriggerRow {
  readonly mutant: string;
  readonly trigger: string;
  /** Whether the packets of some dialogue differ from the reference's because of it. */
  readonly fires: boolean;
  readonly noticedBy?: string;
  /** A case with a citing kill. */
  readonly citedBy?: string;
  /** If no case notices it, a case in which the packets differ. */
  readonly seenIn?: string;
}

/** Number of cases tried after a kill that is not citing, in search of a citing one. */
const further = 60;

export const tryTriggers = (
  mutant: ConfinableMutant,
  cases: readonly ExpandedCase[],
  judging: Judging,
): readonly TriggerRow[] => {
  const cites = ({ requirements }: ExpandedCase): boolean => requirements.includes(mutant.requirement);
  const own = ({ profiles }: ExpandedCase): boolean => profiles.includes(mutant.profile);
  const order = [
    ...cases.filter(cites),
    ...cases.filter((each) => !cites(each) && own(each)),
    ...cases.filter((each) => !cites(each) && !own(each)),
  ];
  const chances = new Map<string, ExpandedCase[]>(triggers.map(({ id }) => [id, []]));
  for (const each of order) {
    const { utterances } = judging.hear(mutant.reference, each);
    for (const trigger of mutant.occasions(`${judging.seed}/${each.id}`, utterances)) chances.get(trigger)?.push(each);
  }
  return triggers.map((trigger) => {
    const confined = mutant.confinedTo(trigger);
    return {
      mutant: mutant.id,
      trigger: trigger.id,
      ...tryCases(mutant, confined, chances.get(trigger.id) ?? [], judging),
    };
  });
};

const tryCases = (
  { requirement }: ConfinableMutant,
  confined: ConfinedSubject,
  cases: readonly ExpandedCase[],
  judging: Judging,
): Pick<TriggerRow, 'fires' | 'noticedBy' | 'citedBy' | 'seenIn'> => {
  let seenIn: string | undefined;
  let noticedBy: string | undefined;
  let left = further;
  for (const each of cases) {
    if (noticedBy !== undefined && left-- === 0) break;
    const { outcome: usual, utterances } = judging.hear(confined.usual, each);
    if (confined.saysTheSame(`${judging.seed}/${each.id}`, utterances) || !confined.hadOccasion()) continue;
    seenIn ??= each.id;
    const outcome = judging.judgeAnew(confined, each);
    if (!killsAnyhow(outcome, usual)) continue;
    noticedBy ??= each.id;
    if (killsCiting(outcome, usual, each, requirement)) return { fires: true, noticedBy, citedBy: each.id };
  }
  if (noticedBy !== undefined) return { fires: true, noticedBy };
  return seenIn === undefined ? { fires: false } : { fires: true, seenIn };
};

const brokenRules = (outcome: Outcome, usual: Outcome) =>
  outcome.byRules.filter(({ rule, verdict }) =>
    kills(verdict, usual.byRules.find((breach) => breach.rule === rule)?.verdict ?? 'pass'),
  );

const killsAnyhow = (outcome: Outcome, usual: Outcome): boolean =>
  kills(outcome.verdict, usual.verdict) ||
  kills(outcome.bySteps, usual.bySteps) ||
  brokenRules(outcome, usual).length > 0;

const killsCiting = (outcome: Outcome, usual: Outcome, each: ExpandedCase, requirement: string): boolean =>
  (kills(outcome.bySteps, usual.bySteps) && each.requirements.includes(requirement)) ||
  brokenRules(outcome, usual).some(({ requirements }) => requirements.includes(requirement));

export interface TriggerFigures {
  readonly trigger: string;
  readonly mutants: number;
  readonly neverFired: number;
  readonly noticed: number;
  readonly noticedByCiting: number;
}

/** Sums by trigger, in the order of the triggers. */
export const sumUpTriggers = (rows: readonly TriggerRow[]): readonly TriggerFigures[] =>
  triggers.map(({ id }) => {
    const own = rows.filter(({ trigger }) => trigger === id);
    const count = (test: (row: TriggerRow) => boolean): number => own.filter(test).length;
    return {
      trigger: id,
      mutants: own.length,
      neverFired: count(({ fires }) => !fires),
      noticed: count(({ noticedBy }) => noticedBy !== undefined),
      noticedByCiting: count(({ citedBy }) => citedBy !== undefined),
    };
  });
