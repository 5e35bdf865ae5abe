/** Many red cases, few causes; each requirement broken only where it is broken. */
import { expect } from 'chai';
import type { CaseResult } from '../suite/verdict/results.js';
import { causesOf } from './causes.js';
import { standRequirements } from './requirement-standing.js';
import { sampleCase } from './testing/sample-results.js';

type Finding = CaseResult['findings'][number];

const finding = (subject: string, requirements: string[], given: Partial<Finding> = {}): Finding => ({
  facet: 'conformance',
  verdict: 'fail',
  class: 'mismatch',
  step: '4',
  subject,
  sentence: 'Expected one thing, got another.',
  requirements,
  ...given,
});

const red = (id: string, asks: string[], findings: Finding[], given: Partial<CaseResult> = {}): CaseResult =>
  sampleCase(id, { verdict: 'fail', requirements: asks, findings, ...given });

const hmacInOpening = finding('SYN-ACK.mp_join.hmac', ['R-HMAC'], { setUp: true });
const silent = (asks: string[], setUp?: true): Finding =>
  finding('SYN-ACK', setUp === undefined ? asks : ['R-LISTEN'], {
    class: 'missing',
    after: 'SYN',
    ...(setUp === undefined ? {} : { setUp }),
  });

describe('causes', () => {
  it('are one for a wrong HMAC, in whichever case and at whichever step', () => {
    const [cause, ...others] = causesOf([
      red('a', ['R-FIN'], [{ ...hmacInOpening, step: '4' }]),
      red('b', ['R-DATA'], [{ ...hmacInOpening, step: '8' }], { steps: 2 }),
    ]);
    expect(others).to.deep.equal([]);
    expect(cause).to.include({ signature: 'mismatch/SYN-ACK.mp_join.hmac', verdict: 'fail' });
    expect(cause?.requirements).to.deep.equal(['R-HMAC']);
    expect(
      cause?.results.map(({ result }) => result.id),
      'the simplest first',
    ).to.deep.equal(['b', 'a']);
  });

  it('are as many as the defects', () => {
    const defects = ['A', 'B', 'C', 'D', 'E'].flatMap((name) =>
      [1, 2, 3].map((n) => red(`${name}${n}`, [`R-${name}`], [finding(`DATA.dss.${name}`, [`R-${name}`])])),
    );
    expect(causesOf(defects).map(({ requirements }) => requirements)).to.deep.equal(
      ['A', 'B', 'C', 'D', 'E'].map((name) => [`R-${name}`]),
    );
  });

  it('are told apart by what went before, and joined by the sentence', () => {
    const gone = (id: string, requirement: string, what: string) =>
      red(id, [requirement], [finding('RST', [requirement], { class: 'missing', after: what })]);
    expect(causesOf([gone('a', 'R-1', 'DATA'), gone('b', 'R-2', 'SYN')])).to.have.length(2);
    expect(causesOf([gone('a', 'R-1', 'DATA'), gone('b', 'R-1', 'SYN')])).to.have.length(1);
  });

  it('of one implementation say nothing of another', () => {
    const both = ['x', 'y'].map((subject) => red('a', ['R'], [finding('DATA.ack', ['R'])], { subject }));
    expect(causesOf(both).map(({ subject }) => subject)).to.deep.equal(['x', 'y']);
  });

  it('are also there for what was never driven', () => {
    const causes = causesOf([sampleCase('u', { verdict: 'unsupported', sentence: 'Path 3 is not there.' })]);
    expect(causes[0]).to.include({ verdict: 'unsupported' });
    expect(causes[0]?.requirements).to.deep.equal([]);
  });
});

describe('the standing of a requirement', () => {
  const standing = (results: readonly CaseResult[], id: string) =>
    standRequirements(results, ['R-NEW']).get(id)?.standing;

  it('is not reached where the opening failed, and broken where its sentence is', () => {
    const results = [red('a', ['R-FIN'], [hmacInOpening])];
    expect(standing(results, 'R-FIN')).to.equal('not-reached');
    expect(standing(results, 'R-HMAC')).to.equal('broken');
    expect(standing(results, 'R-NEW')).to.equal('not-tested');
  });

  it('is not reached where a case fails as every opening does', () => {
    const results = [red('special', ['R-RARE'], [silent(['R-RARE'])]), red('usual', ['R-X'], [silent([], true)])];
    expect(standing(results, 'R-RARE')).to.equal('not-reached');
    expect(standing(results, 'R-LISTEN')).to.equal('broken');
    expect(standing(results.slice(0, 1), 'R-RARE'), 'alone it is what is broken').to.equal('broken');
  });

  it('is broken where cases that ask fail, and hardly an opening does', () => {
    const syn = { did: 'SYN', here: true };
    const results = [
      ...['a', 'b'].map((id) => red(id, ['R-RARE'], [{ ...silent(['R-RARE']), trail: [syn] }])),
      red('usual', ['R-X'], [{ ...silent([], true), trail: [{ ...syn, here: false }, syn] }]),
    ];
    expect(standing(results, 'R-RARE')).to.equal('broken');
    expect([standing(results, 'R-LISTEN'), standing(results, 'R-X')]).to.deep.equal([undefined, 'not-reached']);
  });

  it('is broken where it explains what many cases find that ask for different things', () => {
    const wrong = (id: string) => red(id, [id], [finding('RST.seq', [id], { ordinarily: 'R-SEQ' })]);
    const results = ['A', 'B', 'C', 'D', 'E', 'F'].map(wrong);
    expect([standing(results, 'R-SEQ'), standing(results, 'A')]).to.deep.equal(['broken', 'not-reached']);
    expect([standing(results.slice(0, 1), 'R-SEQ'), standing(results, 'A')]).to.deep.equal([undefined, 'not-reached']);
  });

  it('is broken where the case asks about that very field, whatever the openings do', () => {
    const own = red('own', ['R-SPLIT'], [finding('SYN-ACK.mp_join.hmac', ['R-SPLIT'])]);
    expect(standing([own, red('a', ['R-FIN'], [hmacInOpening])], 'R-SPLIT')).to.equal('broken');
  });

  it('is kept where only a rule objects, and by a case that passes', () => {
    const rule = finding('r', ['R-RULE'], { rule: 'r' });
    const results = [red('a', ['R-FIN'], [rule]), sampleCase('b', { requirements: ['R-SYN'] })];
    expect(standing(results, 'R-FIN')).to.equal('kept');
    expect(standing(results, 'R-SYN')).to.equal('kept');
    expect(standing(results, 'R-RULE')).to.equal('broken');
  });

  it('is not tested where nothing was run', () => {
    const results = [sampleCase('a', { verdict: 'not-applicable', requirements: ['R-A'] })];
    expect(standing(results, 'R-A')).to.equal('not-tested');
  });
});
