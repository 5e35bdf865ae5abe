import { expect } from 'chai';
import type { CaseResult, Results } from '../suite/verdict/results.js';
import { verdicts } from '../suite/verdict/results.js';
import { type Gate, type GateRules, gateOf, strictly } from './gate.js';
import { gateSentence } from './sentence.js';
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

const verdictOf = (verdict: CaseResult['verdict']) => sampleCase('a', { verdict });

describe('the gate', () => {
  describe('finds faults of a baseline', () => {
    const rows: readonly (readonly [string, readonly string[], string | undefined])[] = [
      ['an entry that means no case', ['case: aa\nexpect: unsupported\nreason: r'], 'dead'],
      ['an entry for a case that does not apply', ['case: n\nexpect: unsupported\nreason: r'], 'dead'],
      [
        'a glob over fewer cases than it says',
        [`glob: 'g.*'\ncount: 3\nexpect: fail\nsignature: s\nreason: r`],
        'miscounted',
      ],
      [
        'a glob over more cases than it says',
        [`glob: g\ncount: 1\nexpect: fail\nsignature: s\nreason: r`],
        'miscounted',
      ],
      ['a glob over as many as it says', [`glob: g\ncount: 2\nexpect: fail\nsignature: s\nreason: r`], undefined],
      [
        'two entries for one case',
        [
          `glob: g\ncount: 2\nexpect: fail\nsignature: s\nreason: r`,
          'case: g.2\nexpect: fail\nsignature: s\nreason: r',
        ],
        'duplicate',
      ],
      [
        'two entries of which one is asleep',
        [
          `glob: g\ncount: 2\nexpect: fail\nsignature: s\nreason: r`,
          `case: g.2\nexpect: unsupported\nreason: r\nwhen: {machine: other}`,
        ],
        undefined,
      ],
    ];
    const results = sampleResults([
      failing('g.1', 's'),
      failing('g.2', 's'),
      sampleCase('a'),
      sampleCase('n', { verdict: 'not-applicable' }),
    ]);
    for (const [about, entries, fault] of rows) {
      it(about, () => {
        const found = gate(results, entries);
        expect(found.entries.map((each) => each.fault)).to.deep.equal(fault === undefined ? [] : [fault]);
        if (fault !== undefined) expect(found.exit).to.equal(2);
      });
    }

    it('says where', () =>
      expect(gate(results, ['case: aa\nexpect: unsupported\nreason: r']).entries[0]).to.include({
        file: 'baseline.yaml',
        line: 5,
        column: 5,
        sentence: 'aa means no case of the catalogue, did you mean "a"?',
      }));

    it('holds its tongue about what was not selected', () => {
      const entries = [
        'case: b\nexpect: fail\nsignature: s\nreason: r',
        `glob: g\ncount: 5\nexpect: fail\nsignature: s\nreason: r`,
      ];
      const catalogue = ['a', 'b', 'g.1', 'g.2', 'g.3', 'g.4', 'g.5'].map(
        (id) => ({ id, ip: 4, role: 'server' }) as const,
      );
      const part = sampleResults([sampleCase('a'), failing('g.1', 's')]);
      expect(gate(part, entries, { catalogue }).exit).to.equal(0);
      expect(gate(part, entries).exit).to.equal(2);
    });

    it('of another implementation', () => {
      const found = gate(sampleResults([sampleCase('a', { subject: 'other' })]), undefined, {
        baselines: [baselineFrom(baselineText().replace('stack', 'stak'))],
      });
      expect(found.entries.map(({ fault }) => fault)).to.deep.equal(['foreign']);
      expect(found.exit).to.equal(2);
    });

    it('of another version of the catalogue', () => {
      const found = gate(sampleResults([sampleCase('a')], { tool: 'robe-conformance 0.2.0' }), []);
      expect(found.entries.map(({ fault }) => fault)).to.deep.equal(['outdated']);
      expect(found.exit).to.equal(2);
    });

    it('where there are two for one implementation', () => {
      const baselines = [baselineFrom(baselineText()), baselineFrom(baselineText())];
      expect(gate(sampleResults([sampleCase('a')]), undefined, { baselines }).exit).to.equal(2);
    });
  });

  describe('judges the run as a whole', () => {
    const rows: readonly (readonly [string, Results, number])[] = [
      ['nothing at all is not success', sampleResults([]), 2],
      ['nothing that applies is not success', sampleResults([verdictOf('not-applicable')]), 2],
      [
        'nothing that applies in one shard',
        sampleResults([verdictOf('not-applicable')], { shard: { index: 1, of: 2, plan: 'p' } }),
        0,
      ],
      [
        'interrupted',
        sampleResults([verdictOf('pass'), failing('b', 's')], { interrupted: true, complete: false }),
        130,
      ],
      ['ended early', sampleResults([verdictOf('pass')], { problem: 'no space', complete: false }), 3],
      ['incomplete', sampleResults([verdictOf('pass')], { complete: false }), 5],
      ['missing before failed', sampleResults([failing('b', 's'), verdictOf('not-run')]), 5],
      ['error before failed', sampleResults([failing('b', 's'), verdictOf('error')]), 3],
      ['failed before inconclusive', sampleResults([failing('b', 's'), verdictOf('inconclusive')]), 1],
      [
        '256 failures are as red as one',
        sampleResults(Array.from({ length: 256 }, (_, index) => failing(`case-${index}`, 's'))),
        1,
      ],
    ];
    for (const [about, results, exit] of rows)
      it(`${about}: exit ${exit}`, () => expect(gate(results).exit).to.equal(exit));
  });

  it('gives every verdict a standing, with and without a baseline', () => {
    for (const verdict of verdicts) {
      for (const entries of [undefined, [], [expectsMismatch]]) {
        const { cases, counts } = gate(sampleResults([verdictOf(verdict), sampleCase('z')]), entries);
        expect(cases, verdict).to.have.length(2);
        expect(Object.values(counts).reduce((sum, each) => sum + each, 0)).to.equal(2);
      }
    }
  });

  describe('in one sentence', () => {
    const rows: readonly (readonly [string, Gate, string])[] = [
      [
        'holds',
        gate(sampleResults([failing('a', mismatch), sampleCase('b')]), [expectsMismatch]),
        'The gate holds: 1 as expected, 1 known deviation.',
      ],
      [
        'red',
        gate(sampleResults([verdictOf('pass'), failing('b', 's'), sampleCase('c')]), [
          expectsMismatch,
          'case: d\nexpect: unsupported\nreason: r',
        ]),
        'Red: 1 regressed, 1 fixed, 1 dead baseline entry.',
      ],
      ['empty', gate(sampleResults([])), 'Red: no case was judged.'],
    ];
    for (const [about, found, sentence] of rows) it(about, () => expect(gateSentence(found)).to.equal(sentence));
  });
});
