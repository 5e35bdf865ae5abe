import { expect } from 'chai';
import { serverCase } from '../suite/testing/dialogue.js';
import type { TraceEntry } from '../suite/trace/trace.js';
import type { Finding, RankedVerdict } from '../suite/verdict/verdict.js';
import { Attempts } from './blur.js';
import type { Driven } from './drive-case.js';

const each = serverCase('- send: {on: 1, segment: SYN}\n- expect: {on: 1, segment: SYN/ACK}');
const heldUp = (milliseconds: bigint): TraceEntry['entry'] => ({
  event: 'held-up',
  at: 0n,
  lag: milliseconds * 1_000_000n,
});
const disturbed: TraceEntry['entry'] = { event: 'disturbed', at: 0n, why: 'a frame came in late' };

/** What an attempt came to, for a finding of this facet, when this happened in it. */
const ended = (
  verdict: RankedVerdict,
  facet: Finding['facet'],
  ...entries: readonly TraceEntry['entry'][]
): Driven => ({
  judgement: {
    verdict,
    facets: {},
    sentence: '',
    findings: [{ facet, verdict, step: '1', subject: 'SYN-ACK', sentence: '' }],
  },
  trace: entries.map((entry) => ({ at: 0n, entry })),
  began: 0n,
  ended: 0n,
});

describe('an attempt at a live case', () => {
  const cases: readonly (readonly [what: string, driven: Driven, isVoid: boolean])[] = [
    ['that fails', ended('fail', 'conformance'), false],
    ['that fails after a delay that turns no order round', ended('fail', 'conformance', heldUp(3n)), false],
    ['that fails after a longer one', ended('fail', 'conformance', heldUp(8n)), true],
    ['that passes in spite of it', ended('pass', 'conformance', heldUp(8n)), false],
    ['with a time close to its bound', ended('inconclusive', 'timing'), false],
    ['with a time close to its bound after any delay', ended('inconclusive', 'timing', heldUp(3n)), true],
    ['without an answer of the sentinel after a delay', ended('inconclusive', 'liveness', heldUp(8n)), false],
    ['whose evidence cannot be trusted', ended('inconclusive', 'liveness', disturbed), true],
  ];
  for (const [what, driven, isVoid] of cases) {
    it(`${what} ${isVoid ? 'is void' : 'counts'}`, () => {
      expect(new Attempts().isVoid(each, driven)).to.equal(isVoid);
    });
  }

  it('is the third at most, and has a seed of its own', () => {
    const attempts = new Attempts();
    const blurred = ended('fail', 'conformance', heldUp(8n));
    const seeds = [attempts.seedOf(each, 's')];
    expect(attempts.isVoid(each, blurred)).to.equal(true);
    seeds.push(attempts.seedOf(each, 's'));
    expect(attempts.isVoid(each, blurred)).to.equal(true);
    seeds.push(attempts.seedOf(each, 's'));
    expect(attempts.isVoid(each, blurred)).to.equal(false);
    expect(new Set(seeds).size).to.equal(3);
  });
});
