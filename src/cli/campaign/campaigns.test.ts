/** Every kind of campaign in parts: the merge writes the octets that one machine writes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { bundledCatalogue } from '../../conduct/testing/bundled-catalogue.js';
import { confinableMutant, mutantSubjects } from '../../iut/mutant-subject.js';
import { Judging } from '../../run/matrix/outcome.js';
import { tryTriggers } from '../../run/matrix/trigger-trial.js';
import { Comparison } from '../../run/matrix/variant-trial.js';
import { allVariants } from '../../variants/index.js';
import { toolName } from '../environment.js';
import { lawsCampaign, pageLoadCampaign, robustnessCampaign } from '../experiment/experiment-campaign.js';
import { lawsRequest, pageLoadRequest, robustnessRequest } from '../experiment/experiment-request.js';
import { fuzzCampaign } from '../fuzz/fuzz-campaign.js';
import { matrixCampaign } from '../mutants/matrix-campaign.js';
import { triggersCampaign, weighMutants } from '../mutants/triggers-campaign.js';
import { mutationCampaign } from '../mutation/mutation-campaign.js';
import { pairsCampaign } from '../variants/pairs-campaign.js';
import { type Means, variantsCampaign, weighVariants } from '../variants/variants-campaign.js';
import type { Campaign } from './campaign.js';
import { mergeCampaign } from './campaigns.js';
import { chooseCases } from './choose-cases.js';
import { headOf, keepReport, unitsOf } from './conduct-campaign.js';
import { openPart, partName, readPart } from './part-file.js';

const seed = 'parts';
const cases = bundledCatalogue()
  .cases.filter(({ id }) => id.startsWith('mptcp.server.a'))
  .slice(0, 4);
const judging = new Judging(seed);
const comparison = new Comparison(seed);
/** In this thread. */
const means: Means = {
  cases,
  pool: {
    judge: async (subject, each) => judging.judge(subject, each),
    compare: async (subject, each) => comparison.try(subject, each),
    confine: async (id, each) => {
      const mutant = confinableMutant(id);
      if (mutant === undefined) throw new Error(`no mutant ${id}`);
      return tryTriggers(mutant, each, judging);
    },
    close: async () => {},
  },
};
const given = { wanted: [], places: [], catalogue: 'some', seed };
const variants = { ...given, variants: ['ack-before-data', 'ack-delayed-200ms', 'abort-without-ack'] };
const mutants = {
  ...given,
  mutants: ['hmac-b-keys-swapped', 'join-answered-without-mp-join'],
};

const robustness = robustnessRequest({
  profile: ['mptcp', 'robe-esim'],
  loss: '0,80',
  connections: 1,
  rtt: '20,20',
  lossy: 'to-server',
  seed,
});
const pageLoad = pageLoadRequest({
  profile: ['mptcp', 'robe-esim'],
  page: ['median-page'],
  samples: 3,
  connections: 'short',
  rate: 100,
  seed,
});

const allVariantsWeighed = () => {
  const ids = allVariants.map(({ id }) => id);
  return { variants: ids, weights: weighVariants(ids, bundledCatalogue().cases) };
};
const allMutantsWeighed = () => {
  const ids = mutantSubjects().map(({ id }) => id);
  return { mutants: ids, weights: weighMutants(ids, bundledCatalogue().cases) };
};

/** All units in one go, then in two parts, of which the second one is read first. */
const bothWays = async <Row>(campaign: Campaign<Row>, folder: string): Promise<void> => {
  const rows: Row[] = [];
  for (const unit of campaign.units) rows.push(await campaign.work(unit));
  keepReport(join(folder, 'whole'), campaign, rows, await campaign.conclude(rows));
  const parts = [2, 1].map((index) => {
    const shard = { index, of: 2 };
    const directory = join(folder, String(index));
    const part = openPart(directory, headOf(campaign, shard));
    for (const unit of unitsOf(campaign, shard)) part.keep(unit, rows[campaign.units.indexOf(unit)]);
    part.end();
    part.close();
    return readPart(join(directory, partName));
  });
  const merged = await mergeCampaign(parts, toolName(), join(folder, 'merged'));
  expect(merged).to.have.property('conclusion');
  expect(readdirSync(join(folder, 'merged'))).to.deep.equal(readdirSync(join(folder, 'whole')));
  for (const file of readdirSync(join(folder, 'whole')))
    expect(readFileSync(join(folder, 'merged', file), 'utf8')).to.equal(
      readFileSync(join(folder, 'whole', file), 'utf8'),
    );
};

