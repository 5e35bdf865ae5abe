import { expect } from 'chai';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import { writeBadge } from './badge.js';
import { countsOf, samples } from './testing/sample-report.js';

const svg = z.looseObject({
  svg: z.looseObject({
    title: z.string(),
    '@aria-label': z.string(),
    g: z.looseObject({ text: z.array(z.unknown()) }),
  }),
});
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' });

describe('a badge', () => {
  for (const [about, sample] of samples) {
    it(`of a run ${about} says the same totals and loads nothing`, () => {
      const report = sample();
      const text = writeBadge(report);
      const { passed, known, failed, errored } = countsOf(report);
      const { title, '@aria-label': label } = svg.parse(parser.parse(text)).svg;
      const told = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(title)?.[1] ?? 0);
      expect([told('passed'), told('known'), told('failed'), told('without verdict')]).to.deep.equal([
        passed,
        known,
        failed,
        errored,
      ]);
      expect(label).to.equal(title);
      expect(XMLValidator.validate(text)).to.equal(true);
      expect(text.replace('xmlns="http://www.w3.org/2000/svg"', '')).to.not.match(/https?:|href|url\(/);
    });
  }
});
