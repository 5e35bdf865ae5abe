/**
 * `npm test`: sets up what is missing, then runs every check there is, all of them even when some fail. The last line
 * counts them: `N passed, N failed, N skipped`, each test of mocha and each static check once.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, forLiveRuns, forTests, home, prepareDependencies, preparePackages, run, say } from './prepare.mjs';

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

/** Runs mocha once over everything; its counts, or one failure when it ended without any. */
const runTests = () => {
  const folder = mkdtempSync(join(tmpdir(), 'robe-test-'));
  const counts = join(folder, 'counts.json');
  try {
    const argv = [
      tool('mocha/bin/mocha.js'),
      '--enable-source-maps',
      '--forbid-only',
      // A test that leaves something open must not hang the build.
      '--exit',
      '--timeout=30000',
      `--reporter=${fileURLToPath(new URL('./reporter.mjs', import.meta.url))}`,
      `--reporter-option=counts=${counts}`,
      'dist/**/*.test.js',
    ];
    const succeeded = run(process.execPath, argv, plain);
    if (!existsSync(counts)) return { passed: 0, failed: 1, skipped: 0 };
    const counted = JSON.parse(readFileSync(counts, 'utf8'));
    return succeeded || counted.failed > 0 ? counted : { ...counted, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const check = () => {
  const failures = [];
  for (const [name, act] of staticChecks) {
    say(`\n== ${name}`);
    const right = act();
    say(right ? `${name}: right` : `${name}: WRONG`);
    if (!right) failures.push(name);
  }
  say('\n== tests');
  const tests = runTests();
  if (failures.length > 0) say(`Wrong besides the tests: ${failures.join(', ')}`);
  return {
    passed: tests.passed + staticChecks.length - failures.length,
    failed: tests.failed + failures.length,
    skipped: tests.skipped,
  };
};

preparePackages(forLiveRuns, 'live runs');
preparePackages(forTests, 'tests against other tools');
if (prepareDependencies()) {
  const { passed, failed, skipped } = check();
  say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
} else {
  say('npm could not install the packages; what it said stands above.');
  say('0 passed, 1 failed, 0 skipped');
  process.exitCode = ENVIRONMENT;
}
