import { expect } from 'chai';
import type { CaseResult, Results } from '../suite/verdict/results.js';
import { type Gate, type GateRules, gateOf, strictly } from './gate.js';
import type { Standing } from './standing.js';
import { baselineFrom, baselineText, failing, sampleCase, sampleResults } from './testing/sample-results.js';

const today = '2026-06-01';
const gate = (results: Results, entries?: readonly string[], rules: Partial<GateRules> = {}): Gate =>
  gateOf(results, {
    ...strictly(today),
    ...(entries === undefined ? {} : { baselines: [baselineFrom(baselineText(...entries))] }),
    ...rules,
  });
const known = (expected: string): string => `case: a\n${expected}\nreason: because`;
const mismatch = 'mismatch/SYN-ACK.mp_capable.key';
const expectsMismatch = known(`expect: fail\nsignature: ${mismatch}`);

interface Standings {
  readonly about: string;
  readonly result: CaseResult;
  /** Absent: there is no baseline. */
  readonly entries?: readonly string[];
  readonly rules?: Partial<GateRules>;
  readonly standing: Standing;
  readonly exit: number;
}

const verdictOf = (verdict: CaseResult['verdict'], given: Partial<CaseResult> = {}) =>
  sampleCase('a', { verdict, ...given });
const twice = (first: CaseResult, second: CaseResult): CaseResult => ({
  ...first,
  attempts: [first, second].map(({ verdict, signature, sentence, duration }) => ({
    verdict,
    sentence,
    duration,
    ...(signature === undefined ? {} : { signature }),
  })),
});

