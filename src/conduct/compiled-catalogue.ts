/**
 * The bundled catalogue, compiled when the program is built, so that a start reads no YAML. `dist/catalogue.json` has the
 * catalogue and the digest of its sources: the YAML files and the code that reads them. If one of these has changed
 * since, the file is ignored and the catalogue is read from YAML, which takes longer and gives the same.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digest } from '../protocol/keys/hash.js';
import { type Catalogue, loadCatalogue } from '../suite/catalogue/catalogue.js';
import { lintCoverage } from '../suite/catalogue/lint-coverage.js';
import { pack, unpack } from '../suite/catalogue/packed.js';
import { compareProblems, type Problem } from '../suite/catalogue/problem.js';
import type { Source } from '../suite/catalogue/yaml-source.js';
import { bundledCases, readCatalogueFiles, shown } from './catalogue-files.js';

/** Its file. */
const compiledFile = fileURLToPath(new URL('../catalogue.json', import.meta.url));
/** Names in it are relative to this directory. */
const root = dirname(bundledCases);
/** The code that reads the files. */
const readers = ['language', 'catalogue', 'verdict'].map((room) =>
  fileURLToPath(new URL(`../suite/${room}`, import.meta.url)),
);

/** Separates the digest, which is the first line, from the catalogue. */
const lineEnd = '\n';

/** Compiles the bundled catalogue, unless it is up to date; returns the problems that prevent it. */
export const compileCatalogue = (): readonly Problem[] => {
  const sources = readCatalogueFiles([], root);
  const made = digestOf(sources);
  if (existsSync(compiledFile) && readFileSync(compiledFile, 'utf8').startsWith(made + lineEnd)) return [];
  const { catalogue, problems } = loadCatalogue(sources);
  const all = [...problems, ...lintCoverage(catalogue, catalogue.cases, { strict: false })].sort(compareProblems);
  if (all.length === 0) writeFileSync(compiledFile, `${made}${lineEnd}${pack(catalogue)}${lineEnd}`);
  return all;
};

/** The compiled catalogue, which has no problems; undefined if there is none for the present sources. */
export const compiledCatalogue = (workingDirectory: string, file = compiledFile): Catalogue | undefined => {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const made = digestOf(readCatalogueFiles([], root));
  if (!text.startsWith(made + lineEnd)) return undefined;
  const names = new Map<string, string>();
  const nameOf = (name: string): string => {
    const known = names.get(name) ?? shown(join(root, name), workingDirectory);
    names.set(name, known);
    return known;
  };
  return unpack(text.slice(made.length), nameOf) as Catalogue;
};

const digestOf = (sources: readonly Source[]): string => {
  const code = readers.flatMap((room) =>
    readdirSync(room)
      .filter((name) => name.endsWith('.js') && !name.endsWith('.test.js'))
      .sort()
      .map((name) => ({ file: name, text: readFileSync(join(room, name), 'utf8') })),
  );
  const all = [...sources, ...code].map(({ file: name, text }) => `${name} ${text.length}\n${text}`);
  return Buffer.from(digest('sha256', Buffer.from(all.join('\n'), 'utf8'))).toString('hex');
};
