/**
 * Which results the entries of one baseline cover, and faults of the entries themselves: those that cover nothing (any
 * more), a glob with a wrong count, two that cover the same case. A run of a part of the catalogue (a selection, a shard)
 * does not judge entries for the rest: an entry is dead or miscounted only if all cases that it matches were run.
 */
import { didYouMean } from '../suite/catalogue/near-miss.js';
import { meansId } from '../suite/catalogue/selection.js';
import { counted } from '../suite/verdict/counted.js';
import type { CaseResult, Results } from '../suite/verdict/results.js';
import { type Baseline, type BaselineEntry, isForVersion, patternOf } from './baseline.js';
import { isAwake, isNarrowedTo } from './condition.js';
import { showsCause } from './standing.js';

/** The fields of a case that matching needs. */
export type KnownCase = Pick<CaseResult, 'id' | 'ip' | 'role'>;

/**
 * `dead` matches no case that was run · `miscounted` a glob over more or fewer cases than it says · `duplicate` covers a
 * case that another entry covers · `rarer` a cause in fewer cases than the entry counts · `wider` in more · `foreign` of
 * an implementation that was not judged · `outdated` of another version.
 */
export const entryFaults = ['dead', 'miscounted', 'duplicate', 'rarer', 'wider', 'foreign', 'outdated'] as const;
export type EntryFault = (typeof entryFaults)[number];

/** A fault of a baseline, with its place. */
export interface EntryFinding {
  readonly fault: EntryFault;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Absent for the whole file. */
  readonly entry?: BaselineEntry;
  readonly sentence: string;
}

export interface BaselineScope {
  readonly baseline: Baseline;
  /** By case id: the entry that covers it (the first of several). */
  readonly entryOf: ReadonlyMap<string, BaselineEntry>;
  readonly findings: readonly EntryFinding[];
}

const names = (entry: BaselineEntry, id: string): boolean =>
  entry.glob === undefined ? entry.case === id : meansId(entry.glob, id);

/** Whether an entry means a case by its id. */
export const covers = (entry: BaselineEntry, each: KnownCase): boolean =>
  names(entry, each.id) && isNarrowedTo(entry.when, each);

/** Why an entry matches none of these cases. */
export const whyNone = (entry: BaselineEntry, known: readonly KnownCase[]): string => {
  const ids = known.map(({ id }) => id);
  return ids.some((id) => names(entry, id))
    ? 'means no case that its when leaves'
    : `means no case of the catalogue${didYouMean(patternOf(entry), ids)}`;
};

/** `robe-conformance 0.1.0` is version `0.1.0`. */
export const versionOf = (tool: string): string => tool.slice(tool.lastIndexOf(' ') + 1);

/** `known` are the cases of the catalogue; without a catalogue, those of the results. */
export const scopeOf = (baseline: Baseline, results: Results, known: readonly KnownCase[]): BaselineScope => {
  const subject = results.subjects.find(({ name }) => name === baseline.iut);
  if (subject === undefined) {
    const names = results.subjects.map(({ name }) => name);
    const sentence = `this is a baseline for ${baseline.iut}, the run judged ${names.join(', ')}${didYouMean(baseline.iut, names)}`;
    return { baseline, entryOf: new Map(), findings: [wholeFile(baseline, 'foreign', sentence)] };
  }
  const findings: EntryFinding[] = [];
  const version = versionOf(results.run.tool);
  if (!isForVersion(baseline.catalogue, version)) {
    const sentence = `written for version ${baseline.catalogue} of the catalogue, the run used ${version}: review it with baseline update`;
    findings.push(wholeFile(baseline, 'outdated', sentence));
  }
  const own = results.cases.filter((result) => result.subject === subject.name);
  const run = new Set(results.cases.map(({ id }) => id));
  const entryOf = new Map<string, BaselineEntry>();
  const clashes = new Map<BaselineEntry, BaselineEntry>();
  // An entry for a case by its id takes precedence over one for a cause.
  const inOrder = [...baseline.entries].sort((a, b) => Number(a.cause !== undefined) - Number(b.cause !== undefined));
  for (const entry of inOrder) {
    if (!isAwake(entry.when, { environment: results.environment, subject })) continue;
    const covered =
      entry.cause === undefined
        ? own.filter((result) => covers(entry, result))
        : own.filter(
            (result) =>
              showsCause(entry, result) &&
              isNarrowedTo(entry.when, result) &&
              (entryOf.get(result.id)?.cause !== undefined || !entryOf.has(result.id)),
          );
    for (const { id } of covered) {
      const first = entryOf.get(id);
      if (first === undefined) entryOf.set(id, entry);
      else clashes.set(entry, first);
    }
    const finding = faultOf(entry, covered, run, known);
    if (finding !== undefined) findings.push(finding);
  }
  for (const [entry, first] of clashes)
    findings.push(at(entry, 'duplicate', `covers cases that the entry of line ${first.origin.line} covers too`));
  return { baseline, entryOf, findings: findings.sort((a, b) => a.line - b.line) };
};

/** Faults of an entry whose conditions hold, given the results it covers. */
const faultOf = (
  entry: BaselineEntry,
  covered: readonly CaseResult[],
  run: ReadonlySet<string>,
  known: readonly KnownCase[],
): EntryFinding | undefined => {
  if (entry.cause !== undefined) return faultOfCause(entry, covered.length, run, known);
  const meant = known.filter((each) => covers(entry, each));
  const pattern = patternOf(entry);
  const applicable = covered.filter(({ verdict }) => verdict !== 'not-applicable').length;
  if (meant.length === 0 && covered.length === 0) {
    return at(entry, 'dead', `${pattern} ${whyNone(entry, known)}`);
  }
  const wholly = meant.every(({ id }) => run.has(id));
  if (wholly && applicable === 0) return at(entry, 'dead', `${pattern} means only cases that do not apply`);
  const miscounted = entry.count !== undefined && (wholly ? applicable !== entry.count : applicable > entry.count);
  return miscounted
    ? at(entry, 'miscounted', `${pattern} covers ${applicable} cases that apply, the entry counts ${entry.count}`)
    : undefined;
};

/** Only a run of the whole catalogue shows that a cause is gone, or rarer. */
const faultOfCause = (
  entry: BaselineEntry,
  shows: number,
  run: ReadonlySet<string>,
  known: readonly KnownCase[],
): EntryFinding | undefined => {
  const wholly = known.every(({ id }) => run.has(id));
  const count = entry.count ?? 0;
  const sentence = `${patternOf(entry)} shows in ${counted(shows, 'case')}, the entry counts ${count}`;
  if (shows > count) return at(entry, 'wider', sentence);
  return wholly && shows < count ? at(entry, 'rarer', sentence) : undefined;
};

const at = (entry: BaselineEntry, fault: EntryFault, sentence: string): EntryFinding => ({
  fault,
  ...entry.origin,
  entry,
  sentence,
});

const wholeFile = ({ file }: Baseline, fault: EntryFault, sentence: string): EntryFinding => ({
  fault,
  file,
  line: 1,
  column: 1,
  sentence,
});
