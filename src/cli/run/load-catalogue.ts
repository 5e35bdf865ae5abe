/** The catalogue as a run needs it: without problems, or not at all. */
import type { ExpandedCase } from '../../suite/catalogue/case.js';
import { type Catalogue, loadCatalogue } from '../../suite/catalogue/catalogue.js';
import { didYouMean } from '../../suite/catalogue/near-miss.js';
import { printProblem } from '../../suite/catalogue/problem.js';
import { type Selection, selectCases } from '../../suite/catalogue/selection.js';
import { readCatalogueFiles } from '../catalogue-files.js';
import { UsageError } from '../usage-error.js';

/** Throws a UsageError with a line for each problem. */
export const loadSoundCatalogue = (places: readonly string[], standing: string): Catalogue => {
  const { catalogue, problems } = loadCatalogue(readCatalogueFiles(places, standing));
  if (problems.length > 0) throw new UsageError(problems.map(printProblem));
  return catalogue;
};

/** The selected cases; a pattern, profile, requirement or level that means nothing is a UsageError, and so is an empty selection. */
export const selectOrRefuse = (catalogue: Catalogue, selection: Selection): readonly ExpandedCase[] => {
  const { cases, unmatched } = selectCases(catalogue, selection);
  if (unmatched.length > 0) {
    const known = [
      ...catalogue.cases.map(({ id }) => id),
      ...catalogue.cases.map(({ authoredId }) => authoredId),
      ...catalogue.requirements.keys(),
    ];
    throw new UsageError(
      unmatched.map((name) => `"${name}" selects no case${didYouMean(name, known)}; \`robe list\` shows what there is`),
    );
  }
  if (cases.length === 0)
    throw new UsageError([
      'the selection is empty: no case meets all its conditions; `robe list` takes the same options',
    ]);
  return cases;
};
