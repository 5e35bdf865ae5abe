/** Real files over races of the kernel's own sockets, with a dead path and through an aggregation point: namespaces, processes, the machine's clock. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { engineProgram } from '../../engine/engine-program.js';
import { LabError } from '../../net/lab/command.js';
import { needLiveLab, skipBecause } from '../../net/lab/testing/skip.js';
import { clientOf } from '../testing/socks-client.js';

const program = fileURLToPath(new URL('../main.js', import.meta.url));

describe("races of the kernel's sockets, live", () => {
  let files = '';
  const content = Buffer.from(Uint8Array.from({ length: 1_000_000 }, (_, at) => (at * 131 + (at >> 9)) & 0xff));
  const digest = createHash('sha256').update(content).digest('hex');
  // Method chosen, connected: 05 00, 05 00 00 01 and six zeros.
  const socks = '050005000001000000000000';

  before(async function () {
    await needLiveLab(this);
    if (!existsSync('/proc/sys/net/mptcp')) skipBecause(this, 'this kernel has no MPTCP');
    try {
      await engineProgram(process.env);
    } catch (cause) {
      if (!(cause instanceof LabError)) throw cause;
      skipBecause(this, cause.message);
    }
    files = mkdtempSync(join(tmpdir(), 'robe-race-'));
    writeFileSync(join(files, 'octets'), content);
  });
  after(() => {
    if (files !== '') rmSync(files, { recursive: true, force: true });
  });

  const robe = async (argv: readonly string[]): Promise<{ readonly out: string; readonly code: number | null }> => {
    const child = spawn(process.execPath, [program, 'lab', ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    const exit = new Promise<number | null>((ended) => child.once('exit', ended));
    const [out, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { out: `${out}${complaint}`, code: await exit };
  };

  it('carry a file octet by octet while the default path is dead, with a server and with an aggregation point', async function () {
    this.timeout(180_000);
    const fetch = (far: string, host: string, ...more: readonly string[]) =>
      robe([far, ...more, '--quiet', '--files', files, '--', process.execPath, '-e', clientOf(host)]);
    const runs = await Promise.all([
      fetch('race', '10.200.0.1', '--impair', 'path1=dead'),
      fetch('haap', '127.0.0.1', '--engine', 'kernel', '--impair', 'path1=dead'),
    ]);
    for (const { out, code } of runs) {
      expect(out.trim()).to.equal(`${socks} ${digest}`);
      expect(code).to.equal(0);
    }
  });

  it('end as their command does, and say what cannot be', async function () {
    this.timeout(120_000);
    const [ended, scheme, path] = await Promise.all([
      robe(['race', '--quiet', '--', 'sh', '-c', 'exit 7']),
      robe(['race', '--scheme', 'esim', '--', 'true']),
      robe(['race', '--impair', 'path3=dead', '--', 'true']),
    ]);
    expect(ended.code).to.equal(7);
    expect([scheme.code, scheme.out]).to.deep.equal([2, 'robe: lab race: --scheme esim: expected sim, timer, ips\n']);
    expect([path.code, path.out]).to.deep.equal([2, 'robe: lab race: --impair path3: there are 2 paths\n']);
  });
});
