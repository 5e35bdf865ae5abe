import { expect } from 'chai';
import fc from 'fast-check';
import { parseShard, planDigest, takeShard } from './shard.js';

const plan = fc.uniqueArray(fc.stringMatching(/^[a-z.]{1,6}$/)).map((ids) => ids.map((id) => ({ id })));
const shards = fc.integer({ min: 1, max: 12 });

describe('sharding', () => {
  it('deals every case to exactly one shard, evenly', () =>
    fc.assert(
      fc.property(plan, shards, (cases, of) => {
        const parts = Array.from({ length: of }, (_, i) => takeShard(cases, { index: i + 1, of }));
        expect(parts.flat().map(({ id }) => id)).to.have.members(cases.map(({ id }) => id));
        expect(parts.flat()).to.have.length(cases.length);
        const sizes = parts.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).to.be.at.most(1);
      }),
    ));

  it('deals dear ones so that no part takes much longer than the ideal', () => {
    const costs = new Map(Array.from({ length: 2000 }, (_, n) => [`case-${n}`, n % 97 === 0 ? 40 : 1 + (n % 7)]));
    const cases = [...costs.keys()].map((id) => ({ id }));
    const costOf = ({ id }: { readonly id: string }): number => costs.get(id) ?? 0;
    const loads = Array.from({ length: 32 }, (_, i) =>
      takeShard(cases, { index: i + 1, of: 32 }, costOf).reduce((sum, each) => sum + costOf(each), 0),
    );
    const ideal = loads.reduce((sum, load) => sum + load, 0) / 32;
    expect(Math.max(...loads) / ideal).to.be.below(1.15);
  });

  it('does not depend on the order in which cases were read', () =>
    fc.assert(
      fc.property(plan, (cases) => {
        const shard = { index: 1, of: 3 };
        const reversed = [...cases].reverse();
        expect(takeShard(reversed, shard)).to.have.deep.members([...takeShard(cases, shard)]);
        expect(planDigest(reversed)).to.equal(planDigest(cases));
      }),
    ));

  it('names a plan by its ids', () => {
    expect(planDigest([{ id: 'a' }])).to.not.equal(planDigest([{ id: 'b' }]));
    expect(planDigest([{ id: 'a' }, { id: 'a' }])).to.equal(planDigest([{ id: 'a' }]));
  });

  it('is written as 2/8', () => expect(parseShard('2/8')).to.deep.equal({ index: 2, of: 8 }));

  const refused = [
    ['', 'a shard is written as 2/8, the second of eight; got ""'],
    ['2', 'a shard is written as 2/8, the second of eight; got "2"'],
    ['-1/2', 'a shard is written as 2/8, the second of eight; got "-1/2"'],
    ['0/8', 'a shard is counted from 1: expected 1/8 to 8/8, got 0/8'],
    ['9/8', 'a shard is counted from 1: expected 1/8 to 8/8, got 9/8'],
    ['1/0', 'a shard is counted from 1: expected 1/0 to 0/0, got 1/0'],
  ] as const;
  for (const [text, problem] of refused)
    it(`refuses "${text}"`, () => expect(parseShard(text)).to.deep.equal({ problem }));
});
