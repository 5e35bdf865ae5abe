/** The page-load experiment: profiles as data, visits that end, and what differs between schemes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { measurePageLoads, type PageLoadReport, usualLinks } from './page-load.js';
import { objectSizes, parsePages } from './page-profile.js';
import type { ConnectionUse } from './page-visit.js';

const file = fileURLToPath(new URL('../../../fixtures/pages/pages.yaml', import.meta.url));
const pages = parsePages(readFileSync(file, 'utf8'));

const small = parsePages(`
format: robe-pages/1
pages:
  - {id: small, kind: test, origin: made up, document: 8000, octets: 40000, objects: 6, connections: 3, rounds: 2}
`);

const measure = (samples: number, connections: ConnectionUse = 'persistent'): PageLoadReport => {
  const profiles = ['mptcp', 'robe-downgrade', 'robe-esim'];
  const experiment = measurePageLoads({ profiles, pages: small, connections, links: usualLinks, samples, seed: '1' });
  let step = experiment.next();
  while (step.done !== true) step = experiment.next();
  return step.value;
};

describe('page profiles', () => {
  it('ten come with the program, each with its origin', () => {
    expect(pages).to.have.length(10);
    expect(new Set(pages.map(({ id }) => id))).to.have.property('size', 10);
    for (const { origin } of pages) expect(origin).to.match(/^model/);
  });

  it('objects add up to what a page has besides its document', () => {
    for (const page of pages) {
      const sizes = objectSizes(page);
      expect(sizes).to.have.length(page.objects);
      const total = page.document + sizes.reduce((sum, size) => sum + size, 0);
      expect(page.octets - total).to.be.within(0, page.objects);
      expect(Math.min(...sizes)).to.be.greaterThan(0);
    }
  });

  const wrong: readonly (readonly [text: string, told: RegExp])[] = [
    ['{', /no YAML/],
    ['format: robe-pages/2\npages: []', /format/],
    ['format: robe-pages/1\npages: []', /pages/],
    [
      'format: robe-pages/1\npages: [{id: a, kind: b, origin: c, document: 9, octets: 5, objects: 1, connections: 1, rounds: 1}]',
      /octets must hold/,
    ],
  ];
  for (const [text, told] of wrong) {
    it(`${JSON.stringify(text)} is refused`, () => {
      expect(() => parsePages(text)).to.throw(RangeError, told);
    });
  }
});

describe('the page-load experiment', () => {
  it('is repeatable, and RobE over the faster link loads a small page faster', () => {
    const report = measure(3);
    expect(measure(3)).to.deep.equal(report);
    for (const { unfinished } of report.results) expect(unfinished).to.equal(0);
    const gains = report.results.flatMap(({ gain }) => (gain === undefined ? [] : [gain.mean]));
    expect(gains).to.have.length(2);
    for (const gain of gains) expect(gain).to.be.within(1.1, 3);
  });

  it('a connection for each thing takes longer, with RobE and without', () => {
    const [persistent, short] = [measure(2), measure(2, 'short')];
    for (const { unfinished } of short.results) expect(unfinished).to.equal(0);
    for (const profile of ['mptcp', 'robe-downgrade']) {
      const [one, other] = [persistent, short].map(({ results }) => results.find((each) => each.profile === profile));
      expect(other?.time?.mean).to.be.greaterThan(one?.time?.mean ?? Number.NaN);
    }
  });
});
