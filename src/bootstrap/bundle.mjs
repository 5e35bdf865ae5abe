/**
 * The last step of the build: `robe` and the packages that it needs, joined into a few files below `dist/bundle`, because opening
 * a thousand modules takes most of a short command's time. What the modules find beside themselves, by `import.meta.url`,
 * is found from where they were compiled; so all that is compiled stays. Without esbuild, or when something was compiled
 * since, `cli/main.ts` starts the compiled modules one by one, which do the same.
 */
import { copyFileSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { home } from './prepare.mjs';

const compiled = join(home, 'dist');
const bundle = join(compiled, 'bundle');
const stamp = join(bundle, 'made');
/** Each program that is started often; the rest, such as workers, starts from its compiled module. */
const programs = ['cli/program.js', 'cli/runner.js'];

const timeOf = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);
const isFresh = () =>
  timeOf(stamp) > timeOf(join(compiled, '.tsbuildinfo')) && timeOf(stamp) > timeOf(join(home, 'package-lock.json'));

const esbuild = await import('esbuild').catch(() => undefined);

/** A module's own place, as seen from any file of the bundle, which all lie in one folder. */
const keepPlaces = {
  name: 'keep places',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/dist\/.*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const place = JSON.stringify(`../${relative(compiled, path)}`);
      return { contents: text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`), loader: 'js' };
    });
  },
};

/** The parser of command lines reads its sentences from files, found from its own place. */
const keepSentences = {
  name: 'keep sentences',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/yargs\/lib\/platform-shims\/esm\.mjs$/ }, async ({ path }) => {
      mkdirSync(join(bundle, 'yargs/locales'), { recursive: true });
      copyFileSync(join(path, '../../../locales/en.json'), join(bundle, 'yargs/locales/en.json'));
      const place = "new URL('./yargs/lib/platform-shims/esm.mjs', import.meta.url).href";
      return { contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', place), loader: 'js' };
    });
  },
};

/** Some packages are of the older kind and ask for modules of Node by `require`. */
const requireInModules =
  "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);";

if (esbuild === undefined) rmSync(bundle, { recursive: true, force: true });
else if (!isFresh()) {
  rmSync(bundle, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: programs.map((program) => join(compiled, program)),
    outdir: bundle,
    outbase: join(compiled, 'cli'),
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // What is of old age there warns of its own code when it does not stand in `node_modules`.
    external: ['cap', 'mocha', 'pcap-parser'],
    banner: { js: requireInModules },
    plugins: [keepPlaces, keepSentences],
    logLevel: 'error',
  });
  writeFileSync(stamp, '');
}
