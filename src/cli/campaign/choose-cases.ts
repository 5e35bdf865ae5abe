/** The cases that a campaign is about. */
import { loadSoundCatalogue } from '../../conduct/load-catalogue.js';
import { UsageError } from '../../conduct/usage-error.js';
import { catalogueDigest } from '../../run/matrix/null-vector.js';
import { meansId } from '../../suite/catalogue/selection.js';
import type { ExpandedCase } from '../../suite/language/case.js';

export interface ChosenCases {
  readonly all: readonly ExpandedCase[];
  readonly cases: readonly ExpandedCase[];
  /** Names the catalogue that they are of. */
  readonly digest: string;
}

/** Those of the catalogue that are wanted, all when none is named. Throws a UsageError when nothing is called so. */
export const chooseCases = (
  places: readonly string[],
  wanted: readonly string[],
  workingDirectory: string,
): ChosenCases => {
  const { cases: all } = loadSoundCatalogue(places, workingDirectory);
  const cases = all.filter(({ id }) => wanted.length === 0 || wanted.some((each) => meansId(each, id)));
  if (cases.length === 0) throw new UsageError([`no case is called ${wanted.join(' or ')}; \`robe list\` shows them`]);
  return { all, cases, digest: catalogueDigest(all) };
};
