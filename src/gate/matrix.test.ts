import { expect } from 'chai';
import type { CaseResult, Results } from '../suite/verdict/results.js';
import { matrixOf } from './matrix.js';
import { sampleCase, sampleResults } from './testing/sample-results.js';

const finding = (
  verdict: 'fail' | 'nonstrict',
  ...requirements: readonly string[]
): CaseResult['findings'][number] => ({
  facet: 'conformance',
  verdict,
  step: '1',
  subject: 'SYN-ACK',
  sentence: 'Wrong.',
  ...(requirements.length === 0 ? {} : { requirements: [...requirements] }),
});

const run = (subject: string, ...cases: readonly (readonly [id: string, about: Partial<CaseResult>])[]): Results => {
  const results = sampleResults(cases.map(([id, about]) => sampleCase(id, { subject, ...about })));
  return { ...results, subjects: results.subjects.filter(({ name }) => name === subject) };
};

const rowsOf = (...runs: readonly Results[]) =>
  matrixOf(runs, new Map()).requirements.map(
    ({ name, differs, cells }) =>
      `${differs ? '≠' : '='} ${name} ${cells.map(({ state, so, asked }) => `${state} ${so}/${asked}`).join(', ')}`,
  );

describe('implementations side by side', () => {
  it('differ where one keeps what another breaks; those rows come first', () => {
    expect(
      rowsOf(
        run('one', ['a', { requirements: ['A'] }], ['b', { requirements: ['B'] }]),
        run(
          'two',
          ['a', { requirements: ['A'] }],
          ['b', { requirements: ['B'], verdict: 'fail', findings: [finding('fail')] }],
        ),
      ),
    ).to.deep.equal(['≠ B kept 1/1, broken 1/1', '= A kept 1/1, kept 1/1']);
  });

  it('are blamed for the sentence that a finding names, and the rest of its case was not reached', () => {
    const failed = { requirements: ['A', 'B'], verdict: 'fail', findings: [finding('fail', 'C')] } as const;
    expect(
      rowsOf(run('one', ['a', { ...failed, requirements: ['A', 'B'], findings: [...failed.findings] }])),
    ).to.deep.equal(['= C broken 1/1', '= A unreached 1/1', '= B unreached 1/1']);
  });

  it('do not differ by what does not apply to one of them', () => {
    expect(
      rowsOf(
        run('one', ['a', { requirements: ['A'] }]),
        run('two', ['a', { requirements: ['A'], verdict: 'not-applicable' }]),
      ),
    ).to.deep.equal(['= A kept 1/1, absent 0/0']);
  });

  it('have the worst of what their cases came to, and how many came to it', () => {
    expect(
      rowsOf(
        run(
          'one',
          ['a', { requirements: ['A'] }],
          ['b', { requirements: ['A'], verdict: 'nonstrict', findings: [finding('nonstrict')] }],
          ['c', { requirements: ['A'], verdict: 'inconclusive' }],
          ['d', { requirements: ['A'], verdict: 'error' }],
        ),
      ),
    ).to.deep.equal(['= A unclear 2/4']);
  });

  it('are counted as their runs were', () => {
    const [column] = matrixOf(
      [
        run(
          'one',
          ['a', {}],
          ['b', { verdict: 'nonstrict' }],
          ['c', { verdict: 'error' }],
          ['d', { verdict: 'not-run' }],
        ),
      ],
      new Map(),
    ).columns;
    expect(column?.counts).to.deep.equal({ judged: 3, green: 1, missed: 1, red: 1 });
  });
});
