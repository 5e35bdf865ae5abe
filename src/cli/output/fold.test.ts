/** Terminals get lines that fit them; files and pipes get them as they are. */
import { expect } from 'chai';
import { folded, foldLine } from './fold.js';

describe('folding', () => {
  const rows: readonly (readonly [string, string, number, readonly string[]])[] = [
    ['short lines stay', 'a line', 20, ['a line']],
    ['long lines go on further in', 'one two three four', 10, ['one two', '  three', '  four']],
    [
      'texts go on below themselves',
      '  likely    the keys swapped',
      22,
      ['  likely    the keys', '            swapped'],
    ],
    [
      'labels of half a line count for nothing',
      'a-label-as-long   as a line',
      20,
      ['a-label-as-long   as', '  a line'],
    ],
    ['words are never broken', 'see reports/a-long-name/evidence', 12, ['see', '  reports/a-long-name/evidence']],
    ['colours have no width', '\u001b[31mFAIL\u001b[39m one two', 12, ['\u001b[31mFAIL\u001b[39m one two']],
  ];
  for (const [what, line, width, lines] of rows)
    it(what, () => {
      expect(foldLine(line, width).split('\n')).to.deep.equal(lines);
    });

  it('is for terminals', () => {
    const text = 'one two three\nfour';
    expect(folded(text, { columns: 8 })).to.equal(text);
    expect(folded(text, { isTTY: true, columns: 8 })).to.equal('one two\n  three\nfour');
  });
});
