/** What fails in a plainer dialogue explains what fails alike in a longer one, and nothing else. */
import { expect } from 'chai';
import type { CaseResult } from '../suite/verdict/results.js';
import { fewestOf } from './fewest.js';
import { type Failure, rootsOf } from './plainer.js';
import { standRequirements } from './requirement-standing.js';
import { sampleCase } from './testing/sample-results.js';

type Finding = CaseResult['findings'][number];
type Deed = NonNullable<Finding['trail']>[number];

const here = (did: string, ...fields: string[]): Deed => ({
  did,
  here: true,
  ...(fields.length === 0 ? {} : { fields }),
});
const elsewhere = (did: string): Deed => ({ did, here: false });

const missing = (
  subject: string,
  trail: readonly Deed[],
  requirements: string[],
  given: Partial<Finding> = {},
): Finding => ({
  facet: 'conformance',
  verdict: 'fail',
  class: 'missing',
  step: '3',
  subject,
  sentence: 'It did not come.',
  requirements,
  trail: [...trail],
  ...given,
});

const failure = (finding: Finding, given: Partial<Failure> = {}): Failure => ({
  result: { role: 'server' },
  finding,
  isMostlyKept: false,
  ...given,
});

const answered = missing('SYN-ACK', [elsewhere('SYN+mp_capable'), here('SYN+mp_join')], ['R-JOIN']);

describe('a plainer failure', () => {
  const rows: readonly (readonly [string, Finding, boolean])[] = [
    [
      'with more before it',
      missing('SYN-ACK', [elsewhere('SYN+mp_capable'), elsewhere('DATA+dss'), here('SYN+mp_join')], ['R']),
      true,
    ],
    [
      'with a field more',
      missing('SYN-ACK', [elsewhere('SYN+mp_capable'), here('SYN+mp_join', 'window')], ['R']),
      true,
    ],
    [
      'of another segment',
      missing('ACK', [elsewhere('SYN+mp_capable'), here('SYN+mp_join'), here('ACK')], ['R']),
      false,
    ],
    [
      'on the flow of what went before',
      missing('SYN-ACK', [here('SYN+mp_capable'), here('SYN+mp_join')], ['R']),
      false,
    ],
    [
      'after something more',
      missing('SYN-ACK', [elsewhere('SYN+mp_capable'), here('SYN+mp_join'), here('ACK')], ['R']),
      true,
    ],
    ['after something else', missing('SYN-ACK', [elsewhere('SYN+mp_capable'), here('ACK')], ['R']), false],
  ];
  for (const [about, finding, explained] of rows)
    it(`${explained ? 'explains' : 'does not explain'} one ${about}`, () => {
      const [plain, other] = [failure(answered), failure(finding)];
      expect(rootsOf([other, plain]).get(other)).to.deep.equal([explained ? plain : other]);
    });

  it('explains a reset that comes in place of whatever was awaited', () => {
    const came = (subject: string, trail: readonly Deed[]): Finding => ({
      ...missing(subject, trail, ['R']),
      class: 'mismatch',
      differences: [{ field: 'segment', expected: subject, got: 'RST' }],
    });
    const plain = failure(came('ACK', [here('SYN'), here('DATA')]));
    const longer = failure(came('DATA', [here('SYN'), here('DATA'), here('ACK'), here('DATA')]));
    const awaited = failure(came('RST-ACK', [here('SYN'), here('DATA'), here('ACK')]));
    const roots = rootsOf([awaited, longer, plain]);
    expect([roots.get(longer), roots.get(awaited)]).to.deep.equal([[plain], [awaited]]);
  });

  it('explains nothing of the other role', () => {
    const longer = missing('SYN-ACK', [elsewhere('SYN+mp_capable'), here('DATA'), here('SYN+mp_join')], ['R']);
    const other = failure(longer, { result: { role: 'client' } });
    expect(rootsOf([failure(answered), other]).get(other)).to.deep.equal([other]);
  });

  it('is no root where others find kept what it may break, and a longer one contains it', () => {
    const kept = failure(answered, { isMostlyKept: true });
    const longer = failure(missing('SYN-ACK', [elsewhere('SYN+mp_capable'), here('DATA'), here('SYN+mp_join')], ['R']));
    expect(rootsOf([kept, longer]).get(kept)).to.deep.equal([longer]);
  });
});

describe('the fewest sentences', () => {
  it('explain all failures, and those that explain the same stand together', () => {
    const failures = [
      {
        of: 1,
        possible: new Map([
          ['A', 2],
          ['B', 1],
        ]),
      },
      { of: 2, possible: new Map([['A', 1]]) },
      {
        of: 3,
        possible: new Map([
          ['C', 1],
          ['D', 1],
        ]),
      },
    ];
    expect(fewestOf(failures)).to.deep.equal([
      [1, ['A']],
      [2, ['A']],
      [3, ['C', 'D']],
    ]);
  });
});

