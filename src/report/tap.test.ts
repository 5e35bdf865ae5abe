import { expect } from 'chai';
import { Parser } from 'tap-parser';
import { gateOf, strictly } from '../gate/gate.js';
import { failing, sampleResults } from '../gate/testing/sample-results.js';
import { writeTap } from './tap.js';
import { countsOf, samples } from './testing/sample-report.js';

const read = (text: string) => {
  const parser = new Parser({ strict: true });
  parser.end(text);
  const { results } = parser;
  if (results === null) throw new Error('no results');
  return results;
};

describe('TAP', () => {
  for (const [about, sample] of samples) {
    it(`of a run ${about} says the same totals`, () => {
      const report = sample();
      const { tests, passed, known, skipped, failed, errored } = countsOf(report);
      const results = read(writeTap(report));
      expect(results.count).to.equal(tests);
      expect(results.plan.end).to.equal(tests);
      expect({ skipped: results.skip, known: results.todo }).to.deep.equal({ skipped, known });
      expect(results.fail - results.todo).to.equal(failed + errored);
      expect(results.pass).to.equal(passed + skipped);
      expect(results.ok).to.equal(report.gate.exit === 0);
      expect(results.failures.filter((each) => Boolean(each.tapError))).to.deep.equal([]);
      expect(results.bailout).to.equal(false);
    });
  }

  it('explains a failure beneath its line', () => {
    const results = sampleResults([failing('a', 's: t')]);
    expect(writeTap({ results, gate: gateOf(results, strictly('2026-01-01')) })).to.equal(
      [
        'TAP version 14',
        '1..1',
        '# Red: 1 not conformant.',
        '# robe-conformance 0.1.0, run 20260102-030405-stack, seed 7',
        'not ok 1 - stack: a',
        '  ---',
        '  message: "Expected one thing, got another at s: t."',
        '  severity: "fail"',
        '  title: "What a is about"',
        '  standing: "new-failure"',
        '  verdict: "fail"',
        '  signature: "s: t"',
        '  requirements: "ROBE-P1-S-02"',
        '  evidence: "evidence/a"',
        '  ...',
        '',
      ].join('\n'),
    );
  });
});
