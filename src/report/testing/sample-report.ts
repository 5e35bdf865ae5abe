/** Reports for the tests of writers: one with every verdict and standing there is, and one with strings meant to do harm. */
import { type GateRules, gateOf, strictly } from '../../gate/gate.js';
import { baselineFrom, baselineText, failing, sampleCase, sampleResults } from '../../gate/testing/sample-results.js';
import type { CaseResult, Results } from '../../suite/verdict/results.js';
import { verdicts } from '../../suite/verdict/results.js';
import { countOutcomes, type OutcomeCounts, type RunReport, reportedTests } from '../reported-test.js';

const today = '2026-06-01';

export const reportOf = (results: Results, entries?: readonly string[], rules: Partial<GateRules> = {}): RunReport => ({
  results,
  gate: gateOf(results, {
    ...strictly(today),
    ...(entries === undefined ? {} : { baselines: [baselineFrom(baselineText(...entries))] }),
    ...rules,
  }),
});

const attempted = (result: CaseResult, ...others: readonly CaseResult[]): CaseResult => ({
  ...result,
  attempts: [result, ...others].map(({ verdict, sentence, duration }) => ({ verdict, sentence, duration })),
});

/** Every verdict, of a subject with a baseline and of one without, and every standing and fault of the gate. */
export const variedReport = (): RunReport =>
  reportOf(
    sampleResults([
      ...verdicts.map((verdict) => sampleCase(`plain.${verdict}`, { verdict })),
      ...verdicts.map((verdict) => sampleCase(`plain.${verdict}`, { verdict, subject: 'other' })),
      failing('known', 's'),
      failing('changed', 't'),
      sampleCase('fixed'),
      failing('expired', 's'),
      sampleCase('observed', { verdict: 'info', observation: 'ignore' }),
      attempted(
        failing('flaky', 's'),
        sampleCase('flaky'),
        sampleCase('flaky', { verdict: 'error' }),
        failing('flaky', 's'),
      ),
      attempted(failing('stable', 's'), failing('stable', 's'), failing('stable', 's')),
    ]),
    [
      'case: known\nexpect: fail\nsignature: s\nreason: not done yet\nissue: "#7"',
      'case: changed\nexpect: fail\nsignature: s\nreason: r',
      'case: fixed\nexpect: fail\nsignature: s\nreason: r',
      'case: expired\nexpect: fail\nsignature: s\nreason: r\nuntil: 2026-01-01',
      'case: observed\nexpect: info\nobservation: rst\nreason: r',
      'case: gone\nexpect: fail\nsignature: s\nreason: r',
      'glob: plain\ncount: 20\nexpect: unsupported\nreason: r\nwhen: {ip: 6}',
    ],
  );

/** What an implementation or a file could say to break a report. */
export const hostile: readonly string[] = [
  '<script>alert(1)</script>',
  ']]>',
  '"><img src=x onerror=alert(1)>',
  "' onload='x",
  'first line\nok 1 - forged\n::error::forged\n| forged | row |',
  '::error title=forged::x',
  '%0A::error::forged',
  'a # SKIP forged',
  'a # TODO forged',
  '\\',
  'nul \u0000 bell \u0007 escape \u001b[31m delete \u007f next line \u0085',
  'direction \u202e marks \u2066',
  'half \ud800 a character, \ufffe \uffff none at all',
  '`code` **bold** [link](http://example.invalid) | pipe | @somebody #1 <!-- hidden -->',
  '</testcase></testsuite>&amp;&lt;&#0;',
  '...\n---\n  ...',
  '1..0',
  'Bail out! forged',
  'x'.repeat(100_000),
];

const hostileReport = (): RunReport =>
  reportOf(
    sampleResults(
      hostile.flatMap((text, index) => [
        failing(`case ${index} ${text}`, `signature ${index} ${text}`, {
          sentence: text,
          title: text,
          evidence: text,
          subject: `subject ${index % 2} ${hostile[index % 2] ?? ''}`,
          requirements: [text],
        }),
        sampleCase(`skipped ${index} ${text}`, { verdict: 'not-applicable', sentence: text }),
        sampleCase(`passed ${index} ${text}`, { verdict: 'info', observation: text }),
      ]),
      { id: hostile.join(' '), seed: hostile.join(' '), warnings: [...hostile] },
    ),
    ['case: nothing\nexpect: unsupported\nreason: r'],
  );

/** What every format has to say of a report, in total. */
export const countsOf = (report: RunReport): OutcomeCounts & { readonly tests: number } => {
  const tests = reportedTests(report);
  return { tests: tests.length, ...countOutcomes(tests) };
};

export const samples: readonly (readonly [string, () => RunReport])[] = [
  ['with everything there is', variedReport],
  ['with hostile strings', hostileReport],
  ['that is green', () => reportOf(sampleResults([sampleCase('a'), sampleCase('b', { verdict: 'not-applicable' })]))],
  ['in which nothing was judged', () => reportOf(sampleResults([]))],
  [
    'of 300 failures',
    () => reportOf(sampleResults(Array.from({ length: 300 }, (_, i) => failing(`case-${i}`, `s-${i % 17}`)))),
  ],
];
