/**
 * `npm test`: sets up what is missing, then runs every check there is, all of them even when some fail. The last line
 * counts them: `N passed, N failed, N skipped`, each test of mocha and each static check once.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  build,
  checkLimits,
  forLiveRuns,
  forTests,
  home,
  prepareBinding,
  prepareDependencies,
  preparePackages,
  run,
  say,
} from './prepare.mjs';

const ENVIRONMENT = 3;
const tool = (path) => join(home, 'node_modules', path);
const node = (...argv) => run(process.execPath, argv);

/** What tests read of a program has no colours, whatever was asked for the listing of mocha. */
const plain = process.env.FORCE_COLOR === undefined ? {} : { FORCE_COLOR: '' };

const staticChecks = [
  ['types', build],
  ['style', () => node(tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.')],
  ['unused code', () => node(tool('knip/bin/knip.js'))],
  ['catalogue', () => node(join(home, 'dist/cli/main.js'), 'lint')],
];

/** Every compiled test. */
const tests = () =>
  readdirSync(join(home, 'dist'), { recursive: true })
    .filter((file) => file.endsWith('.test.js'))
    .sort()
    .map((file) => join('dist', file));

/** Tests that start programs mostly wait for them; so they go beside those that compute. */
const startsPrograms = (file) =>
  /'node:child_process'|'playwright-core'|\/lab\.js'/.test(readFileSync(join(home, file), 'utf8'));

/**
 * `.mocharc.json` has what also holds for one room's tests run by hand: source maps, the end of what a test left open, and a
 * time limit against what hangs. Nothing is judged by how fast a machine is that does something else, too.
 */
const argvOfMocha = (counts, files) => [
  tool('mocha/bin/mocha.js'),
  '--forbid-only',
  `--reporter=${fileURLToPath(new URL('./reporter.mjs', import.meta.url))}`,
  `--reporter-option=counts=${counts}`,
  ...files,
];

/** Runs mocha over these files; its counts, or one failure when it ended without any. */
const runMocha = async (counts, files, output) => {
  const stdio = ['ignore', output, output];
  const child = spawn(process.execPath, argvOfMocha(counts, files), {
    cwd: home,
    stdio,
    env: { ...process.env, ...plain },
  });
  const [code] = await once(child, 'exit');
  if (!existsSync(counts)) return { passed: 0, failed: 1, skipped: [] };
  const counted = JSON.parse(readFileSync(counts, 'utf8'));
  return code === 0 || counted.failed > 0 ? counted : { ...counted, failed: 1 };
};

/** Both kinds of tests side by side: what the second says is kept until the first has ended, and then shown. */
const runTests = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'robe-test-'));
  const listing = join(folder, 'listing');
  const file = openSync(listing, 'w');
  try {
    const all = tests();
    const waiting = runMocha(
      join(folder, 'waiting.json'),
      all.filter((each) => startsPrograms(each)),
      file,
    );
    const computed = await runMocha(
      join(folder, 'computing.json'),
      all.filter((each) => !startsPrograms(each)),
      'inherit',
    );
    const waited = await waiting;
    process.stdout.write(readFileSync(listing));
    const skipped = [...computed.skipped, ...waited.skipped];
    for (const why of new Set(skipped.map((each) => each.why))) {
      const titles = skipped.filter((each) => each.why === why).map(({ title }) => `  - ${title}\n`);
      process.stdout.write(`${titles.length} skipped: ${why}\n${titles.join('')}`);
    }
    return {
      passed: computed.passed + waited.passed,
      failed: computed.failed + waited.failed,
      skipped: skipped.length,
    };
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
};

const check = async () => {
  const failures = [];
  for (const [name, act] of staticChecks) {
    say(`\n== ${name}`);
    const right = act();
    say(right ? `${name}: right` : `${name}: WRONG`);
    if (!right) failures.push(name);
  }
  await prepareBinding();
  say('\n== tests');
  const tested = await runTests();
  if (failures.length > 0) say(`Wrong besides the tests: ${failures.join(', ')}`);
  return {
    passed: tested.passed + staticChecks.length - failures.length,
    failed: tested.failed + failures.length,
    skipped: tested.skipped,
  };
};

checkLimits();
preparePackages(forLiveRuns, 'live runs');
preparePackages(forTests, 'tests against other tools');
if (prepareDependencies()) {
  const { passed, failed, skipped } = await check();
  say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
} else {
  say('npm could not install the packages; what it said stands above.');
  say('0 passed, 1 failed, 0 skipped');
  process.exitCode = ENVIRONMENT;
}
