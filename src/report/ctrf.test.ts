import { expect } from 'chai';
import { z } from 'zod';
import { writeCtrf } from './ctrf.js';
import { countsOf, samples } from './testing/sample-report.js';

/** The members of the CTRF specification that are written here, with its types; it allows no others except in `extra`. */
const extra = z.record(z.string(), z.unknown());
const ctrf = z.strictObject({
  reportFormat: z.literal('CTRF'),
  specVersion: z.string().regex(/^\d+\.\d+\.\d+$/),
  generatedBy: z.string(),
  results: z.strictObject({
    tool: z.strictObject({ name: z.string().min(1), version: z.string() }),
    summary: z.strictObject({
      tests: z.int(),
      passed: z.int(),
      failed: z.int(),
      skipped: z.int(),
      pending: z.int(),
      other: z.int(),
      suites: z.int(),
      start: z.int(),
      stop: z.int(),
      extra,
    }),
    tests: z.array(
      z.strictObject({
        name: z.string().min(1),
        status: z.enum(['passed', 'failed', 'skipped', 'pending', 'other']),
        duration: z.int(),
        suite: z.array(z.string()).min(1),
        message: z.string(),
        rawStatus: z.string(),
        tags: z.array(z.string()).optional(),
        filePath: z.string().optional(),
        line: z.int().optional(),
        retries: z.int().optional(),
        extra,
      }),
    ),
    extra,
  }),
});

describe('CTRF', () => {
  for (const [about, sample] of samples) {
    it(`of a run ${about} says the same totals`, () => {
      const report = sample();
      const { results } = ctrf.parse(JSON.parse(writeCtrf(report)));
      const { tests, passed, known, skipped, failed, errored } = countsOf(report);
      const count = (status: string) => results.tests.filter((each) => each.status === status).length;
      expect(results.summary).to.include({ tests, passed, failed: failed + errored, skipped: known + skipped });
      expect(results.tests.length).to.equal(tests);
      expect([count('passed'), count('failed'), count('skipped')]).to.deep.equal([
        passed,
        failed + errored,
        known + skipped,
      ]);
    });
  }
});
