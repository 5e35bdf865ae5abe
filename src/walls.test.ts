/**
 * The walls of the house: which room may import which, as data; no code that is imported in a circle, and no circle of types
 * that takes more than a few files; no reading of time, chance or the process outside the places that are there for it; no
 * file that is too long or does not say what it is for. A permission that nobody uses any more fails too, so the table says
 * how things are. Tests, and the folders `testing` that serve them, may look anywhere.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

/** Room by room, what it may import besides itself. A room is a folder of `src`, or a folder of one where named. */
const permissions: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  rules: ['protocol'],
  net: ['protocol'],
  'suite/language': ['suite/verdict', 'protocol'],
  'suite/catalogue': ['suite/language', 'suite/verdict', 'rules', 'protocol'],
  'suite/scenario': ['suite/language', 'suite/trace', 'suite/verdict', 'rules', 'protocol'],
  suite: ['suite/catalogue', 'suite/scenario'],
  reference: ['protocol'],
  mutants: ['reference', 'protocol'],
  // The mirror image of mutants, by the same means.
  variants: ['reference', 'mutants', 'protocol'],
  iut: ['suite', 'reference', 'mutants', 'variants', 'engine', 'net', 'protocol'],
  run: ['suite', 'iut', 'variants', 'net', 'protocol'],
  gate: ['suite'],
  report: ['suite', 'gate', 'protocol', 'net/capture'],
  conduct: ['run', 'iut', 'report', 'suite', 'net', 'protocol'],
  explore: ['reference', 'mutants', 'net', 'protocol'],
  inspect: ['rules', 'protocol', 'net'],
  fuzz: ['conduct', 'gate', 'iut', 'run', 'suite', 'explore', 'reference', 'inspect', 'net', 'protocol'],
  haap: ['reference', 'net', 'protocol'],
  // A witness: it owes nothing to the reference, nor to what the tester and the reference share.
  engine: ['net'],
};

/** Rooms that nothing imports and that may import everything. */
const roofs: readonly string[] = ['cli', 'bench', 'mutation', 'faults'];

/** Where the outside world may be read, and what of it. A folder stands for all files in it. */
const windows: Readonly<Record<string, readonly RegExp[]>> = {
  'cli/': [/.*/],
  'bench/': [/^process\./],
  'faults/': [/^process\./],
  'mutation/': [/^process\./, /^performance\./],
  'net/clock/real.ts': [/^Date\.now$/, /^process\.hrtime$/],
  'net/clock/loop-watch.ts': [/^process\.hrtime$/, /^performance\./],
  'net/clock/wake-up.ts': [/^process\.hrtime$/],
  // Which build of cap fits.
  'net/link/libpcap/loader.ts': [/^process\.versions$/],
  // Whose a lab is, and ending what runs inside it.
  'net/lab/sweep.ts': [/^process\.(pid|kill)$/],
  'run/live/supervisor.ts': [/^process\.kill$/],
  // A hook is ended with what it has started.
  'iut/control/transport.ts': [/^process\.kill$/],
  // A program of its own, started beside a userspace stack.
  'iut/echo-listener.ts': [/^process\./],
};

/** Files that may refer to each other in a circle, imports of types included: so few are read as one. */
const LARGEST_CIRCLE = 3;
const LONGEST = 320;
/** Tables of cases are longer than code and no harder to read. */
const LONGEST_TEST = 400;
/** A head that gives the reason may allow a longer file. */
const REASON = /longer than 300 lines because/i;

interface Source {
  /** Relative to `src`. */
  readonly file: string;
  readonly text: string;
}

const isTest = (file: string): boolean => /\.test\.ts$/.test(file) || file.split('/').includes('testing');
const isDeclaration = (file: string): boolean => file.startsWith('types/');

