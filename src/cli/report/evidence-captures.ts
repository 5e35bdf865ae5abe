/** The captures that runs kept: of each case that is not green, and of each time it was run. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { evidenceFiles } from '../../report/evidence.js';
import type { PlacedReport } from './page-input.js';

/** Those that are there, each once. */
export const evidenceCaptures = (placed: readonly PlacedReport[]): readonly string[] => {
  const files = placed.flatMap(({ report, directory }) =>
    report.results.cases
      .flatMap(({ evidence, attempts = [] }) => [evidence, ...attempts.map((attempt) => attempt.evidence)])
      .flatMap((name) => (name === undefined ? [] : [join(directory, name, evidenceFiles.capture)])),
  );
  return [...new Set(files)].filter((file) => existsSync(file));
};
