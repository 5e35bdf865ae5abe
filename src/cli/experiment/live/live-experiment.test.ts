/** The live experiments on wires of this machine: what they measure, what they leave behind, also at Ctrl-C. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { listNamespaces } from '../../../net/lab/sweep.js';
import { needRoot } from '../../../net/lab/testing/skip.js';

const program = fileURLToPath(new URL('../../main.js', import.meta.url));
const robustness = ['experiment', 'robustness', '--live', '--connections', '4', '--json'];

/** Namespaces of experiments whose owner is the process with this id. */
const leftBy = (pid: number | undefined) => listNamespaces().filter(({ owner }) => owner.pid === pid);

describe('a live experiment', function () {
  this.timeout(180_000);
  before(async function () {
    await needRoot(this);
  });

  it('measures the kernel and the reference through bad paths, and leaves nothing', () => {
    const done = spawnSync(
      process.execPath,
      [program, ...robustness, '--profile', 'linux,robe-esim', '--loss', '100', '--patience', '3', '--rate', '10'],
      { encoding: 'utf8', timeout: 170_000 },
    );
    expect(done.stderr).to.equal('');
    expect(done.status).to.equal(0);
    expect(leftBy(done.pid)).to.deep.equal([]);
    const { series } = JSON.parse(done.stdout);
    const live = new Map(
      series.flatMap(({ source, profile, points }: { source: string; profile: string; points: readonly object[] }) =>
        source === 'live' ? [[profile, points[0]]] : [],
      ),
    );
    expect(live.get('linux')).to.include({ connections: 4, accepted: 0 });
    expect(live.get('robe-esim')).to.include({ connections: 4, accepted: 4 });
    const esim = live.get('robe-esim') as { readonly time: { readonly mean: number } };
    // Three crossings of 10 ms each; how much more depends on what else the machine does.
    expect(esim.time.mean).to.be.at.least(30);
  });

  it('takes its namespaces down at Ctrl-C', async () => {
    const child = spawn(
      process.execPath,
      [program, ...robustness, '--profile', 'linux', '--loss', '100', '--patience', '60'],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const exit = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
    while (leftBy(child.pid).length < 4) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGINT');
    expect(await exit).to.equal(130);
    expect(leftBy(child.pid)).to.deep.equal([]);
  });
});
