/** Finds and reads the catalogue: the YAML files below `cases/`, named relative to the user's directory. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Source } from '../suite/catalogue/yaml-source.js';
import { UsageError } from './usage-error.js';

/** The catalogue that ships with the program. */
export const bundledCases = fileURLToPath(new URL('../../cases', import.meta.url));

/** A directory or file of the catalogue that cannot be read. */
export class CatalogueFileError extends UsageError {}

const bundledRequirements = join(bundledCases, 'requirements');
const bundledFragments = join(bundledCases, 'fragments');

/**
 * Every YAML file below the directories (or the files themselves), sorted by name. Requirements and fragments of the
 * bundled catalogue are always included, so that a user's cases can cite and use them; `register: false` leaves out
 * requirements that are already loaded.
 */
export const readCatalogueFiles = (
  places: readonly string[],
  workingDirectory: string,
  { register = true } = {},
): readonly Source[] => {
  const files = new Set<string>();
  const shared = [...(register ? [bundledRequirements] : []), bundledFragments];
  for (const place of places.length === 0 ? [bundledCases] : [...places, ...shared]) {
    for (const file of yamlBelow(place, shared.includes(place))) files.add(file);
  }
  const wanted = [...files].filter((file) => register || !file.startsWith(bundledRequirements + sep));
  return wanted.sort().map((file) => ({ file: shown(file, workingDirectory), text: readFileSync(file, 'utf8') }));
};

const yamlBelow = (place: string, optional: boolean): readonly string[] => {
  const found = statSync(place, { throwIfNoEntry: false });
  if (found === undefined) {
    if (optional) return [];
    throw new CatalogueFileError([`${place} does not exist: expected a directory with cases, or a YAML file`]);
  }
  if (!found.isDirectory()) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(place, name));
};

/** Relative when that is shorter to read. */
export const shown = (file: string, workingDirectory: string): string => {
  const from = relative(workingDirectory, file);
  return from.startsWith(`..${sep}`) ? file : from;
};