const IMPORT =
  /^(?:import|export)\s(?<type>type\s)?(?:[^;'"]*?\sfrom\s)?'(?<name>\.[^']+)'|import\('(?<late>\.[^']+)'\)/gm;

/** What a file imports by a relative name, as files relative to `src`. */
const importsOf = ({ file, text }: Source): readonly { readonly target: string; readonly typesOnly: boolean }[] =>
  [...text.matchAll(IMPORT)].map(({ groups }) => ({
    target: join(dirname(file), groups?.['name'] ?? groups?.['late'] ?? '').replace(/\.js$/, '.ts'),
    typesOnly: groups?.['type'] !== undefined,
  }));

/** The room of a file: the innermost folder that has a row, else the folder of `src`; `undefined` for files at the top. */
const roomOf = (file: string): string | undefined => {
  const [outer, inner] = file.split('/');
  if (!file.includes('/')) return undefined;
  return permissions[`${outer}/${inner}`] === undefined ? outer : `${outer}/${inner}`;
};

interface Crossing {
  readonly from: string;
  readonly permission: string | undefined;
  readonly text: string;
}

/** Every import from one room into another, with the permission that covers it, if one does. */
const crossings = (sources: readonly Source[]): readonly Crossing[] =>
  sources
    .filter(({ file }) => !isTest(file))
    .flatMap((source) => {
      const from = roomOf(source.file);
      if (from === undefined || roofs.includes(from)) return [];
      return importsOf(source)
        .filter(({ target }) => roomOf(target) !== from)
        .map(({ target }) => ({
          from,
          permission: permissions[from]?.find((allowed) => target.startsWith(`${allowed}/`)),
          text: `${source.file} imports ${target}`,
        }));
    });

const forbidden = (sources: readonly Source[]): readonly string[] =>
  crossings(sources)
    .filter(({ permission }) => permission === undefined)
    .map(({ text }) => text);

/** Permissions of rooms that exist which no import needs. */
const stale = (sources: readonly Source[]): readonly string[] => {
  const used = new Set(crossings(sources).map(({ from, permission }) => `${from} may import ${permission}`));
  const rooms = new Set(sources.map(({ file }) => roomOf(file)));
  return Object.entries(permissions)
    .filter(([room]) => rooms.has(room))
    .flatMap(([room, allowed]) => allowed.map((other) => `${room} may import ${other}`))
    .filter((permission) => !used.has(permission));
};

/**
 * The first cycle found from each file that is in one, as a chain of names. Types may refer to each other in a circle, as
 * the things do that they describe; code may not, for what it finds half made depends on who came first.
 */
const cycles = (sources: readonly Source[]): readonly string[] => {
  const codeOf = (source: Source): readonly string[] =>
    importsOf(source)
      .filter(({ typesOnly }) => !typesOnly)
      .map(({ target }) => target);
  const graph = new Map(sources.map((source) => [source.file, codeOf(source)]));
  const finished = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, chain: readonly string[]): void => {
    const start = chain.indexOf(file);
    if (start >= 0) {
      found.push([...chain.slice(start), file].join(' -> '));
      return;
    }
    if (finished.has(file)) return;
    for (const target of graph.get(file) ?? []) walk(target, [...chain, file]);
    finished.add(file);
  };
  for (const { file } of sources) walk(file, []);
  return found;
};

/**
 * The groups of files in which every file leads to every other one, imports of types included (strongly connected
 * components, by Tarjan's algorithm), each as a list of names, where they have more than one file.
 */
const circles = (sources: readonly Source[]): readonly (readonly string[])[] => {
  const graph = new Map(sources.map((source) => [source.file, importsOf(source).map(({ target }) => target)]));
  const numbers = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  /** The least number that the file leads back to among those whose group is still open. */
  const visit = (file: string): number => {
    const own = numbers.size;
    numbers.set(file, own);
    open.push(file);
    let least = own;
    for (const target of graph.get(file) ?? []) {
      if (!graph.has(target)) continue;
      if (!numbers.has(target)) least = Math.min(least, visit(target));
      else if (open.includes(target)) least = Math.min(least, numbers.get(target) ?? own);
    }
    if (least === own) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1) found.push(group.sort());
    }
    return least;
  };
  for (const { file } of sources) if (!numbers.has(file)) visit(file);
  return found;
};

const largeCircles = (sources: readonly Source[]): readonly string[] =>
  circles(sources)
    .filter(({ length }) => length > LARGEST_CIRCLE)
    .map((files) => `${files.length} files refer to each other in a circle: ${files.join(', ')}`);

