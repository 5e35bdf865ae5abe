/** Problems of a baseline before any run: entries that match nothing, clash, or have expired. */
import { compareProblems, type Problem } from '../suite/catalogue/problem.js';
import { counted } from '../suite/verdict/counted.js';
import { type Baseline, type BaselineEntry, isForVersion, patternOf } from './baseline.js';
import { covers, type KnownCase, whyNone } from './entry-scope.js';

export interface LintGround {
  readonly catalogue: readonly KnownCase[];
  /** Of the suite. */
  readonly version: string;
  readonly today: string;
}

export const lintBaseline = (baseline: Baseline, { catalogue, version, today }: LintGround): readonly Problem[] => {
  const problems: Problem[] = [];
  if (!isForVersion(baseline.catalogue, version)) {
    const message = `written for version ${baseline.catalogue} of the catalogue, this is ${version}`;
    problems.push({ file: baseline.file, line: 1, column: 1, message });
  }
  // Only a run shows the cases of a cause.
  for (const entry of baseline.entries)
    if (entry.cause !== undefined && entry.until !== undefined && entry.until < today)
      problems.push({ ...entry.origin, message: `${patternOf(entry)}: expired: its last day was ${entry.until}` });
  const named = baseline.entries.filter(({ cause }) => cause === undefined);
  const covered = named.map((entry) => ({ entry, ids: idsOf(entry, catalogue) }));
  for (const [position, { entry, ids }] of covered.entries()) {
    const say = (message: string) => problems.push({ ...entry.origin, message: `${patternOf(entry)}: ${message}` });
    if (ids.length === 0) say(whyNone(entry, catalogue));
    // Fewer cases may apply than exist, never more.
    if (entry.count !== undefined && entry.count > ids.length && ids.length > 0)
      say(`counts ${counted(entry.count, 'case')}, the catalogue has ${ids.length}`);
    if (entry.until !== undefined && entry.until < today) say(`expired: its last day was ${entry.until}`);
    const clash = covered
      .slice(0, position)
      .find((other) => !asksOfRun(other.entry) && !asksOfRun(entry) && other.ids.some((id) => ids.includes(id)));
    if (clash !== undefined) say(`covers cases that the entry of line ${clash.entry.origin.line} covers too`);
  }
  return problems.sort(compareProblems);
};

const idsOf = (entry: BaselineEntry, catalogue: readonly KnownCase[]): readonly string[] =>
  catalogue.filter((each) => covers(entry, each)).map(({ id }) => id);

/** Whether only a run can tell if the entry applies: two such entries may exclude each other. */
const asksOfRun = ({ when }: BaselineEntry): boolean =>
  when !== undefined && Object.keys(when).some((name) => name !== 'ip' && name !== 'role');
