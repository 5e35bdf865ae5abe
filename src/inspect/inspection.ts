/**
 * The outcome of an inspection as a value: what was read, and the findings for each requirement. `schema` is raised when
 * the meaning of a field changes.
 */

import type { InspectionCounts } from './counts.js';
import type { Inspector } from './inspector.js';
import type { RequirementTally } from './tally.js';

export interface Inspection {
  readonly schema: 1;
  readonly files: readonly string[];
  /** Errors of the files themselves, as sentences. */
  readonly problems: readonly string[];
  readonly counts: InspectionCounts;
  readonly requirements: readonly RequirementTally[];
}

export const inspectionOf = (
  inspector: Inspector,
  files: readonly string[],
  problems: readonly string[],
): Inspection => ({ schema: 1, files, problems, counts: inspector.counts(), requirements: inspector.requirements() });

/** Whether any requirement was violated. */
export const hasViolation = ({ requirements }: Inspection): boolean =>
  requirements.some(({ counts }) => counts.violated > 0);
