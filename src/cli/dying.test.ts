/** An implementation that dies in the middle of a run. Skipped where the machine does not allow it. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { exitCodes } from '../gate/exit-code.js';
import { needLiveLab } from '../net/lab/testing/skip.js';
import { type Results, results } from '../suite/verdict/results.js';
import { raiseStandingHost, type StandingHost } from './testing/standing-host.js';

/** All pass at a host that lives. */
const cases = [
  // Long ones, so that the run is not over when the host dies.
  'tcp.server.synack-repeated-with-backoff',

  'tcp.server.connection',
  'tcp.server.old-duplicate-syn',
  'tcp.server.data-overlaps',
  'tcp.server.two-gaps',
  'tcp.server.data-again',
];
const enough = 4;

describe('an implementation that dies during a run', function () {
  this.timeout(90_000);
  let directory: string;
  let host: StandingHost;

  before(async function () {
    await needLiveLab(this);
  });
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'robe-dying-'));
    host = await raiseStandingHost(directory);
  });
  afterEach(async () => {
    await host?.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  /** One case after the other; the host dies when some were judged. */
  const run = async (
    restart: boolean,
  ): Promise<{ readonly found: Results; readonly code: number | null; readonly said: string }> => {
    const file = join(directory, 'iut.yaml');
    writeFileSync(file, host.describe('none', { restart }));
    const out = join(directory, 'out');
    const child = host.robe(['run', ...cases, '--iut', file, '--jobs', '4', '--out', out]);
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const ended = once(child, 'close');
    const journal = join(out, 'journal.ndjson');
    const judged = (): number =>
      existsSync(journal) ? (readFileSync(journal, 'utf8').match(/"result"/g)?.length ?? 0) : 0;
    while (child.exitCode === null && judged() < enough) await sleep(2);
    host.die();
    await ended;
    return {
      found: results.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))),
      code: child.exitCode,
      said,
    };
  };

  it('ends the run, which says so first, with the last frames, and blames no case', async () => {
    const { found, code, said } = await run(false);
    expect(code).to.equal(exitCodes.error);
    const [first = ''] = said.split('\n');
    expect(first).to.match(/^ERROR the implementation went away: nothing listens at port 8684/);
    expect(first).to.match(/the last frames before it: .*implementation on path \d/);
    expect(
      found.cases.filter(({ verdict }) => verdict === 'fail').map(({ id, sentence }) => `${id} ${sentence}`),
    ).to.deep.equal([]);
    expect(found.totals.pass).to.be.at.least(enough);
    expect(found.totals.error).to.be.above(0);
  });

  it('is started again where the IUT file says how, and every case is judged', async () => {
    const { found, code } = await run(true);
    const judged = found.cases.filter(({ verdict }) => verdict !== 'not-applicable');
    expect(
      judged
        .filter(({ verdict }) => verdict !== 'pass')
        .map(({ id, verdict, sentence }) => `${id} ${verdict} ${sentence}`),
    ).to.deep.equal([]);
    expect(found.run.warnings.join('\n')).to.contain('it was started again');
    expect(code).to.equal(exitCodes.error);
  });
});