const withoutCommentsAndStrings = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/(^|\s)\/\/.*$/gm, '');

const OUTSIDE =
  /\b(Date\.now|Math\.random|process\.\w+|performance\.\w+|new Date\(\)|randomBytes|randomUUID|randomInt)/g;

/** Readings of time, chance and the process where there is no window for them. */
const readings = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ file }) => !isTest(file))
    .flatMap(({ file, text }) => {
      const allowed = Object.entries(windows)
        .filter(([place]) => file.startsWith(place))
        .flatMap(([, what]) => what);
      return [...withoutCommentsAndStrings(text).matchAll(OUTSIDE)]
        .map(([reading]) => reading)
        .filter((reading) => !allowed.some((what) => what.test(reading)))
        .map((reading) => `${file} reads ${reading}`);
    });

const tooLong = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap(({ file, text }) => {
    const lines = text.split('\n').length - 1;
    const limit = isTest(file) ? LONGEST_TEST : LONGEST;
    const excused = REASON.test(text.slice(0, text.indexOf('*/') + 1).replaceAll(/\s*\n \* /g, ' '));
    return lines <= limit || excused ? [] : [`${file} has ${lines} lines, more than ${limit}`];
  });

/** Files that do not begin by saying what they are for. Of tests their first `describe` says it, too. */
const headless = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ file, text }) => !isTest(file) && !/^(#!.*\n)?\/\*\*/.test(text))
    .map(({ file }) => `${file} does not say what it is for`);

/** Files named by the path of their URL, in which a blank is `%20`. */
const escapedPaths = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ text }) => /import\.meta\.url\)\.pathname/.test(text))
    .map(({ file }) => `${file} takes the path of a URL for that of a file`);

const root = fileURLToPath(new URL('../src/', import.meta.url));

const readSources = (): readonly Source[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ file: relative(root, path), text: readFileSync(path, 'utf8') }))
    .filter(({ file }) => !isDeclaration(file));

describe('walls of the house', () => {
  const sources = readSources();

  it('every room imports only what it may', () => {
    expect(sources.length).to.be.greaterThan(100);
    expect(forbidden(sources)).to.deep.equal([]);
  });

  it('every permission is used', () => {
    expect(stale(sources)).to.deep.equal([]);
  });

  it('every room has a row', () => {
    const rooms = new Set(sources.map(({ file }) => roomOf(file)).filter((room) => room !== undefined));
    expect([...rooms].filter((room) => permissions[room] === undefined && !roofs.includes(room))).to.deep.equal([]);
  });

  it('no code is imported in a circle', () => {
    expect(cycles(sources)).to.deep.equal([]);
  });

  it('no circle of imports, those of types included, takes more than three files', () => {
    expect(largeCircles(sources)).to.deep.equal([]);
  });

  it('time, chance and the process are read only where there is a window', () => {
    expect(readings(sources)).to.deep.equal([]);
  });

  it('a folder with blanks in its name is found', () => {
    expect(escapedPaths(sources)).to.deep.equal([]);
  });

  it('no file is too long', () => {
    expect(tooLong(sources)).to.deep.equal([]);
  });

  it('every file begins with what it is for', () => {
    expect(headless(sources)).to.deep.equal([]);
  });
});

