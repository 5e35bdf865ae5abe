import { expect } from 'chai';
import { planDigest, takeShard } from '../suite/catalogue/shard.js';
import type { CaseResult, Results } from '../suite/verdict/results.js';
import { gateOf, strictly } from './gate.js';
import { mergeShards, type ShardResults } from './merge.js';
import { failing, sampleCase, sampleResults } from './testing/sample-results.js';

const subjects = ['stack', 'other'];
const ids = Array.from({ length: 23 }, (_, index) => `topic.case-${index}`);
const resultFor = (subject: string, id: string): CaseResult =>
  id.endsWith('3') ? failing(id, 'missing/ACK', { subject }) : sampleCase(id, { subject });
const planned = ids.map((id) => ({ id }));
const whole = sampleResults(subjects.flatMap((subject) => ids.map((id) => resultFor(subject, id))));

const shardOf = (index: number, of: number, run: Partial<Results['run']> = {}): ShardResults => ({
  file: `shard-${index}/results.json`,
  prefix: `shard-${index}`,
  results: sampleResults(
    subjects.flatMap((subject) => takeShard(planned, { index, of }).map(({ id }) => resultFor(subject, id))),
    { shard: { index, of, plan: planDigest(planned) }, duration: index * 100, ...run },
  ),
});
const shards = (of: number): readonly ShardResults[] => Array.from({ length: of }, (_, i) => shardOf(i + 1, of));

const inOrder = (cases: readonly CaseResult[]): readonly CaseResult[] =>
  cases
    .map(({ evidence: _, ...each }) => each)
    .sort((a, b) => (`${a.subject} ${a.id}` < `${b.subject} ${b.id}` ? -1 : 1));

describe('merging shards', () => {
  for (const of of [1, 2, 7, 23]) {
    it(`gives what one run would have found, from ${of}`, () => {
      const merge = mergeShards([...shards(of)].reverse());
      if (!('merged' in merge)) throw new Error(merge.problems.join('\n'));
      expect(inOrder(merge.merged.cases)).to.deep.equal(inOrder(whole.cases));
      expect(merge.merged.totals).to.deep.equal(whole.totals);
      expect(merge.merged.run.shard).to.equal(undefined);
      expect(merge.merged.run.duration).to.equal(of * 100);
      const [merged, unsharded] = [merge.merged, whole].map((results) => gateOf(results, strictly('2026-01-01')));
      expect(merged?.counts).to.deep.equal(unsharded?.counts);
      expect(merged?.exit).to.equal(unsharded?.exit);
    });
  }

  it('finds the evidence again', () => {
    const merge = mergeShards(shards(2));
    const evidence = 'merged' in merge ? merge.merged.cases.flatMap((each) => each.evidence ?? []) : [];
    expect(evidence).to.include.members(['shard-1/evidence/topic.case-3', 'shard-2/evidence/topic.case-13']);
  });

  it('keeps what went wrong in any of them', () => {
    const merge = mergeShards([shardOf(1, 2), shardOf(2, 2, { interrupted: true, complete: false })]);
    expect('merged' in merge && gateOf(merge.merged, strictly('2026-01-01')).exit).to.equal(130);
  });

  const [first, second, third] = [shardOf(1, 3), shardOf(2, 3), shardOf(3, 3)];
  const { cases } = third.results;
  const short = {
    ...third,
    results: sampleResults(
      cases.slice(1).filter(({ id }) => id !== cases[0]?.id),
      third.results.run,
    ),
  };
  const rows: readonly (readonly [string, readonly ShardResults[], string])[] = [
    ['nothing', [], 'there is nothing to merge'],
    ['a missing shard', [first, third], 'shard 2/3 is missing'],
    [
      'a doubled shard',
      [first, second, second, third],
      'shard 2/3 is there 2 times: shard-2/results.json, shard-2/results.json',
    ],
    ['a shard that lost a case', [first, second, short], 'the shards together do not hold the cases that were planned'],
    ['a whole run', [{ ...first, results: whole }], 'shard-1/results.json: not a shard: it was run without --shard'],
    [
      'shards of different counts',
      [first, shardOf(2, 4)],
      'shard-2/results.json: shards in all 4, but 3 in shard-1/results.json',
    ],
    [
      'shards of another plan',
      [first, shardOf(2, 3, { shard: { index: 2, of: 3, plan: 'other' } })],
      `shard-2/results.json: other cases were planned: plan other, but ${planDigest(planned)} in shard-1/results.json`,
    ],
    [
      'shards of another version',
      [first, shardOf(2, 3, { tool: 'robe-conformance 9' }), third],
      'shard-2/results.json: made by robe-conformance 9, but robe-conformance 0.1.0 in shard-1/results.json',
    ],
  ];
  for (const [about, given, problem] of rows)
    it(`refuses ${about}`, () => expect(mergeShards(given)).to.deep.equal({ problems: [problem] }));
});
