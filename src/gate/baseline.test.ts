import { expect } from 'chai';
import { printProblem } from '../suite/catalogue/problem.js';
import { isForVersion, readBaseline } from './baseline.js';
import { lintBaseline } from './baseline-lint.js';
import { isMet } from './condition.js';
import { baselineFrom, baselineText } from './testing/sample-results.js';

const problemsIn = (text: string): readonly string[] => {
  const reading = readBaseline({ file: 'b.yaml', text });
  return 'problems' in reading ? reading.problems.map(printProblem) : [];
};

describe('a baseline file', () => {
  describe('refuses', () => {
    const rows: readonly (readonly [string, string, string])[] = [
      ['no reason', 'case: a\nexpect: unsupported', 'b.yaml:5:5: entries[0].reason is missing: expected text'],
      [
        'an expected failure that any crash would satisfy',
        'case: a\nexpect: fail\nreason: r',
        'b.yaml:5:5: entries[0]: expect fail needs signature: how it comes about, as results.json says it',
      ],
      [
        'a glob without count',
        `glob: 'a.*'\nexpect: unsupported\nreason: r`,
        'b.yaml:5:5: entries[0]: a glob needs count: how many cases it covers',
      ],
      [
        'a pattern as a case',
        `case: 'a.*'\nexpect: unsupported\nreason: r`,
        'b.yaml:5:11: entries[0].case: case is an exact id; a pattern with * or ? is written as glob, with count',
      ],
      [
        'neither case nor glob',
        'expect: unsupported\nreason: r',
        'b.yaml:5:5: entries[0]: expected one of cause, case and glob',
      ],
      [
        'an expected error',
        'case: a\nexpect: error\nreason: r',
        'b.yaml:6:13: entries[0].expect: expected one of fail, nonstrict, inconclusive, unsupported, info, flaky, got the text "error"',
      ],
      [
        'flaky without a plan',
        'case: a\nexpect: flaky\namong: [pass, fail]\nreason: r',
        'b.yaml:5:5: entries[0]: expect flaky needs issue and until: nobody keeps a flaky case without a plan',
      ],
      [
        'a misspelt key',
        'case: a\nexpect: unsupported\nreasn: r\nreason: r',
        'b.yaml:7:5: entries[0]: unknown key "reasn", did you mean "reason"?',
      ],
      [
        'a day that does not exist',
        'case: a\nexpect: unsupported\nreason: r\nuntil: 2026-02-30',
        'b.yaml:8:12: entries[0].until: expected text like',
      ],
    ];
    for (const [about, entry, message] of rows)
      it(about, () => expect(problemsIn(baselineText(entry)).join('\n')).to.contain(message));

    it('a version that YAML reads as a number', () =>
      expect(problemsIn(baselineText().replace('0.1.*', '0.1'))).to.deep.equal([
        'b.yaml:3:12: catalogue: expected text, got the number 0.1',
      ]));
  });

  it('is checked against the catalogue without a run', () => {
    const baseline = baselineFrom(
      baselineText(
        'case: typ\nexpect: unsupported\nreason: r',
        'glob: g\ncount: 3\nexpect: unsupported\nreason: r',
        'case: g.1\nexpect: unsupported\nreason: r\nuntil: 2026-01-01',
        'case: g.2\nexpect: unsupported\nreason: r\nwhen: {ip: 6}',
      ),
    );
    const catalogue = ['type', 'g.1', 'g.2'].map((id) => ({ id, ip: 4, role: 'server' }) as const);
    const problems = lintBaseline(baseline, { catalogue, version: '0.2.0', today: '2026-01-02' });
    expect(problems.map(printProblem)).to.deep.equal([
      'baseline.yaml:1:1: written for version 0.1.* of the catalogue, this is 0.2.0',
      'baseline.yaml:5:5: typ: means no case of the catalogue, did you mean "type"?',
      'baseline.yaml:8:5: g: counts 3 cases, the catalogue has 2',
      'baseline.yaml:12:5: g.1: covers cases that the entry of line 8 covers too',
      'baseline.yaml:12:5: g.1: expired: its last day was 2026-01-01',
      'baseline.yaml:16:5: g.2: means no case that its when leaves',
    ]);
  });

  describe('is for a version', () => {
    const rows = [
      ['0.1.0', '0.1.0', true],
      ['0.1.*', '0.1.0', true],
      ['0.1.*', '0.10.0', false],
      ['0.*', '0.10.0', true],
      ['0.1.0', '0.1.1', false],
    ] as const;
    for (const [wanted, version, meant] of rows)
      it(`${wanted} ${meant ? 'is' : 'is not'} for ${version}`, () =>
        expect(isForVersion(wanted, version)).to.equal(meant));
  });

  describe('has conditions', () => {
    const rows = [
      ['<6.20', '6.18.5-cloud', true],
      ['<6.20', '6.20', false],
      ['<6.20', '6.9', true],
      ['>=6.18.5', '6.18.5-cloud', true],
      ['>6.18', '6.18.1', true],
      ['<= v20.12', 'v20.12.0', true],
      ['<6.20', 'linux 6.18.5-cloud', true],
      ['<6.20', 'unknown', false],
      ['left', 'left', true],
      [4, 4, true],
      [[4, 6], 6, true],
      [['a', 'b'], 'c', false],
      [true, false, false],
      ['x', undefined, false],
    ] as const;
    for (const [wanted, actual, met] of rows)
      it(`${JSON.stringify(wanted)} ${met ? 'is' : 'is not'} met by ${actual}`, () =>
        expect(isMet(Array.isArray(wanted) ? [...wanted] : (wanted as string), actual)).to.equal(met));
  });
});
