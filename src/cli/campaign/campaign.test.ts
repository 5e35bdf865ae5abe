/** Parts of a campaign, put together: what one machine would have concluded, to the octet, or nothing. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { UsageError } from '../../conduct/usage-error.js';
import { toolName } from '../environment.js';
import type { Campaign } from './campaign.js';
import { conductCampaign, headOf, keepReport, unitsOf } from './conduct-campaign.js';
import { gather } from './merge-parts.js';
import { openPart, partName, readPart } from './part-file.js';

const row = z.object({ length: z.int() });
type Row = z.infer<typeof row>;

/** Measures words. `diesAt`: the work on that unit fails. */
const campaignOf = (words: readonly string[], diesAt?: string): Campaign<Row> & { readonly done: string[] } => {
  const done: string[] = [];
  return {
    done,
    kind: 'words',
    request: { words },
    units: words,
    cost: (unit) => unit.length,
    atOnce: 2,
    row,
    work: async (unit) => {
      if (unit === diesAt) throw new Error('killed');
      done.push(unit);
      return { length: unit.length };
    },
    head: ['words'],
    lines: (unit, { length }) => [`${unit} ${length}`],
    conclude: async (rows) => {
      const sum = rows.reduce((all, { length }) => all + length, 0);
      return { lines: [`${sum} in all`], json: { sum, rows }, red: false };
    },
    close: async () => {},
  };
};

const words = ['one', 'two', 'three', 'thirty', 'seven', 'a', 'hundred'];

describe('parts of a campaign', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'robe-parts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const at = (name: string | number): string => join(folder, String(name));
  const doPart = (index: number, of: number, name: string | number = index, campaign = campaignOf(words)) =>
    conductCampaign(campaign, { shard: { index, of }, out: at(name), json: false, tell: () => {} });
  const readParts = (...names: readonly (string | number)[]) => names.map((name) => readPart(join(at(name), partName)));
  const gathered = (...names: readonly (string | number)[]) =>
    gather(campaignOf(words), toolName(), readParts(...names));
  const reportsOf = async (name: string, rows: readonly Row[]): Promise<readonly string[]> => {
    const campaign = campaignOf(words);
    keepReport(at(name), campaign, rows, await campaign.conclude(rows));
    return ['report.txt', 'report.json'].map((file) => readFileSync(join(at(name), file), 'utf8'));
  };

  for (const of of [1, 2, 3, 7])
    it(`${of} of them conclude what the whole does, whatever their order`, async () => {
      for (let index = 1; index <= of; index += 1) expect(await doPart(index, of)).to.equal(0);
      const merged = gathered(...Array.from({ length: of }, (_, index) => of - index));
      if (!('rows' in merged)) throw new Error(merged.problems.join('\n'));
      const rows = words.map(({ length }) => ({ length }));
      expect(await reportsOf('merged', merged.rows)).to.deep.equal(await reportsOf('whole', rows));
    });

  it('go on after a kill with what was not done', async () => {
    const own = unitsOf(campaignOf(words), { index: 1, of: 2 });
    await doPart(1, 2, 1, campaignOf(words, own.at(-1))).catch(() => {});
    expect(readParts(1)[0]?.whole).to.equal(false);
    // A line that was being written when the kill came.
    appendFileSync(join(at(1), partName), '{"unit":"th');
    const again = campaignOf(words);
    await doPart(1, 2, 1, again);
    expect(again.done).to.include(own.at(-1)).and.to.have.length.below(own.length);
    await doPart(2, 2);
    expect(gathered(1, 2)).to.have.property('rows');
  });

  it('are not begun where other work was', async () => {
    await doPart(1, 2);
    expect(() => openPart(at(1), headOf(campaignOf(words), { index: 2, of: 2 })))
      .to.throw(UsageError)
      .with.property('message')
      .match(/part 1\/2 of other work/);
  });

  it('are refused when one is missing, doubled, cut short or of other work', async () => {
    for (const index of [1, 2, 3]) await doPart(index, 3);
    const problems = (...names: readonly (string | number)[]): readonly string[] => {
      const merged = gathered(...names);
      return 'problems' in merged ? merged.problems : [];
    };
    expect(problems(1, 3)).to.deep.equal(['part 2/3 is missing']);
    expect(problems(1, 2, 2, 3)[0]).to.match(/^part 2\/3 is there 2 times: /);
    await doPart(2, 3, 'other', campaignOf([...words, 'other']));
    expect(problems(1, 'other', 3)[0]).to.match(/of other work than/);
    await doPart(2, 4, 'fourth');
    expect(problems(1, 'fourth', 3)[0]).to.match(/one of 4 parts/);
    const file = join(at(3), partName);
    writeFileSync(file, readFileSync(file, 'utf8').split('\n').slice(0, -2).join('\n'));
    expect(problems(1, 2, 3)[0]).to.match(/^part 3\/3 did not come to its end: missing: 0 of \d units, in /);
    expect(gather(campaignOf(words), 'robe-conformance 9', readParts(1))).to.have.property('problems');
  });

  it('need a directory, and no more of them than there is work', async () => {
    const campaign = campaignOf(['one']);
    for (const [given, told] of [
      [{ shard: { index: 1, of: 2 }, out: undefined }, /--out DIRECTORY/],
      [{ shard: { index: 2, of: 2 }, out: folder }, /is empty: the whole work is 1 unit$/],
    ] as const) {
      let refusal: unknown;
      await conductCampaign(campaign, { ...given, json: false, tell: () => {} }).catch((cause: unknown) => {
        refusal = cause;
      });
      expect(refusal).to.be.instanceOf(UsageError).with.property('message').match(told);
    }
  });
});
