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
      expect(new Tries().weigh(each, attempt)).to.equal(isVoid ? 'void' : 'counts');
    });
  }

  it('is the third at most, and each has a seed of its own and leaves more time between paths', () => {
    const tries = new Tries();
    const blurred = { driven: ended('fail', 'conformance'), heldUp: 8_000_000n };
    const all = [tries.settingsOf(each, settings)];
    expect(tries.weigh(each, blurred)).to.equal('void');
    all.push(tries.settingsOf(each, settings));
    expect(tries.weigh(each, blurred)).to.equal('void');
    all.push(tries.settingsOf(each, settings));
    expect(tries.weigh(each, blurred)).to.equal('counts');
    expect(all.map(({ seed }) => seed)).to.deep.equal(['s', 's~2', 's~3']);
    expect(all.map(({ timing }) => timing.crossing)).to.deep.equal([5_000_000n, 20_000_000n, 80_000_000n]);
  });

  const ms = 1_000_000n;
  const sentinel = (after: bigint): Driven['trace'] => [
    {
      at: 0n,
      entry: { action: 'send', path: 1, frame: new Uint8Array(0) },
      note: { step: 'sentinel', taken: 'sent', text: 'sentinel SYN on path 1' },
    },
    {
      at: after * ms,
      entry: { event: 'frame', at: after * ms, error: 0n, path: 1, frame: new Uint8Array(0) },
      note: { step: 'sentinel', taken: 'matched', text: 'SYN/ACK on sentinel' },
    },
  ];
  const early = '- expect: {on: 1, segment: SYN/ACK, after: 1s, within: 3s}';
  const atAnyTime = '- expect: {on: 1, segment: SYN/ACK}';
  const passing: readonly (readonly [
    what: string,
    steps: string,
    sentinel: bigint,
    heldUp: bigint,
    isVoid: boolean,
  ])[] = [
    ['with a sentinel answered at once, held up for 400 ms in all', atAnyTime, 1n, 400n, false],
    ['with a sentinel answered after 200 ms', atAnyTime, 200n, 0n, true],
    ['with an answer not before 1 s, held up for 200 ms', early, 1n, 200n, false],
    ['with an answer not before 1 s, held up for 600 ms', early, 1n, 600n, true],
  ];
  for (const [what, steps, answered, milliseconds, isVoid] of passing)
    it(`that passes ${what} ${isVoid ? 'is void, and doubtful when it is so each time' : 'counts'}`, () => {
      const asking = serverCase(`- send: {on: 1, segment: SYN}\n${steps}`);
      const tries = new Tries();
      const driven = { ...ended('pass', 'conformance'), trace: sentinel(answered) };
      const weights = Array.from({ length: 5 }, () => tries.weigh(asking, { driven, heldUp: milliseconds * ms }));
      const voided = ['void', 'void', 'void', 'void', 'doubtful'];
      expect(weights).to.deep.equal(isVoid ? voided : ['counts', 'counts', 'counts', 'counts', 'counts']);
    });
});
