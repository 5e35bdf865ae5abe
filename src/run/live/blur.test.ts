import { expect } from 'chai';
import { liveTiming, settingsOf } from '../../iut/settings.js';
import type { PlanSettings } from '../../suite/scenario/plan.js';
import { serverCase } from '../../suite/testing/dialogue.js';
import type { TraceEntry } from '../../suite/trace/trace.js';
import type { Finding, RankedVerdict } from '../../suite/verdict/verdict.js';
import type { Driven } from '../drive-case.js';
import { Tries } from './blur.js';

const settings: PlanSettings = { ...settingsOf({}, liveTiming), seed: 's' };
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
  const cases: readonly (readonly [what: string, driven: Driven, heldUp: bigint, isVoid: boolean])[] = [
    ['that fails', ended('fail', 'conformance'), 0n, false],
    ['that fails after a delay that turns no order round', ended('fail', 'conformance', heldUp(3n)), 3n, false],
    ['that fails after a longer one', ended('fail', 'conformance', heldUp(8n)), 0n, true],
    ['that fails after a longer one of the implementation', ended('fail', 'conformance'), 8n, true],
    ['that passes in spite of it', ended('pass', 'conformance', heldUp(8n)), 8n, false],
    ['with a time close to its bound', ended('inconclusive', 'timing'), 0n, false],
    ['with a time close to its bound after any delay', ended('inconclusive', 'timing', heldUp(3n)), 0n, true],
    ['without an answer of the sentinel after a delay', ended('inconclusive', 'liveness', heldUp(8n)), 8n, false],
    ['whose evidence cannot be trusted', ended('inconclusive', 'liveness', disturbed), 0n, true],
  ];
  for (const [what, driven, milliseconds, isVoid] of cases) {
    it(`${what} ${isVoid ? 'is void' : 'counts'}`, () => {
      const attempt = { driven, heldUp: milliseconds * 1_000_000n };
      expect(new Tries().weigh(each, settings.timing, attempt)).to.equal(isVoid ? 'void' : 'counts');
    });
  }

  it('is the third at most, and each has a seed of its own and leaves more time between paths', () => {
    const tries = new Tries();
    const blurred = { driven: ended('fail', 'conformance'), heldUp: 8_000_000n };
    const all = [tries.settingsOf(each, settings)];
    expect(tries.weigh(each, settings.timing, blurred)).to.equal('void');
    all.push(tries.settingsOf(each, settings));
    expect(tries.weigh(each, settings.timing, blurred)).to.equal('void');
    all.push(tries.settingsOf(each, settings));
    expect(tries.weigh(each, settings.timing, blurred)).to.equal('counts');
    expect(all.map(({ seed }) => seed)).to.deep.equal(['s', 's~2', 's~3']);
    expect(all.map(({ timing }) => timing.crossing)).to.deep.equal([5_000_000n, 20_000_000n, 80_000_000n]);
  });

  const passing: readonly (readonly [what: string, steps: string, milliseconds: bigint, isVoid: boolean])[] = [
    ['a silence of 300 ms, held up for 100 ms', '- silence: {on: 1, for: 300ms}', 100n, false],
    ['a silence of 300 ms, held up for 200 ms', '- silence: {on: 1, for: 300ms}', 200n, true],
    [
      'an answer not before 1 s, held up for 50 ms',
      '- expect: {on: 1, segment: SYN/ACK, after: 1s, within: 3s}',
      50n,
      false,
    ],
    [
      'an answer not before 1 s, held up for 200 ms',
      '- expect: {on: 1, segment: SYN/ACK, after: 1s, within: 3s}',
      200n,
      true,
    ],
    ['an answer at any time, held up for 200 ms', '- expect: {on: 1, segment: SYN/ACK}', 200n, false],
  ];
  for (const [what, steps, milliseconds, isVoid] of passing)
    it(`that passes ${what} ${isVoid ? 'is void, and inconclusive when it is so each time' : 'counts'}`, () => {
      const asking = serverCase(`- send: {on: 1, segment: SYN}\n${steps}`);
      const tries = new Tries();
      const attempt = { driven: ended('pass', 'conformance'), heldUp: milliseconds * 1_000_000n };
      const weights = Array.from({ length: 5 }, () => tries.weigh(asking, settings.timing, attempt));
      const voided = ['void', 'void', 'void', 'void', 'doubtful'];
      expect(weights).to.deep.equal(isVoid ? voided : ['counts', 'counts', 'counts', 'counts', 'counts']);
    });
});