describe('the walls stand', () => {
  const table: readonly (readonly [what: string, found: readonly string[], complaint: string])[] = [
    [
      'an import into a room that is closed',
      forbidden([{ file: 'suite/a.ts', text: "import { b } from '../reference/b.js';\n" }]),
      'suite/a.ts imports reference/b.ts',
    ],
    [
      'an import of types alone',
      forbidden([{ file: 'reference/a.ts', text: "import type { B } from '../suite/b.js';\n" }]),
      'reference/a.ts imports suite/b.ts',
    ],
    [
      'an import over several lines',
      forbidden([{ file: 'net/a.ts', text: "import {\n  type B,\n  c,\n} from '../run/b.js';\n" }]),
      'net/a.ts imports run/b.ts',
    ],
    [
      'an import while running',
      forbidden([{ file: 'protocol/a.ts', text: "const b = await import('../net/b.js');\n" }]),
      'protocol/a.ts imports net/b.ts',
    ],
    [
      'an export from elsewhere',
      forbidden([{ file: 'report/a.ts', text: "export * from '../net/link/b.js';\n" }]),
      'report/a.ts imports net/link/b.ts',
    ],
    ['a permission that nobody uses', stale([{ file: 'gate/a.ts', text: '' }]), 'gate may import suite'],
    [
      'a circle',
      cycles([
        { file: 'net/a.ts', text: "import './b.js';\n" },
        { file: 'net/b.ts', text: "import { c } from './c.js';\n" },
        { file: 'net/c.ts', text: "export { a } from './a.js';\n" },
      ]),
      'net/a.ts -> net/b.ts -> net/c.ts -> net/a.ts',
    ],
    [
      'a circle of types among four files, of which two are in a smaller one as well',
      largeCircles([
        { file: 'net/a.ts', text: "import type { B } from './b.js';\n" },
        { file: 'net/b.ts', text: "import type { A } from './a.js';\nimport { c, type C } from './c.js';\n" },
        { file: 'net/c.ts', text: "export type { D } from './d.js';\n" },
        { file: 'net/d.ts', text: "import type { A } from './a.js';\nimport { e } from './e.js';\n" },
        { file: 'net/e.ts', text: '' },
      ]),
      '4 files refer to each other in a circle: net/a.ts, net/b.ts, net/c.ts, net/d.ts',
    ],
    [
      'the time, outside a comment or a string',
      readings([{ file: 'suite/a.ts', text: "// Date.now\nconst a = 'Math.random';\nconst b = Date.now();\n" }]),
      'suite/a.ts reads Date.now',
    ],
    [
      'more of the process than the window shows',
      readings([{ file: 'net/clock/real.ts', text: 'process.hrtime.bigint(); process.env;\n' }]),
      'net/clock/real.ts reads process.env',
    ],
    [
      'the path of a URL',
      escapedPaths([{ file: 'cli/a.ts', text: `new URL('b.js', ${'import.meta'}.url).pathname;\n` }]),
      'cli/a.ts takes the path of a URL for that of a file',
    ],
    [
      'a long file',
      tooLong([{ file: 'net/a.ts', text: `/** Head. */\n${'\n'.repeat(LONGEST)}` }]),
      `net/a.ts has ${LONGEST + 1} lines, more than ${LONGEST}`,
    ],
    [
      'a file without a head',
      headless([{ file: 'net/a.ts', text: "import './b.js';\n\n/** Of one function. */\n" }]),
      'net/a.ts does not say what it is for',
    ],
  ];
  for (const [what, found, complaint] of table) {
    it(`${what} is found`, () => {
      expect(found).to.deep.equal([complaint]);
    });
  }

  it('what is allowed is not found', () => {
    expect(forbidden([{ file: 'net/a.ts', text: "import { b } from '../protocol/b.js';\n" }])).to.deep.equal([]);
    expect(forbidden([{ file: 'suite/a.test.ts', text: "import '../net/b.js';\n" }])).to.deep.equal([]);
    const typesAlone = "import type { A } from './a.js';\n";
    expect(
      cycles([
        { file: 'net/a.ts', text: "import './b.js';\n" },
        { file: 'net/b.ts', text: typesAlone },
      ]),
    ).to.deep.equal([]);
    expect(
      largeCircles([
        { file: 'net/a.ts', text: "import type { B } from './b.js';\n" },
        { file: 'net/b.ts', text: "import type { C } from './c.js';\n" },
        { file: 'net/c.ts', text: typesAlone },
      ]),
    ).to.deep.equal([]);
    expect(readings([{ file: 'cli/a.ts', text: 'process.env; Date.now();\n' }])).to.deep.equal([]);
    const long = `/**\n * Table. Longer than 300\n * lines because it is one table.\n */\n${'\n'.repeat(LONGEST)}`;
    expect(tooLong([{ file: 'net/a.ts', text: long }])).to.deep.equal([]);
  });
});
