/**
 * The options by which `run` and `list` select cases, and the selection they mean. A word that names a YAML file, or has
 * a slash in it, is a path of cases rather than a pattern: `robe run ./my-case.yaml` runs the cases of that file.
 */
import type { Argv } from 'yargs';
import { levels, profiles } from '../suite/catalogue/requirement-schema.js';
import type { Selection } from '../suite/catalogue/selection.js';

export interface SelectionArguments {
  readonly select?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly profile?: readonly string[] | undefined;
  readonly role?: readonly string[] | undefined;
  readonly requirement?: readonly string[] | undefined;
  readonly level?: readonly string[] | undefined;
  readonly cases?: readonly string[] | undefined;
}

const several = { type: 'string', array: true, requiresArg: true, nargs: 1 } as const;

export const withSelection = <T>(yargs: Argv<T>): Argv<T & SelectionArguments> =>
  yargs
    .positional('select', {
      type: 'string',
      array: true,
      describe: 'Case ids, id prefixes up to a dot, or globs; or files with cases; none means all',
    })
    .option('exclude', { ...several, describe: 'Leave out these ids, prefixes or globs' })
    .option('profile', { ...several, choices: profiles, describe: 'Cases for this profile' })
    .option('role', {
      ...several,
      choices: ['server', 'client'],
      describe: 'Cases for this role of the implementation',
    })
    .option('requirement', { ...several, describe: 'Cases that cite this requirement' })
    .option('level', { ...several, choices: levels, describe: 'Cases that cite a requirement of this level' })
    .option('cases', { ...several, describe: 'Directory or file with cases instead of the bundled ones' });

/** No id and no glob over ids matches this. */
const isPlace = (word: string): boolean => /\.ya?ml$|\//.test(word);

/** The paths of the cases, for `loadSoundCatalogue`: none means the bundled catalogue. */
export const placesOf = ({ select = [], cases = [] }: SelectionArguments): readonly string[] => [
  ...select.filter(isPlace),
  ...cases,
];

export const selectionOf = (given: SelectionArguments): Selection => ({
  select: (given.select ?? []).filter((word) => !isPlace(word)),
  exclude: given.exclude ?? [],
  profiles: given.profile ?? [],
  roles: given.role ?? [],
  requirements: given.requirement ?? [],
  levels: given.level ?? [],
});
