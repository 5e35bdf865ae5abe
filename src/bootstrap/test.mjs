/**
 * `npm test`: sets up what is missing, then runs every check there is, all of them even when some fail. The last line
 * counts them: `N passed, N failed, N skipped`, each test of mocha and each static check once.
 */
import { fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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
const lane = fileURLToPath(new URL('./test-lane.mjs', import.meta.url));
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
const startsPrograms = (source) => /'(?:node:child_process|playwright-core|[^']*\/(?:lab|skip)\.js)'/.test(source);

/** The most time that a test of the file allows itself, in milliseconds. */
const longestLimit = (source) =>
  Math.max(0, ...[...source.matchAll(/\.timeout\(([\d_]+)\)/g)].map(([, limit]) => Number(limit.replaceAll('_', ''))));

/** Both queues have first what may take longest, so that nothing long is left for the end. */
const queuesOfTests = () => {
  const all = tests().map((file) => {
    const source = readFileSync(join(home, file), 'utf8');
    return { file, waits: startsPrograms(source), limit: longestLimit(source) };
  });
  all.sort((a, b) => b.limit - a.limit);
  const filesOf = (waits) => all.filter((each) => each.waits === waits).map(({ file }) => file);
  return { waiting: filesOf(true), computing: filesOf(false) };
};

/** What became of a file whose process ended in the middle of it. */
const cutShort = (file, how) => ({
  file,
  listing: '',
  passed: 0,
  failed: [{ title: 'every test of the file', why: `the process of the tests ended, ${how}` }],
  skipped: [],
});

/** Runs files in one process (`test-lane.mjs`) as long as it lives, and in another one after that. */
class Lane {
  #child;

  /** Resolves to what became of the tests of this file. */
  run(file) {
    this.#child ??= fork(lane, { cwd: home, execArgv: ['--enable-source-maps'], env: { ...process.env, ...plain } });
    const child = this.#child;
    return new Promise((resolve) => {
      const ended = (code, signal) => {
        this.#child = undefined;
        resolve(cutShort(file, signal === null ? `with ${code}` : `by ${signal}`));
      };
      child.once('exit', ended);
      child.once('message', (outcome) => {
        child.off('exit', ended);
        resolve({ file, ...outcome });
      });
      child.send(file);
    });
  }

  end() {
    this.#child?.kill();
  }
}

/** Takes files from these queues, one queue after the other, until they are empty. */
const runLane = async (queues, tell) => {
  const files = new Lane();
  for (const queue of queues) {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) tell(await files.run(file));
  }
  files.end();
};

/** Two lanes: what waits goes beside what computes, and when nothing waits any more both compute. */
const runTests = async () => {
  const { waiting, computing } = queuesOfTests();
  const outcomes = [];
  const tell = (outcome) => {
    outcomes.push(outcome);
    process.stdout.write(outcome.listing);
  };
  await Promise.all([runLane([waiting, computing], tell), runLane([computing], tell)]);
  const skipped = outcomes.flatMap((each) => each.skipped);
  for (const why of new Set(skipped.map((each) => each.why))) {
    const titles = skipped.filter((each) => each.why === why).map(({ title }) => `  - ${title}\n`);
    process.stdout.write(`${titles.length} skipped: ${why}\n${titles.join('')}`);
  }
  for (const { file, failed } of outcomes) {
    for (const { title, why } of failed) say(`\nFAILED ${file}: ${title}\n${why.replace(/^/gm, '    ')}`);
  }
  return {
    passed: outcomes.reduce((sum, each) => sum + each.passed, 0),
    failed: outcomes.reduce((sum, each) => sum + each.failed.length, 0),
    skipped: skipped.length,
  };
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
