/**
 * The input of the page: one or more finished runs with their gate and evidence, the catalogue if available, and
 * separately measured figures of trust. All of it is values; the page is a pure function of them.
 */
import type { Comparison } from '../../gate/compare.js';
import type { CrossCheck } from '../../net/capture/cross-check/cross-check.js';
import type { Requirement } from '../../suite/catalogue/requirement-schema.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import type { Plan } from '../../suite/scenario/plan.js';
import type { Trace } from '../../suite/trace/trace.js';
import type { RunReport } from '../reported-test.js';

/** The evidence of one case. */
export interface CaseEvidence {
  readonly plan: Plan;
  readonly trace: Trace;
  /** The command that repeats it. */
  readonly repeat: string;
}

export interface ReportedRun extends RunReport {
  /** Evidence by the directory that results name; undefined when it is not there. */
  readonly evidenceOf: (directory: string) => CaseEvidence | undefined;
  /** Files in such a directory, by name; none when it is not there. */
  readonly filesOf: (directory: string) => readonly string[];
  /** The path from the page to the directory of the run, for links: empty, or ending in a slash. */
  readonly place: string;
}

/** The parts of a catalogue that the page shows. */
export interface ReportCatalogue {
  readonly cases: readonly ExpandedCase[];
  readonly requirements: ReadonlyMap<string, Requirement>;
}

/** How far the catalogue itself can be trusted: the broken implementations that it notices. */
export interface MutantFigures {
  readonly mutants: number;
  readonly noticed: number;
  readonly profiles: readonly { readonly profile: string; readonly mutants: number; readonly noticed: number }[];
  /** Of the cases with which it was measured. */
  readonly catalogue: string;
}

/** Implementations that do nothing right, and the number of cases that they pass. */
export interface NullFigures {
  readonly name: string;
  readonly says: string;
  readonly judged: number;
  readonly passed: number;
}

/** One of the paper's experiments, measured before. */
export interface ReportedExperiment {
  readonly title: string;
  /** One `<svg>`, drawn by this program, every text in it escaped. */
  readonly figure: string;
  readonly table: string;
}

/** The comparison of the runs' captures with tshark. */
export interface ReportedCrossCheck {
  readonly figures: CrossCheck;
  /** Captures that cannot be read to their end. */
  readonly damaged: number;
}

export interface HtmlReport {
  /** At least one. */
  readonly runs: readonly ReportedRun[];
  readonly catalogue?: ReportCatalogue | undefined;
  readonly mutants?: MutantFigures | undefined;
  readonly nulls?: readonly NullFigures[] | undefined;
  /** Between an earlier run and the first one. */
  readonly comparison?: Comparison | undefined;
  readonly experiments?: readonly ReportedExperiment[] | undefined;
  /** If it was requested. */
  readonly crossCheck?: ReportedCrossCheck | undefined;
}
