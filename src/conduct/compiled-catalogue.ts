/**
 * The bundled catalogue as it was compiled when the program was built, so that starting reads no YAML. It stands in
 * `dist/catalogue.json` beside the digest of everything it was made of: the YAML files and the code that reads them. Where
 * one of these has changed since, it is not used; the catalogue is then read from its files, which takes longer and says
 * the same.
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

/** Where it stands. */
const compiledFile = fileURLToPath(new URL('../catalogue.json', import.meta.url));
/** Names in it are relative to this directory. */
const root = dirname(bundledCases);
/** The code that decides what the files mean. */
const readers = ['language', 'catalogue', 'verdict'].map((room) =>
  fileURLToPath(new URL(`../suite/${room}`, import.meta.url)),
);

/** What stands between the digest and the catalogue: the first line is the digest. */
const lineEnd = '\n';

/** Compiles the bundled catalogue, unless that was done; the problems for which it cannot be. */
export const compileCatalogue = (): readonly Problem[] => {
  const sources = readCatalogueFiles([], root);
  const made = digestOf(sources);
  if (existsSync(compiledFile) && readFileSync(compiledFile, 'utf8').startsWith(made + lineEnd)) return [];
  const { catalogue, problems } = loadCatalogue(sources);
  const all = [...problems, ...lintCoverage(catalogue, catalogue.cases, { strict: false })].sort(compareProblems);
  if (all.length === 0) writeFileSync(compiledFile, `${made}${lineEnd}${pack(catalogue)}${lineEnd}`);
  return all;
};

/** The compiled catalogue, which has no problems; undefined where there is none that is made of what stands here now. */
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
