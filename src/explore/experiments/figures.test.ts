/** Figures and tables of small experiments: well-formed SVG, the paper's claim in it, records that can be read again. */
import { expect } from 'chai';
import { XMLValidator } from 'fast-xml-parser';
import { lawsCsv, pageLoadCsv, robustnessCsv } from './csv.js';
import { compareLaws } from './laws.js';
import { lawsFigure } from './laws-figure.js';
import { measurePageLoads, usualLinks } from './page-load.js';
import { pageLoadFigure } from './page-load-figure.js';
import { measureRobustness } from './robustness.js';
import { groupAlike, robustnessFigure } from './robustness-figure.js';
import { meanOf, quantile975, togetherFactor } from './statistics.js';

const finish = <Report>(experiment: Generator<number, Report>): Report => {
  let step = experiment.next();
  while (step.done !== true) step = experiment.next();
  return step.value;
};

const robustness = () =>
  finish(
    measureRobustness({
      profiles: ['mptcp', 'robe-downgrade', 'robe-esim'],
      losses: [0, 0.5, 1],
      connections: 50,
      rtts: [20, 20],
      lossy: 'to-server',
      seed: '1',
    }),
  );
const page = {
  id: 'p',
  kind: 'k & <k>',
  origin: 'o',
  document: 3000,
  octets: 9000,
  objects: 2,
  connections: 1,
  rounds: 1,
};
const pageLoad = () =>
  finish(
    measurePageLoads({
      profiles: ['mptcp', 'robe-esim'],
      pages: [page],
      connections: 'short',
      links: usualLinks,
      samples: 2,
      seed: '1',
    }),
  );
const laws = () => compareLaws({ sets: [[20, 40]], seed: '1' });

describe('figures of experiments', () => {
  const figures: readonly (readonly [name: string, draw: () => string, said: RegExp])[] = [
    ['robustness', () => robustnessFigure(robustness()), /steps of the\s/],
    ['page load', () => pageLoadFigure(pageLoad()), /half to\s/],
    ['laws', () => lawsFigure(laws()), /1\.5 round trips/],
  ];
  for (const [name, draw, said] of figures) {
    it(`${name}: one well-formed SVG with title, description and the paper's claim`, () => {
      const svg = draw();
      expect(XMLValidator.validate(svg)).to.equal(true);
      expect(svg).to.match(/^<svg [^>]*role="img"/);
      expect(svg).to.match(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
      expect(svg).to.match(said);
      expect(svg).not.to.match(/NaN|undefined|Infinity/);
      expect(svg).to.include('prefers-color-scheme:dark');
    });
  }

  it('series that are the same everywhere are drawn as one', () => {
    expect(groupAlike(robustness().series).map(({ profiles }) => profiles)).to.deep.equal([
      ['mptcp'],
      ['robe-downgrade', 'robe-esim'],
    ]);
  });
});

describe('tables of experiments', () => {
  const tables: readonly (readonly [name: string, write: () => string, records: number, begins: string])[] = [
    ['robustness', () => robustnessCsv(robustness()), 9, 'mptcp,simulated,1,0,50,50,30,0,30,1'],
    ['page load', () => pageLoadCsv(pageLoad()), 2, 'p,mptcp,2,0,'],
    ['laws', () => lawsCsv(laws()), laws().rows.length + 12, '20/40,mptcp,t_i,3,30,30,30,'],
  ];
  for (const [name, write, records, begins] of tables) {
    it(`${name}: a header and one record a line of as many fields`, () => {
      const [header = '', ...lines] = write().trimEnd().split('\r\n');
      const commas = (line: string) => line.replaceAll(/"[^"]*"/g, '').split(',').length;
      expect(lines).to.have.length(records);
      expect(lines[0]).to.satisfy((line: string) => line.startsWith(begins));
      for (const line of lines) expect(commas(line)).to.equal(commas(header));
    });
  }
});

it('a single sample has no interval in a table', () => {
  const request = { profiles: ['tcp'], losses: [0], connections: 1, rtts: [20, 20], lossy: 'syns', seed: '1' } as const;
  expect(robustnessCsv(finish(measureRobustness(request)))).to.match(/\r\ntcp,simulated,1,0,1,1,30,,30,1\r\n$/);
});

describe('means', () => {
  it('have intervals by Student', () => {
    // Quantiles of the usual tables.
    for (const [freedom, quantile] of [
      [1, 12.706],
      [9, 2.262],
      [10, 2.228],
      [29, 2.045],
      [1000, 1.962],
    ] as const) {
      expect(quantile975(freedom)).to.be.closeTo(quantile, 0.002);
    }
    const mean = meanOf([1, 2, 3, 4]);
    expect(mean?.mean).to.equal(2.5);
    expect(mean?.half).to.be.closeTo((3.182 * Math.sqrt(5 / 3)) / 2, 1e-9);
    expect(meanOf([])).to.equal(undefined);
  });

  it('of twenty points together need intervals about half as wide again', () => {
    expect(togetherFactor(1)).to.equal(1);
    expect(togetherFactor(20)).to.be.closeTo(3.023 / 1.96, 0.005);
  });
});
