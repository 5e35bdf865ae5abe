import { expect } from 'chai';
import type { CaseResult } from '../suite/verdict/results.js';
import { type Change, compareRuns } from './compare.js';
import { failing, sampleCase, sampleResults } from './testing/sample-results.js';

const pass = sampleCase('a');
const fail = failing('a', 's');
const as = (verdict: CaseResult['verdict'], given: Partial<CaseResult> = {}) => sampleCase('a', { verdict, ...given });

const rows: readonly (readonly [CaseResult | undefined, CaseResult | undefined, Change])[] = [
  [pass, pass, 'same'],
  [fail, fail, 'same'],
  [pass, fail, 'regressed'],
  [pass, as('not-run'), 'regressed'],
  [pass, as('inconclusive'), 'regressed'],
  [pass, as('nonstrict'), 'regressed'],
  [fail, pass, 'fixed'],
  [as('nonstrict'), pass, 'fixed'],
  [fail, failing('a', 't'), 'changed'],
  [fail, as('error'), 'changed'],
  [undefined, pass, 'new-pass'],
  [as('not-applicable'), pass, 'new-pass'],
  [undefined, fail, 'new-failure'],
  [as('not-applicable'), fail, 'new-failure'],
  [fail, undefined, 'gone'],
  [pass, as('not-applicable'), 'gone'],
  [as('info', { observation: 'rst' }), as('info', { observation: 'ignore' }), 'observation-changed'],
  [as('info', { observation: 'rst' }), as('info', { observation: 'rst' }), 'same'],
  [as('info', { observation: 'rst' }), pass, 'observation-changed'],
];
const name = (each: CaseResult | undefined): string =>
  each?.signature ?? each?.observation ?? each?.verdict ?? 'nothing';
const listOf = (each: CaseResult | undefined): readonly CaseResult[] => (each === undefined ? [] : [each]);

describe('a comparison of runs', () => {
  for (const [before, after, change] of rows) {
    it(`from ${name(before)} to ${name(after)}: ${change}`, () => {
      const { differences, counts } = compareRuns(sampleResults(listOf(before)), sampleResults(listOf(after)));
      expect(differences.map((each) => each.change)).to.deep.equal([change]);
      expect(counts[change]).to.equal(1);
    });
  }

  it('pairs two implementations by case, several subjects by name', () => {
    const other = { ...sampleResults([]), subjects: [{ ...sampleResults([]).subjects[0], name: 'fork' }] };
    const fork = sampleResults([failing('a', 's', { subject: 'fork' })]);
    const single = { ...fork, subjects: fork.subjects.filter(({ name: each }) => each === 'fork') };
    expect(other.subjects).to.have.length(1);
    expect(compareRuns(sampleResults([pass]), single).counts.regressed).to.equal(1);
    expect(compareRuns(sampleResults([pass]), fork).counts).to.include({ gone: 1, 'new-failure': 1 });
  });
});
