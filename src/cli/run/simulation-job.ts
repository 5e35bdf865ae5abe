/** What the main thread and a thread that simulates for it tell each other. All of it is data that can be copied. */
import type { ExpandedCase } from '../../suite/catalogue/case.js';
import type { CaseResult } from '../../suite/verdict/results.js';
import type { RunRequest } from './run-request.js';

/** What a thread knows from its beginning. */
export interface SimulationSetup {
  readonly request: RunRequest;
  /** Every case that may be asked for. */
  readonly cases: readonly ExpandedCase[];
  /** Where the run is kept, and whether more than one subject is. */
  readonly directory: string;
  readonly several: boolean;
}

/** Some cases of one subject, by id. */
export interface SimulationJob {
  readonly subject: string;
  readonly ids: readonly string[];
  /** Which time they are run; 1 is the first. */
  readonly attempt: number;
  readonly seed: string;
}

export type SimulationAnswer = { readonly results: readonly CaseResult[] } | { readonly failed: string };
