/** A run as a whole: what it records of itself comes from whoever conducts it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { everything } from '../suite/catalogue/selection.js';
import type { CaseResult } from '../suite/verdict/results.js';
import { conductRun } from './conduct-run.js';
import type { RunRequest } from './run-request.js';
import { testConductor } from './testing/test-conductor.js';
import { UsageError } from './usage-error.js';

describe('conducting a run', () => {
  let out = '';
  before(() => {
    out = mkdtempSync(join(tmpdir(), 'robe-conduct-'));
  });
  after(() => rmSync(out, { recursive: true }));

  const request = (iut: string): RunRequest => ({
    iut,
    selection: { ...everything, select: ['tcp.server.syn-answered'] },
    catalogue: [],
    seed: '7',
    jobs: 1,
    shuffle: false,
    confirm: 0,
    out,
    command: ['robe', 'run'],
  });

  const conduct = async (iut: string, interruption = new AbortController().signal) => {
    const judged: CaseResult[] = [];
    const watcher = {
      begins: () => {},
      judged: (_: number, __: number, result: CaseResult) => judged.push(result),
      confirms: () => {},
      told: () => {},
      ends: () => {},
    };
    return { judged, ...(await conductRun(request(iut), testConductor(), watcher, interruption)) };
  };

  it('records program, machine and time as it was told them', async () => {
    const { results, judged } = await conduct('embedded');
    const { tool, began, duration, complete } = results.run;
    expect({ tool, began, duration, complete }).to.deep.equal({
      tool: 'robe-conformance 0.0.0',
      began: '2026-01-02T03:04:05.000Z',
      duration: 1000,
      complete: true,
    });
    expect(results.environment.machine).to.equal('test');
    expect(judged.map(({ verdict }) => verdict)).to.deep.equal(['pass', 'pass']);
    expect(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))).to.deep.equal(results);
  });

  it('that is stopped before its first case still has results, and says so', async () => {
    const { results } = await conduct('embedded', AbortSignal.abort());
    expect(results.run.interrupted).to.equal(true);
    expect(results.cases.map(({ verdict }) => verdict)).to.deep.equal(['not-run', 'not-run']);
  });

  it('refuses what it cannot begin, before anything is written', async () => {
    const refused = await conduct('nobody').catch((cause: unknown) => cause);
    expect(refused).to.be.instanceOf(UsageError);
  });
});
