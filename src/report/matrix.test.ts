import { expect } from 'chai';
import { matrixOf } from '../gate/matrix.js';
import { failing, sampleCase, sampleResults } from '../gate/testing/sample-results.js';
import { writeMatrixPage } from './html/matrix-page.js';
import { writeMarkdownMatrix } from './markdown-matrix.js';
import { matrixLines } from './matrix-text.js';

const first = sampleResults([sampleCase('a', { subject: 'stack' }), sampleCase('b')]);
const second = sampleResults([failing('a', 's: t'), sampleCase('b', { requirements: ['<script>|x'] })]);
const matrix = matrixOf([first, second], new Map());

describe('the matrix of implementations', () => {
  it('on a terminal names those that were judged, and what differs', () => {
    const [one, two, , , , topic] = matrixLines(matrix);
    expect(one).to.match(/^stack.*: 2 judged, 2 green, 0 miss a SHOULD, 0 red$/);
    expect(two).to.match(/: 2 judged, 1 green, 0 miss a SHOULD, 1 red$/);
    expect(topic).to.match(/^other\s+kept\s+broken 1\/2$/);
  });

  it('as Markdown explains a difference, with the command that repeats it', () => {
    const text = writeMarkdownMatrix(matrix);
    expect(text).to.contain('### Requirements that differ');
    expect(text).to.contain('broken 1/1: Expected one thing, got another at s: t.');
    expect(text).to.contain('robe run a --iut stack --seed 7');
    expect(text).not.to.contain('<script>');
  });

  it('as a page leads from a cell to the case in the report of its run', () => {
    const page = writeMatrixPage(matrix, ({ results }) => (results === second ? '../two/report.html' : undefined));
    expect(page).to.contain('href="../two/report.html#case/a"');
    expect(page).not.to.contain('<script>');
  });
});
