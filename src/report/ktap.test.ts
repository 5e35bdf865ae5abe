/** KTAP: plans that are met, one line a test, nothing forged by what an implementation says. */
import { expect } from 'chai';
import { gateOf, strictly } from '../gate/gate.js';
import { failing, sampleCase, sampleResults } from '../gate/testing/sample-results.js';
import { writeKtap } from './ktap.js';
import { hostile, variedReport } from './testing/sample-report.js';

describe('KTAP', () => {
  it('has a subtest for each implementation, and what went wrong above its line', () => {
    const results = sampleResults([
      sampleCase('good'),
      failing('bad', 's'),
      sampleCase('other', { verdict: 'not-applicable', sentence: 'Not applicable: one path.' }),
    ]);
    expect(writeKtap({ results, gate: gateOf(results, strictly('2026-01-01')) })).to.equal(
      [
        'KTAP version 1',
        '# Red: 1 not conformant.',
        '1..1',
        '  KTAP version 1',
        '  1..3',
        '  ok 1 good',
        '  # what: Expected one thing, got another at s.',
        '  # title: What bad is about',
        '  # standing: new-failure',
        '  # verdict: fail',
        '  # signature: s',
        '  # requirements: ROBE-P1-S-02',
        '  # evidence: evidence/bad',
        '  not ok 2 bad',
        '  ok 3 other # SKIP Not applicable: one path.',
        'not ok 1 stack',
        '',
      ].join('\n'),
    );
  });

  it('has subtests by profile and role', () => {
    const results = sampleResults([
      sampleCase('tcp.server.a'),
      sampleCase('mptcp.client.b'),
      sampleCase('tcp.server.c'),
    ]);
    const lines = writeKtap({ results, gate: gateOf(results, strictly('2026-01-01')) }).split('\n');
    expect(lines.filter((line) => /^ *(1\.\.|ok)/.test(line))).to.deep.equal([
      '1..2',
      '  1..2',
      '  ok 1 tcp.server.a',
      '  ok 2 tcp.server.c',
      'ok 1 stack: tcp.server',
      '  1..1',
      '  ok 1 mptcp.client.b',
      'ok 2 stack: mptcp.client',
    ]);
  });

  it('keeps its plans whatever the verdicts and names are', () => {
    const harm = sampleResults(hostile.map((text, index) => failing(`h${index}`, text, { sentence: text })));
    for (const report of [variedReport(), { results: harm, gate: gateOf(harm, strictly('2026-01-01')) }]) {
      const lines = writeKtap(report).split('\n');
      const plans = lines.filter((line) => /^ {2}1\.\./.test(line)).map((line) => Number(line.slice('  1..'.length)));
      const tests = lines.filter((line) => /^ {2}(not )?ok \d+ /.test(line));
      expect(tests).to.have.length(plans.reduce((sum, each) => sum + each, 0));
      expect(lines.filter((line) => /^(not )?ok \d+ /.test(line))).to.have.length(plans.length);
    }
  });
});
