/** Loads the catalogue for a run: without problems, or not at all. */

import { type Catalogue, loadCatalogue } from '../suite/catalogue/catalogue.js';
import { lintCoverage } from '../suite/catalogue/lint-coverage.js';
import { didYouMean } from '../suite/catalogue/near-miss.js';
import { type Problem, printProblem } from '../suite/catalogue/problem.js';
import { type Selection, selectCases } from '../suite/catalogue/selection.js';
import type { ExpandedCase } from '../suite/language/case.js';
import { readCatalogueFiles } from './catalogue-files.js';
import { compiledCatalogue } from './compiled-catalogue.js';
import { UsageError } from './usage-error.js';

/**
 * The catalogue of these places, or the bundled one, with its problems. The bundled one needs no YAML if its compiled
 * form is up to date; a user's cases are read with its requirements.
 */
export const readCatalogue = (
  places: readonly string[],
  workingDirectory: string,
): { readonly catalogue: Catalogue; readonly problems: readonly Problem[] } => {
  const compiled = compiledCatalogue(workingDirectory);
  if (compiled === undefined) return loadCatalogue(readCatalogueFiles(places, workingDirectory));
  if (places.length === 0) return { catalogue: compiled, problems: [] };
  return loadCatalogue(readCatalogueFiles(places, workingDirectory, { register: false }), compiled);
};

/** Throws a UsageError with a line for each problem. */
export const loadSoundCatalogue = (places: readonly string[], workingDirectory: string): Catalogue => {
  const { catalogue, problems } = readCatalogue(places, workingDirectory);
  const all = [...problems, ...lintCoverage(catalogue, catalogue.cases, { strict: false })];
  if (all.length > 0) throw new UsageError([...new Set(all.map(printProblem))]);
  return catalogue;
};

/**
 * The selected cases. Throws a UsageError for a pattern, profile, requirement or level that matches nothing, and for an
 * empty selection.
 */
export const selectOrRefuse = (catalogue: Catalogue, selection: Selection): readonly ExpandedCase[] => {
  const { cases, unmatched } = selectCases(catalogue, selection);
  if (unmatched.length > 0) {
    const known = namesOf(catalogue);
    throw new UsageError(
      unmatched.map(
        (name) => `"${name}" selects no case${didYouMean(name, known) || ';'} \`robe list\` shows what there is`,
      ),
    );
  }
  if (catalogue.cases.length === 0)
    throw new UsageError([
      'there are no cases in what --cases names: expected YAML files with cases (docs/writing-cases.md)',
    ]);
  if (cases.length === 0)
    throw new UsageError([
      'the selection is empty: no case meets all its conditions; `robe list` takes the same options',
    ]);
  return cases;
};

/** Everything that selects cases: authored ids, expanded ids, prefixes, requirements. */
const namesOf = ({ cases, requirements }: Catalogue): ReadonlySet<string> =>
  new Set([...cases.flatMap(({ id }) => beginningsOf(id)), ...requirements.keys()]);

const beginningsOf = (id: string): readonly string[] => {
  const parts = id.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
};
