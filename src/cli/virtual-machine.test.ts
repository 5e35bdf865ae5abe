/**
 * A kernel in a virtual machine, as a user starts it: a few dozen cases against Debian's 6.12, which is fetched where apt can.
 * Skipped where QEMU is not there, or no kernel.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { bundledCases } from '../conduct/catalogue-files.js';
import { vmSubject } from '../iut/vm/vm-subject.js';
import { listNamespaces } from '../net/lab/sweep.js';
import { needLiveLab, skipBecause } from '../net/lab/testing/skip.js';
import { results } from '../suite/verdict/results.js';

const program = fileURLToPath(new URL('./main.js', import.meta.url));
const kernel = 'debian-6.12';

describe('a kernel in a virtual machine', function () {
  this.timeout(400_000);
  let directory: string;

  before(async function () {
    await needLiveLab(this);
    const lack = await vmSubject(kernel)
      .prepare?.({ environment: process.env })
      .then(() => undefined, String);
    if (lack !== undefined) skipBecause(this, `vm:${kernel} cannot be booted: ${lack}`);
    directory = mkdtempSync(join(tmpdir(), 'robe-machine-'));
  });
  after(() => {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  });

  it('is judged, over every path, with its control and its console', async () => {
    const places = ['tcp/server', 'mptcp/client', 'mptcp/server'].flatMap((folder) => [
      '--cases',
      join(bundledCases, folder),
    ]);
    const cases = ['tcp.server.connection*', 'tcp.server.syn-*', 'mptcp.client.join.v1*', 'mptcp.server.join*v1*'];
    // What this series is known to do otherwise.
    const findings = [
      'mptcp.server.join-after-a-late-fallback',
      'mptcp.server.joined-flow-acknowledges-without-data-ack',
    ];
    const words = [
      'run',
      ...cases,
      ...findings.flatMap((id) => ['--exclude', id]),
      ...places,
      '--iut',
      `vm:${kernel}`,
      '--seed',
      '1',
      '--out',
      directory,
    ];
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'ignore', 'ignore'] });
    const { pid } = child;
    await once(child, 'close');
    const {
      run,
      subjects,
      cases: judged,
    } = results.parse(JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8')));
    expect(run.problem).to.equal(undefined);
    expect(subjects[0]?.facts['kernel']).to.match(/^6\.12\./);
    expect(subjects[0]?.implementation).to.match(/^linux-mptcp 6\.12\./);
    const applied = judged.filter(({ verdict }) => verdict !== 'not-applicable');
    expect(applied.length).to.be.greaterThan(24);
    expect(
      applied.filter(({ verdict }) => !['pass', 'info', 'nonstrict'].includes(verdict)).map(({ id }) => id),
    ).to.deep.equal([]);
    expect(readFileSync(join(directory, 'console.txt'), 'latin1')).to.contain('robe: ready');
    expect(listNamespaces().filter(({ owner }) => owner.pid === pid)).to.deep.equal([]);
  });
});