describe('the fewest sentences, where as much speaks for several', () => {
  it('are those that explain more elsewhere', () => {
    const failures = [
      {
        of: 1,
        possible: new Map([
          ['A', 1 / 3],
          ['B', 1 / 3],
        ]),
      },
    ];
    expect(fewestOf(failures, (id) => (id === 'B' ? 4 : 1))).to.deep.equal([[1, ['B']]]);
  });
});

describe('the standing of requirements', () => {
  const red = (id: string, asks: string[], findings: Finding[]): CaseResult =>
    sampleCase(id, { verdict: 'fail', requirements: asks, findings });
  const longer = missing('SYN-ACK', [elsewhere('SYN+mp_capable'), here('DATA'), here('SYN+mp_join')], ['R-LATE']);
  const standing = (results: readonly CaseResult[], id: string) => standRequirements(results).get(id)?.standing;

  it('is not reached where a plainer dialogue fails alike', () => {
    const results = [red('a', ['R-JOIN'], [answered]), red('b', ['R-LATE'], [longer])];
    expect([standing(results, 'R-JOIN'), standing(results, 'R-LATE')]).to.deep.equal(['broken', 'not-reached']);
    expect(standing(results.slice(1), 'R-LATE'), 'alone').to.equal('broken');
  });

  it('is the one that most cases name which came to the same point', () => {
    const at = (requirements: string[]) => ({ ...answered, requirements, point: '0123456789ab' });
    const results = [['R-1', 'R-2'], ['R-1'], ['R-1', 'R-3']].map((asks, index) =>
      red(String(index), asks, [at(asks)]),
    );
    expect(['R-1', 'R-2', 'R-3'].map((id) => standing(results, id))).to.deep.equal([
      'broken',
      'not-reached',
      'not-reached',
    ]);
  });

  it('is not reached where an opening fails alike that the dialogue contains, with whatever header fields elsewhere', () => {
    const begun = { ...elsewhere('SYN+mp_capable'), fields: ['window'] };
    const opening = missing('SYN-ACK', [begun, here('SYN+mp_join')], ['R-OPEN'], { setUp: true, after: 'SYN+mp_join' });
    const special = (trail: readonly Deed[]) => missing('SYN-ACK', trail, ['R-RARE'], { after: 'SYN+mp_join+mss' });
    const join = here('SYN+mp_join+mss');
    const both = (trail: readonly Deed[]) => [red('a', ['R-X'], [opening]), red('b', ['R-RARE'], [special(trail)])];
    expect(standing(both([elsewhere('SYN+mp_capable'), join]), 'R-RARE')).to.equal('not-reached');
    expect(standing(both([join]), 'R-RARE')).to.equal('broken');
  });

  it('is broken rather than explained by a plainer dialogue where a case that fails alike asks for nothing else', () => {
    const reset = missing(
      'SYN-ACK',
      [elsewhere('SYN+mp_capable'), here('RST'), here('SYN+mp_join')],
      ['R-RESET', 'R-OTHER'],
    );
    const alone = missing('SYN-ACK', [here('RST'), here('SYN+mp_join')], ['R-RESET']);
    const results = [
      red('a', ['R-JOIN'], [answered]),
      red('b', ['R-RESET', 'R-OTHER'], [reset]),
      red('c', ['R-RESET'], [alone]),
    ];
    expect(standing(results, 'R-RESET')).to.equal('broken');
    expect(standing(results, 'R-OTHER')).to.equal('not-reached');
  });

  it('goes by cases that ask little rather than by cases that ask much', () => {
    const at = (requirements: string[]) => ({ ...answered, requirements, point: '0123456789ab' });
    const many = ['R-1', 'R-2', 'R-3', 'R-4', 'R-5'];
    const results = [[...many], [...many], ['R-6', 'R-1'], ['R-6']].map((asks, index) =>
      red(String(index), asks, [at(asks)]),
    );
    expect(['R-6', 'R-1', 'R-2'].map((id) => standing(results, id))).to.deep.equal([
      'broken',
      'not-reached',
      'not-reached',
    ]);
  });

  it('says nothing of what a case finds after it has failed', () => {
    const later = missing('RST', [here('SYN'), here('FIN')], ['R-LATE', 'R-OTHER']);
    const results = [red('a', ['R-LATE', 'R-OTHER'], [{ ...answered, requirements: ['R-JOIN'] }, later])];
    expect(standing(results, 'R-OTHER')).to.equal('not-reached');
  });

  it('is what a rule says of a segment that was not awaited', () => {
    const uncalled = missing('DATA', [here('ACK')], ['R-ASKED'], { class: 'unexpected', observation: 5 });
    const rule = missing('stream', [], ['R-STREAM'], { rule: 'stream', class: 'mismatch', observation: 5 });
    expect(standing([red('a', ['R-ASKED'], [uncalled, rule])], 'R-ASKED')).to.equal('not-reached');
    const everywhere = ['b', 'c'].map((id) => red(id, ['R-ASKED'], [rule]));
    expect(standing([red('a', ['R-ASKED'], [uncalled, rule]), ...everywhere], 'R-ASKED')).to.equal('broken');
  });
});
