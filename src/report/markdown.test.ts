import { expect } from 'chai';
import { gateSentence } from '../gate/sentence.js';
import { writeMarkdown } from './markdown.js';
import { markdownCode, markdownText } from './markdown-text.js';
import { outcomes } from './reported-test.js';
import { countsOf, hostile, samples } from './testing/sample-report.js';

interface Table {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

/** Every table beneath its heading; cells as written. */
const tablesOf = (text: string): readonly Table[] =>
  text.split(/^##+ /m).map((part) => ({
    title: part.split('\n')[0] ?? '',
    rows: part
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.slice(2, -2).split(' | ')),
  }));

describe('Markdown', () => {
  for (const [about, sample] of samples) {
    it(`of a run ${about} says the same totals`, () => {
      const report = sample();
      const text = writeMarkdown(report);
      const { tests: _, ...counts } = countsOf(report);
      const tables = tablesOf(text);
      const [names, , numbers] =
        tables.find(({ title }) => title.includes('Red:') || title.includes('holds'))?.rows ?? [];
      expect(names).to.deep.equal([...outcomes]);
      expect(numbers?.map(Number)).to.deep.equal(outcomes.map((outcome) => counts[outcome]));
      const rowsOf = (title: string) =>
        Math.max(0, (tables.find((each) => each.title === title)?.rows.length ?? 2) - 2);
      expect(rowsOf('Red')).to.equal(counts.failed + counts.errored);
      expect(rowsOf('Known deviations')).to.equal(counts.known);
      for (const { rows } of tables) for (const row of rows) expect(row.length).to.equal(rows[0]?.length);
      expect(text).to.contain(markdownText(gateSentence(report.gate)));
    });

    it(`of a run ${about} holds no HTML but code`, () => {
      const text = writeMarkdown(sample());
      expect(text.replaceAll(/<\/?code>/g, '')).to.not.match(/[<>]/);
      expect(text).to.not.contain('@');
    });
  }

  it('shows strings as they are', () => {
    expect(markdownText('a|b <c> *d* _e_ `f` [g](h) @i #1 &amp;')).to.equal(
      'a&#124;b &lt;c&gt; \\*d\\* \\_e\\_ \\`f\\` \\[g\\](h) &#64;i \\#1 &amp;amp;',
    );
    expect(markdownCode('`a` <b> | \\')).to.equal('<code>&#96;a&#96; &lt;b&gt; &#124; &#92;</code>');
  });

  for (const text of hostile)
    it(`keeps ${JSON.stringify(text.slice(0, 30))} on one line`, () =>
      expect(markdownText(text) + markdownCode(text)).to.not.match(/[\n\r|<](?!\/?code>)/));
});
