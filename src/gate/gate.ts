/**
 * The gate: whether a run may pass, from its results and the baselines of those it judged. Pure: the day is an argument.
 * Every result has a standing (standing.ts), baselines can have faults (entry-scope.ts), and so can the run as a whole.
 * Any of these is red by default; a run that judged nothing is never a success.
 */
import type { CaseResult, Results } from '../suite/verdict/results.js';
import type { Baseline, BaselineEntry } from './baseline.js';
import { type EntryFault, type EntryFinding, type KnownCase, scopeOf } from './entry-scope.js';
import { type ExitCode, exitCodes, gravest } from './exit-code.js';
import { type RunFinding, runFindings } from './run-finding.js';
import { type GateLevel, type Standing, standingOf, standings } from './standing.js';

export interface GateRules {
  /** At most one for each subject. */
  readonly baselines: readonly Baseline[];
  /** `2027-03-01`. */
  readonly today: string;
  /** The cases of the catalogue, which distinguish dead entries from ones that were not selected. */
  readonly catalogue?: readonly KnownCase[];
  readonly level: GateLevel;
  /** Number of inconclusive results with which the gate still holds. */
  readonly inconclusiveBudget: number;
  /** Unexpected passes do not turn the gate red: for nightly runs of an implementation under development. */
  readonly allowFixed: boolean;
  /** Cases that do not apply count as not conformant: for implementations that must support everything. */
  readonly expectAll: boolean;
}

/** The rules without a baseline and without leniency. */
export const strictly = (today: string): GateRules => ({
  baselines: [],
  today,
  level: 'must',
  inconclusiveBudget: 0,
  allowFixed: false,
  expectAll: false,
});

export interface GatedCase {
  readonly result: CaseResult;
  readonly standing: Standing;
  /** Whether it turns the gate red. Inconclusive results do so together, if they exceed the budget. */
  readonly red: boolean;
  readonly entry?: BaselineEntry;
}

export interface Gate {
  /** One for each result, in the order of the results. */
  readonly cases: readonly GatedCase[];
  /** Faults of baselines; each is red. */
  readonly entries: readonly EntryFinding[];
  /** Faults of the run as a whole; each is red. */
  readonly run: readonly RunFinding[];
  readonly counts: Readonly<Record<Standing, number>>;
  readonly exit: ExitCode;
}

export const gateOf = (results: Results, rules: GateRules): Gate => {
  const known = rules.catalogue ?? results.cases;
  const scopes = rules.baselines.map((baseline) => scopeOf(baseline, results, known));
  const entries = [...scopes.flatMap(({ findings }) => findings), ...doubledBaselines(rules.baselines)];
  const standing = results.cases.map((result) => {
    const scope = scopes.find(({ baseline }) => baseline.iut === result.subject);
    const entry = scope?.entryOf.get(result.id);
    const expectation = {
      entry,
      baselined: scope !== undefined,
      level: rules.level,
      today: rules.today,
      expectAll: rules.expectAll,
    };
    return { result, standing: standingOf(result, expectation), ...(entry === undefined ? {} : { entry }) };
  });
  const counts = countStandings(standing);
  const codeOf = (each: Standing): ExitCode =>
    each === 'inconclusive' && counts.inconclusive <= rules.inconclusiveBudget
      ? exitCodes.holds
      : each === 'fixed' && rules.allowFixed
        ? exitCodes.holds
        : codes[each];
  const run = runFindings(results);
  return {
    cases: standing.map((each) => ({ ...each, red: codeOf(each.standing) !== exitCodes.holds })),
    entries,
    run,
    counts,
    exit: gravest([
      ...standings.filter((each) => counts[each] > 0).map(codeOf),
      ...entries.map(({ fault }) => exitOfFault(fault, rules)),
      ...run.map(({ exit }) => exit),
    ]),
  };
};

const codes: Readonly<Record<Standing, ExitCode>> = {
  'as-expected': exitCodes.holds,
  known: exitCodes.holds,
  'observation-changed': exitCodes.holds,
  regressed: exitCodes.red,
  changed: exitCodes.red,
  fixed: exitCodes.red,
  'new-failure': exitCodes.red,
  flaky: exitCodes.red,
  expired: exitCodes.red,
  inconclusive: exitCodes.inconclusive,
  missing: exitCodes.incomplete,
  error: exitCodes.error,
};

/** A cause in more or fewer cases is a change of the implementation; every other fault is a mistake in the file. */
const exitOfFault = (fault: EntryFault, { allowFixed }: GateRules): ExitCode => {
  if (fault === 'wider') return exitCodes.red;
  if (fault === 'rarer') return allowFixed ? exitCodes.holds : exitCodes.red;
  return exitCodes.usage;
};

const countStandings = (cases: readonly { readonly standing: Standing }[]): Record<Standing, number> => {
  const none = Object.fromEntries(standings.map((standing) => [standing, 0]));
  const counts = none as Record<Standing, number>;
  for (const { standing } of cases) counts[standing] += 1;
  return counts;
};

/** Two baselines for one subject: it is undefined which one counts. */
const doubledBaselines = (baselines: readonly Baseline[]): readonly EntryFinding[] =>
  baselines
    .filter(({ iut }, index) => baselines.findIndex((other) => other.iut === iut) < index)
    .map(({ file, iut }) => ({
      fault: 'duplicate',
      file,
      line: 1,
      column: 1,
      sentence: `a second baseline for ${iut}`,
    }));
