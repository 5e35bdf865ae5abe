import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import Mocha from 'mocha';
import { z } from 'zod';
import { failing, sampleResults } from '../gate/testing/sample-results.js';
import { reportThroughMocha } from './mocha-suite.js';
import type { RunReport } from './reported-test.js';
import { countsOf, reportOf, samples } from './testing/sample-report.js';

const written = z.looseObject({
  stats: z.looseObject({ tests: z.int(), passes: z.int(), pending: z.int(), failures: z.int() }),
  failures: z.array(
    z.looseObject({ fullTitle: z.string(), duration: z.number().optional(), err: z.record(z.string(), z.unknown()) }),
  ),
});

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
});
