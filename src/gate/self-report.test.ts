import { expect } from 'chai';
import type { SelfReport } from '../suite/verdict/results.js';
import { gateOf, strictly } from './gate.js';
import { sampleCase, sampleResults } from './testing/sample-results.js';

const warning: SelfReport = {
  subject: 'stack',
  kind: 'warning',
  title: 'WARNING: CPU: 0 PID: 61 at net/mptcp/a.c:1',
  cases: [],
  among: 0,
  times: 1,
  lines: ['WARNING: CPU: 0 PID: 61 at net/mptcp/a.c:1'],
};

describe('what a kernel reports of itself', () => {
  const table: readonly (readonly [report: Partial<SelfReport>, sentence: string])[] = [
    [{ cases: ['a'] }, 'stack reported under a: WARNING: CPU: 0 PID: 61 at net/mptcp/a.c:1'],
    [
      { cases: ['a', 'b', 'c'], times: 4 },
      'stack reported under a and 2 more (4 times): WARNING: CPU: 0 PID: 61 at net/mptcp/a.c:1',
    ],
    [
      { among: 40 },
      'stack reported while 40 cases were under way, and under none of them alone: WARNING: CPU: 0 PID: 61 at net/mptcp/a.c:1',
    ],
    [{}, 'stack reported: WARNING: CPU: 0 PID: 61 at net/mptcp/a.c:1'],
  ];
  for (const [report, sentence] of table) {
    it(`is red though every case passed: ${sentence.slice(0, 50)}`, () => {
      const results = sampleResults([sampleCase('a')], { selfReports: [{ ...warning, ...report }] });
      const { exit, run } = gateOf(results, strictly('2026-06-01'));
      expect(exit).to.equal(1);
      expect(run.map((each) => each.sentence)).to.deep.equal([sentence]);
    });
  }
});
