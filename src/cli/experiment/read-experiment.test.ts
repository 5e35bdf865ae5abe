/** What an experiment printed as JSON becomes the same figure again in a report, and nothing else is taken for one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { UsageError } from '../../conduct/usage-error.js';
import { compareLaws } from '../../explore/experiments/laws.js';
import { measurePageLoads, usualLinks } from '../../explore/experiments/page-load.js';
import { measureRobustness } from '../../explore/experiments/robustness.js';
import { experimentsPart } from '../../report/html/experiments-part.js';
import { type ExperimentReport, formsOf } from './experiment-forms.js';
import { readExperiment } from './read-experiment.js';

const finish = <Report>(steps: Generator<number, Report>): Report => {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
};

const page = {
  id: 'tiny',
  kind: 'test',
  origin: 'made up',
  document: 900,
  octets: 2_000,
  objects: 1,
  connections: 1,
  rounds: 1,
};

const reports: readonly ExperimentReport[] = [
  finish(
    measureRobustness({
      profiles: ['mptcp', 'robe-esim'],
      losses: [0, 1],
      connections: 20,
      rtts: [20, 20],
      lossy: 'to-server',
      seed: '1',
    }),
  ),
  finish(
    measurePageLoads({
      profiles: ['mptcp', 'robe-esim'],
      pages: [page],
      connections: 'short',
      links: usualLinks,
      samples: 1,
      seed: '1',
    }),
  ),
  compareLaws({ sets: [[40, 20]], seed: '1' }),
];

describe('experiments in a report', () => {
  const directory = mkdtempSync(join(tmpdir(), 'read-experiment-'));
  const write = (text: string): string => {
    const file = join(directory, 'report.json');
    writeFileSync(file, text);
    return file;
  };
  after(() => rmSync(directory, { recursive: true }));

  for (const report of reports) {
    it(`${report.format}: the figure that the experiment drew, and its table`, () => {
      const forms = formsOf(report);
      const read = readExperiment(write(JSON.stringify(report)));
      expect(read).to.deep.equal({ title: forms.title, figure: forms.figure(), table: forms.lines(110).join('\n') });
      const part = experimentsPart([read])?.text;
      expect(part)
        .to.include(forms.figure())
        .and.not.match(/(src|href)="http/);
    });
  }

  for (const [what, text] of [
    ['no JSON', '{'],
    ['another format', '{"format":"robe-results/1"}'],
    ['a report with something missing', '{"format":"robe-laws/1","rows":3}'],
  ] as const) {
    it(`${what} is refused by the name of its file`, () => {
      expect(() => readExperiment(write(text))).to.throw(UsageError, /report\.json/);
    });
  }
});
