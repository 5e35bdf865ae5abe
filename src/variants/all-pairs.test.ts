/** Every two variants that can be at a time meet, and what is red together is cut down to those who make it red. */
import { expect } from 'chai';
import { pairRows, pairsIn } from './all-pairs.js';
import { allVariants } from './index.js';

describe('all pairs of variants', function () {
  this.timeout(30_000);
  const rows = pairRows(allVariants);

  it('meet in few rows, in each row one variant about a thing', () => {
    const all = allVariants.flatMap((one, index) => allVariants.slice(index + 1).map((other) => [one, other]));
    expect(pairsIn(rows)).to.equal(pairsIn(all.filter(([one, other]) => one?.about !== other?.about)));
    expect(pairsIn(rows)).to.be.at.least(1000);
    expect(rows.length).to.be.below(200);
    for (const row of rows) expect(new Set(row.map(({ about }) => about)).size).to.equal(row.length);
  });

  it('are the same ones each time', () => {
    const some = allVariants.slice(0, 20);
    expect(pairRows(some)).to.deep.equal(pairRows(some));
  });

  it('of two variants about one thing are none', () => {
    const [one] = allVariants;
    const about = allVariants.filter((variant) => variant.about === one?.about);
    expect(pairsIn(pairRows(about))).to.equal(0);
  });
});
