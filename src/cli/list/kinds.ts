/**
 * What there is besides cases, by kind: a name and one line each. Everything that is listed here `robe explain` explains.
 */
import { readCatalogueFiles } from '../../conduct/catalogue-files.js';
import { loadSoundCatalogue } from '../../conduct/load-catalogue.js';
import { allMutants } from '../../mutants/index.js';
import { allRules } from '../../rules/book.js';
import { listFragments } from '../../suite/catalogue/list-fragments.js';
import { parameterDefaults } from '../../suite/language/parameters.js';
import { allVariants } from '../../variants/index.js';
import { readOpenPoints } from '../explain/open-points.js';

export interface Listed {
  readonly name: string;
  readonly says: string;
}

type Lister = (places: readonly string[]) => readonly Listed[];

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** By the word that `--of` takes. */
export const kinds = {
  requirements: (places) =>
    [...loadSoundCatalogue(places, process.cwd()).requirements.values()].map(({ id, level, statement }) => ({
      name: id,
      says: `${level} ${oneLine(statement)}`,
    })),
  rules: () => allRules.map(({ name, level, says }) => ({ name, says: `${level} ${says}` })),
  fragments: (places) =>
    listFragments(readCatalogueFiles(places, process.cwd())).map(({ name, title, scope, file }) => ({
      name,
      says: title ?? `for ${scope}, in ${file}`,
    })),
  parameters: () => {
    const says = new Map(
      readOpenPoints().flatMap(({ parameters }) => parameters.map((each) => [each.name, each.says])),
    );
    return Object.entries(parameterDefaults).map(([name, value]) => ({
      name,
      says: says.get(name) ?? `default ${String(value)}`,
    }));
  },
  points: () => readOpenPoints().map(({ id, title }) => ({ name: id, says: title })),
  mutants: () => allMutants.map(({ id, requirement, breaks }) => ({ name: id, says: `${requirement}: ${breaks}` })),
  variants: () =>
    allVariants.map(({ id, about, sentence }) => ({ name: id, says: `${about}: ${oneLine(sentence.says)}` })),
} as const satisfies Readonly<Record<string, Lister>>;
export type Kind = keyof typeof kinds;
