/**
 * Runs files of tests, one after the other as they are named by the parent process, and tells it of each: Mocha's listing
 * for people, what passed, what failed, and what was skipped and why. What the files import is loaded once.
 *
 * Nothing is judged by how fast a machine is that does something else, too: the time limit is against what hangs.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

const { timeout } = JSON.parse(readFileSync('.mocharc.json', 'utf8'));

/** What `skipBecause` left at the test or at a suite around it. */
const whySkipped = (it) => it.skippedBecause ?? (it.parent ? whySkipped(it.parent) : 'no reason given');

/** What Mocha says of a failure without the stack; long ones are told whole in the listing. */
const whyFailed = (error) =>
  String(error?.message ?? error)
    .split('\n')
    .slice(0, 12)
    .join('\n');

let listing = [];

class Reporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { told } = options.reporterOptions;
    runner.on('pending', (test) => told.skipped.push({ title: test.fullTitle(), why: whySkipped(test) }));
    runner.on('fail', (test, error) => told.failed.push({ title: test.fullTitle(), why: whyFailed(error) }));
    runner.once('end', () => {
      told.passed = this.stats.passes;
    });
  }
}
Mocha.reporters.Base.consoleLog = (...words) => listing.push(format(...words));

/** Resolves to what became of the tests of one file. */
const runFile = async (file) => {
  listing = [];
  const told = { passed: 0, failed: [], skipped: [] };
  const mocha = new Mocha({ timeout, forbidOnly: true, reporter: Reporter, reporterOptions: { told } });
  mocha.addFile(resolve(file));
  try {
    await mocha.loadFilesAsync();
    await new Promise((ended) => mocha.run(ended));
  } catch (error) {
    told.failed.push({ title: 'loading the file', why: whyFailed(error) });
  }
  return { ...told, listing: listing.map((line) => `${line}\n`).join('') };
};

process.on('message', (file) => {
  runFile(file).then((outcome) => process.send(outcome));
});
process.on('disconnect', () => process.exit());
