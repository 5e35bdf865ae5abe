/**
 * The same command again, with the same seed, at a host that stays up: the same verdicts, whatever became of the run
 * before. Skipped where the machine does not allow it.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { needLiveLab } from '../net/lab/testing/skip.js';
import { type Results, results } from '../suite/verdict/results.js';
import { raiseStandingHost, type StandingHost } from './testing/standing-host.js';

/** Cases that send with numbers of their own, leave connections half-open, open some by control, count what was accepted. */
const cases = [
  'tcp.server.data-overlaps.*',
  'tcp.server.two-gaps.*',
  'tcp.server.old-duplicate-syn.*',
  'tcp.server.unacceptable-ack-while-half-open.*',
  'tcp.server.timestamp-echoed.*',
  'tcp.server.accepted-once.*',
  'mptcp.server.data-fin.*',
  'tcp.client.data-of-the-server.*',
  'tcp.client.keep-alive.*',
  // Long ones, in the middle of which a run can be ended.
  'tcp.client.data-backs-off.*',
  'tcp.server.data-again.*',
  'mptcp-v1.client.syn.*',
];

describe('a host that stays up', function () {
  this.timeout(60_000);
  let directory: string;
  let host: StandingHost;

  before(async function () {
    await needLiveLab(this);
    directory = mkdtempSync(join(tmpdir(), 'robe-standing-'));
    host = await raiseStandingHost(directory);
    for (const control of ['shim', 'none'] as const) writeFileSync(fileOf(control), host.describe(control));
  });
  after(async () => {
    await host?.remove();
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  });

  const fileOf = (control: 'shim' | 'none'): string => join(directory, `${control}.yaml`);

  const start = (control: 'shim' | 'none', out: string): ChildProcess =>
    host.robe(['run', ...cases, '--iut', fileOf(control), '--seed', '7', '--out', join(directory, out)]);

  const run = async (control: 'shim' | 'none', out: string): Promise<Results> => {
    await once(start(control, out), 'close');
    return results.parse(JSON.parse(readFileSync(join(directory, out, 'results.json'), 'utf8')));
  };

  /** `id verdict` of each case that applies, each once in a run of its own. */
  const verdicts = ({ cases: all }: Results): readonly string[] =>
    all.filter(({ verdict }) => verdict !== 'not-applicable').map(({ id, verdict }) => `${id} ${verdict}`);

  /** Starts a run and waits until it is in the middle of its cases. */
  const startToEnd = async (control: 'shim' | 'none', out: string): Promise<ChildProcess> => {
    const child = start(control, out);
    const journal = join(directory, out, 'journal.ndjson');
    const begun = (): number =>
      existsSync(journal) ? (readFileSync(journal, 'utf8').match(/"began"/g)?.length ?? 0) : 0;
    while (begun() < 12) {
      if (child.exitCode !== null) throw new Error(`the run ended too soon, with exit code ${child.exitCode}`);
      await sleep(5);
    }
    return child;
  };

  const childrenOf = (pid: number): readonly number[] =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

  for (const control of ['shim', 'none'] as const)
    describe(control === 'shim' ? 'with its control' : 'as a black box', () => {
      let first: readonly string[];

      it('gives the same verdicts twice, and keeps no connection of either run', async () => {
        first = verdicts(await run(control, `${control}-first`));
        expect(first).to.have.length.above(15);
        expect(first.filter((each) => !each.endsWith(' pass'))).to.deep.equal([]);
        expect(await host.connections()).to.equal(0);
        expect(verdicts(await run(control, `${control}-second`))).to.deep.equal(first);
        expect(await host.connections()).to.equal(0);
      });

      for (const signal of ['SIGINT', 'SIGKILL'] as const)
        it(`is left clean after ${signal}, and gives the same verdicts then`, async () => {
          const child = await startToEnd(control, `${control}-${signal}`);
          child.kill(signal);
          await once(child, 'close');
          // After SIGKILL the process that drives the wire outlives the other for as long as it takes to clean up.
          for (let attempt = 0; attempt < 100 && (await host.connections()) > 0; attempt += 1) await sleep(50);
          expect(await host.connections()).to.equal(0);
          expect(verdicts(await run(control, `${control}-after-${signal}`))).to.deep.equal(first);
        });

      it('gives the same verdicts when nothing of the run before was left to clean up', async () => {
        const child = await startToEnd(control, `${control}-both`);
        const { pid = 0 } = child;
        // nsenter has become the program itself; its child drives the wire.
        for (const each of [...childrenOf(pid), pid]) process.kill(each, 'SIGKILL');
        await once(child, 'close');
        const again = await run(control, `${control}-after-both`);
        expect(verdicts(again)).to.deep.equal(first);
      });
    });
});