describe('campaigns in parts', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'robe-campaigns-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('variants', () => bothWays(variantsCampaign(variants, means), folder));
  it('pairs of variants', () => bothWays(pairsCampaign(variants, means), folder));
  it('mutants, with pairs that only the whole asks for', () => {
    const wanted = cases.map(({ id }) => id);
    const { digest } = chooseCases([], wanted, '/');
    const request = { ...mutants, wanted, catalogue: digest, everything: false, full: false, idle: false };
    return bothWays(matrixCampaign(request, means), folder);
  });
  it('mutants with triggers', () => bothWays(triggersCampaign(mutants, means), folder));

  it('fuzzing', () => bothWays(fuzzCampaign({ hunts: ['answers', 'declarations'], rounds: 2, seed }), folder));
  it('fuzzing tells what is found, and how it is repeated', async () => {
    const campaign = fuzzCampaign({ hunts: ['cases', 'schedules-mptcp'], rounds: 1, seed: 's' });
    const found = (what: string) => [{ at: 17, what }];
    expect(campaign.lines('cases/0', found('threw\u0007'))).to.deep.equal([
      'FOUND cases/0: threw\\x07',
      '  again  robe fuzz --at cases/0/17 --seed s',
    ]);
    expect(campaign.lines('schedules-mptcp/0', found('INV-1'))[1]).to.contain('robe explore mptcp');
    const { red, lines } = await campaign.conclude([found('threw'), []]);
    expect(red).to.equal(true);
    expect(lines[0]).to.match(/^cases +300 tries, 1 found: /);
  });

  it('the experiment with loss, where a point has one sample and so no interval', () =>
    bothWays(robustnessCampaign(robustness), folder));
  it('the experiment with pages', () => bothWays(pageLoadCampaign(pageLoad), folder));
  it('the equations', () => bothWays(lawsCampaign(lawsRequest({ rtt: ['20,40', '40,20'], seed })), folder));

  it('the mutants of the code', () => {
    const score = { killed: 2, unchanged: 1, unreached: 0, broken: 0 };
    const survivors = [{ line: 3, column: 1, mutator: 'BlockStatement', was: '{ a(); }', became: '{}' }];
    const request = { files: { 'src/b.ts': 900, 'src/a.ts': 40, 'src/c.ts': 500 }, code: 'some', catalogue: 'some' };
    const tryFile = async (file: string) => ({ ...score, survivors: file === 'src/b.ts' ? survivors : [] });
    return bothWays(mutationCampaign(request, { tryFile, close: async () => {} }), folder);
  });

  for (const { what, campaign } of [
    { what: 'variants', campaign: () => variantsCampaign({ ...given, ...allVariantsWeighed() }) },
    { what: 'mutants with triggers', campaign: () => triggersCampaign({ ...given, ...allMutantsWeighed() }) },
  ])
    it(`sixty-four parts of all ${what} are within 1.15 of the ideal, or as near as whole units allow`, () => {
      const whole = campaign();
      const costOf = (unit: string): number => whole.cost?.(unit) ?? 1;
      const loads = Array.from({ length: 64 }, (_, at) =>
        unitsOf(whole, { index: at + 1, of: 64 }).reduce((sum, unit) => sum + costOf(unit), 0),
      );
      const ideal = loads.reduce((sum, load) => sum + load, 0) / loads.length;
      const largest = Math.max(...whole.units.map(costOf));
      // Parts of few large units differ by a unit, however they are dealt.
      const wholeUnits = Math.ceil(ideal / largest) * largest;
      expect(Math.max(...loads)).to.be.at.most(Math.max(1.15 * ideal, wholeUnits));
    });

  it('a kind that nobody knows is refused', async () => {
    const campaign = { ...variantsCampaign(variants, means), kind: 'of old' };
    openPart(folder, headOf(campaign, { index: 1, of: 1 })).close();
    expect(await mergeCampaign([readPart(join(folder, partName))], toolName(), folder)).to.have.property('problems');
  });
});