const table: readonly Standings[] = [
  // Without a baseline.
  { about: 'a pass', result: verdictOf('pass'), standing: 'as-expected', exit: 0 },
  { about: 'an observation', result: verdictOf('info'), standing: 'as-expected', exit: 0 },
  { about: 'a missed SHOULD', result: verdictOf('nonstrict'), standing: 'as-expected', exit: 0 },
  {
    about: 'a missed SHOULD where SHOULD counts',
    result: verdictOf('nonstrict'),
    rules: { level: 'should' },
    standing: 'new-failure',
    exit: 1,
  },
  { about: 'a failure', result: failing('a', mismatch), standing: 'new-failure', exit: 1 },
  { about: 'an unsupported claim', result: verdictOf('unsupported'), standing: 'new-failure', exit: 1 },
  { about: 'an inconclusive one', result: verdictOf('inconclusive'), standing: 'inconclusive', exit: 4 },
  {
    about: 'an inconclusive one within the budget',
    result: verdictOf('inconclusive'),
    rules: { inconclusiveBudget: 1 },
    standing: 'inconclusive',
    exit: 0,
  },
  { about: 'an error', result: verdictOf('error'), standing: 'error', exit: 3 },
  { about: 'a case that was not run', result: verdictOf('not-run'), standing: 'missing', exit: 5 },
  {
    about: 'passed once, failed once',
    result: twice(failing('a', mismatch), sampleCase('a')),
    standing: 'flaky',
    exit: 1,
  },
  {
    about: 'failed in two ways',
    result: twice(failing('a', mismatch), failing('a', 'missing/SYN-ACK')),
    standing: 'flaky',
    exit: 1,
  },
  {
    about: 'failed twice in the same way',
    result: twice(failing('a', mismatch), failing('a', mismatch)),
    standing: 'new-failure',
    exit: 1,
  },
  {
    about: 'failed once, no verdict once',
    result: twice(failing('a', mismatch), verdictOf('error')),
    standing: 'error',
    exit: 3,
  },
  // With one.
  { about: 'what no entry excuses', result: failing('a', mismatch), entries: [], standing: 'regressed', exit: 1 },
  {
    about: 'what an entry says',
    result: failing('a', mismatch),
    entries: [expectsMismatch],
    standing: 'known',
    exit: 0,
  },
  {
    about: 'a crash where a mismatch is expected',
    result: failing('a', 'crash/SYN-ACK', { class: 'crash' }),
    entries: [expectsMismatch],
    standing: 'changed',
    exit: 1,
  },
  {
    about: 'the same failure, of an entry that names the step',
    result: failing('a', mismatch),
    entries: [known(`expect: fail\nsignature: step-4/${mismatch}`)],
    standing: 'known',
    exit: 0,
  },
  {
    about: 'one of two signatures',
    result: failing('a', mismatch),
    entries: [known(`expect: fail\nsignature: [missing/SYN-ACK, ${mismatch}]`)],
    standing: 'known',
    exit: 0,
  },
  {
    about: 'no verdict where a failure is expected',
    result: verdictOf('error'),
    entries: [expectsMismatch],
    standing: 'error',
    exit: 3,
  },
  {
    about: 'not run where a failure is expected',
    result: verdictOf('not-run'),
    entries: [expectsMismatch],
    standing: 'missing',
    exit: 5,
  },
  { about: 'an unexpected pass', result: verdictOf('pass'), entries: [expectsMismatch], standing: 'fixed', exit: 1 },
  {
    about: 'an unexpected pass that is allowed',
    result: verdictOf('pass'),
    entries: [expectsMismatch],
    rules: { allowFixed: true },
    standing: 'fixed',
    exit: 0,
  },
  {
    about: 'too little evidence for an expected failure',
    result: verdictOf('inconclusive', { signature: 'step-evidence/inconclusive/disturbed' }),
    entries: [expectsMismatch],
    standing: 'inconclusive',
    exit: 4,
  },
  {
    about: 'unsupported where a failure is expected',
    result: verdictOf('unsupported'),
    entries: [expectsMismatch],
    standing: 'changed',
    exit: 1,
  },
  {
    about: 'a failure where a missed SHOULD is expected',
    result: failing('a', mismatch),
    entries: [known('expect: nonstrict\nsignature: nonstrict/ACK')],
    standing: 'regressed',
    exit: 1,
  },
  {
    about: 'unsupported as known',
    result: verdictOf('unsupported'),
    entries: [known('expect: unsupported')],
    standing: 'known',
    exit: 0,
  },
  {
    about: 'the observation on record',
    result: verdictOf('info', { observation: 'rst' }),
    entries: [known('expect: info\nobservation: rst')],
    standing: 'known',
    exit: 0,
  },
  {
    about: 'another observation',
    result: verdictOf('info', { observation: 'ignore' }),
    entries: [known('expect: info\nobservation: rst')],
    standing: 'observation-changed',
    exit: 0,
  },
  {
    about: 'a failure where an observation is on record',
    result: failing('a', mismatch),
    entries: [known('expect: info\nobservation: rst')],
    standing: 'regressed',
    exit: 1,
  },
  {
    about: 'the last day of an excuse',
    result: failing('a', mismatch),
    entries: [`${expectsMismatch}\nuntil: 2026-06-01`],
    standing: 'known',
    exit: 0,
  },
  {
    about: 'the day after',
    result: failing('a', mismatch),
    entries: [`${expectsMismatch}\nuntil: 2026-05-31`],
    standing: 'expired',
    exit: 1,
  },
  {
    about: 'flaky as known',
    result: twice(failing('a', mismatch), sampleCase('a')),
    entries: [known('expect: flaky\namong: [pass, fail]\nissue: "#7"\nuntil: 2026-12-31')],
    standing: 'known',
    exit: 0,
  },
  {
    about: 'flaky beyond what is known',
    result: twice(failing('a', mismatch), sampleCase('a')),
    entries: [known('expect: flaky\namong: [pass, inconclusive]\nissue: "#7"\nuntil: 2026-12-31')],
    standing: 'flaky',
    exit: 1,
  },
  {
    about: 'an entry for other circumstances',
    result: failing('a', mismatch),
    entries: [`${expectsMismatch}\nwhen: {kernel: '>=7'}`],
    standing: 'regressed',
    exit: 1,
  },
  {
    about: 'an entry for these circumstances',
    result: failing('a', mismatch),
    entries: [`${expectsMismatch}\nwhen: {kernel: '<6.20', ip: [4, 6], parameters: {hmac.split: left}}`],
    standing: 'known',
    exit: 0,
  },
];

describe('the standing of a case', () => {
  for (const { about, result, entries, rules, standing, exit } of table) {
    it(`${about}: ${standing}, exit ${exit}`, () => {
      const found = gate(sampleResults([result, sampleCase('z')]), entries, rules);
      expect(found.cases[0]?.standing).to.equal(standing);
      expect(found.cases[0]?.red).to.equal(exit !== 0);
      expect(found.entries).to.deep.equal([]);
      expect(found.exit).to.equal(exit);
    });
  }
});
