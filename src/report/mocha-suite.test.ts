import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import Mocha from 'mocha';
import { z } from 'zod';
import { failing, sampleCase, sampleResults } from '../gate/testing/sample-results.js';
import { followThroughMocha, reportThroughMocha } from './mocha-suite.js';
import { type RunReport, reportedTests } from './reported-test.js';
import { countsOf, reportOf, samples } from './testing/sample-report.js';

const written = z.looseObject({
  stats: z.looseObject({ tests: z.int(), passes: z.int(), pending: z.int(), failures: z.int() }),
  failures: z.array(
    z.looseObject({ fullTitle: z.string(), duration: z.number().optional(), err: z.record(z.string(), z.unknown()) }),
  ),
});

const here = fileURLToPath(new URL('.', import.meta.url));

describe('a run through a Mocha reporter', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'robe-mocha-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  const tell = async (report: RunReport) => {
    const output = join(folder, 'mocha.json');
    const counts = await reportThroughMocha(Mocha, report, { reporter: 'json', options: { output } });
    return { counts, file: written.parse(JSON.parse(readFileSync(output, 'utf8'))) };
  };

  for (const [about, sample] of samples) {
    it(`${about} says the same totals`, async () => {
      const report = sample();
      const { passed, failed, errored, known, skipped, tests } = countsOf(report);
      const { counts, file } = await tell(report);
      const expected = { tests, passes: passed, pending: known + skipped, failures: failed + errored };
      expect(counts).to.deep.equal(expected);
      expect(file.stats).to.include(expected);
    });
  }

  it('shows what was expected beside what came, and the time that the case took', async () => {
    const differences = [{ field: 'ack', expected: 'isn + 1', got: 'isn' }];
    const finding = {
      facet: 'conformance',
      verdict: 'fail',
      step: '2',
      subject: 'ACK',
      sentence: 's',
      differences,
    } as const;
    const { file } = await tell(
      reportOf(sampleResults([failing('a', 's', { duration: 1234, findings: [{ ...finding, differences }] })])),
    );
    expect(file.failures[0]).to.deep.include({ fullTitle: 'stack a', duration: 1234 });
    expect(file.failures[0]?.err).to.include({ expected: 'ack: isn + 1', actual: 'ack: isn' });
  });

  it('follows a run: one test a case that awaits its verdict, in whatever order they come', async () => {
    const report = reportOf(sampleResults([sampleCase('a'), failing('b', 's'), sampleCase('c')]));
    const tests = reportedTests(report);
    const output = join(folder, 'followed.json');
    const live = followThroughMocha(Mocha, tests, { reporter: 'json', options: { output } });
    const [a, b, c] = tests;
    if (a === undefined || b === undefined || c === undefined) throw new Error('three cases were expected');
    live.judged(c);
    live.judged(b);
    await new Promise((resolve) => setImmediate(resolve));
    // What is told last is final only for cases that were not told before.
    const fault = { name: 'b.yaml:1 dead', suite: 'baseline', kind: 'dead', message: 'dead', group: 'dead' };
    const late = [{ ...fault, outcome: 'failed' as const }, a, { ...b, outcome: 'passed' as const }, c];
    expect(await live.finish(late)).to.deep.equal({ tests: 4, passes: 2, pending: 0, failures: 2 });
    const file = written.parse(JSON.parse(readFileSync(output, 'utf8')));
    expect(file.failures.map(({ fullTitle }) => fullTitle)).to.deep.equal(['stack b', 'baseline b.yaml:1 dead']);
  });

  it('is told alike by every reporter of Mocha that writes to a terminal', function () {
    this.timeout(180_000);
    const modules = ['mocha-suite.js', 'testing/sample-report.js'].map((name) => new URL(name, import.meta.url).href);
    const script = `
      const [{ reportThroughMocha }, { samples }] = await Promise.all(${JSON.stringify(modules)}.map((name) => import(name)));
      const Mocha = (await import('mocha')).default;
      for (const reporter of Object.keys(Mocha.reporters).filter((name) => name !== 'html' && /^[a-z]/.test(name)))
        process.stderr.write(reporter + ' ' + JSON.stringify(await reportThroughMocha(Mocha, samples[0][1](), { reporter, options: {} })) + '\\n');
    `;
    const child = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
      encoding: 'utf8',
      cwd: here,
    });
    const [, first] = samples[0] ?? [];
    if (first === undefined) throw new Error('there is no sample');
    const { passed, failed, errored, known, skipped, tests } = countsOf(first());
    const expected = JSON.stringify({ tests, passes: passed, pending: known + skipped, failures: failed + errored });
    const told = child.stderr.trim().split('\n');
    expect(told.map((line) => line.replace(/^\S+ /, ''))).to.deep.equal(told.map(() => expected));
    expect(told.map((line) => line.split(' ')[0])).to.include.members(['spec', 'dot', 'nyan', 'xunit', 'tap', 'doc']);
  });
});
