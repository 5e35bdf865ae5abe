/** Real files through proxy and aggregation point, over real interfaces: both ends as processes, the clock the machine's. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { findPrivilege } from '../../net/lab/privilege.js';
import { listNamespaces } from '../../net/lab/sweep.js';
import { skipBecause } from '../../net/lab/testing/skip.js';
import { clientOf } from '../testing/socks-client.js';

const program = fileURLToPath(new URL('../main.js', import.meta.url));

/** Runs the command line; what it printed and how it ended. */
const robe = async (argv: readonly string[]): Promise<{ readonly out: string; readonly code: number | null }> => {
  const child = spawn(process.execPath, [program, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.on('data', (octets: Buffer) => {
    out += octets.toString();
  });
  child.stderr.on('data', (octets: Buffer) => {
    out += octets.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { out, code };
};

describe('an aggregation point, live', () => {
  let files = '';
  const content = Buffer.from(Uint8Array.from({ length: 1_000_000 }, (_, at) => (at * 131 + (at >> 9)) & 0xff));
  const digest = createHash('sha256').update(content).digest('hex');
  // Method chosen, connected: 05 00, 05 00 00 01 and six zeros.
  const socks = '050005000001000000000000';

  before(async function () {
    if ((await findPrivilege()).privilege === 'none') skipBecause(this, 'there is no privilege to make namespaces');
    files = mkdtempSync(join(tmpdir(), 'robe-haap-'));
    writeFileSync(join(files, 'octets'), content);
  });
  after(() => {
    if (files !== '') rmSync(files, { recursive: true, force: true });
  });

  it('carries a file octet by octet, with both paths, with either one dead from the start, and with one that dies', async function () {
    this.timeout(180_000);
    const weathers = [
      ['--impair', 'path1=delay:5ms,rate:50mbit', '--impair', 'path2=delay:10ms,loss:0.5%,rate:50mbit'],
      ['--impair', 'path1=dead'],
      ['--impair', 'path2=dead'],
      ['--impair', 'path1=rate:5mbit,dies:500ms', '--impair', 'path2=rate:5mbit'],
    ];
    const runs = await Promise.all(
      weathers.map((weather) =>
        robe([
          'lab',
          'haap',
          '--quiet',
          '--files',
          files,
          ...weather,
          '--',
          process.execPath,
          '-e',
          clientOf('127.0.0.1'),
        ]),
      ),
    );
    for (const { out, code } of runs) {
      expect(out.trim()).to.equal(`${socks} ${digest}`);
      expect(code).to.equal(0);
    }
  });

  /** A lab that stays until it is told to end, once it says so: the process, its namespaces and what it said. */
  const standing = async () => {
    const child = spawn(process.execPath, [program, 'lab', 'haap', '--files', files], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    while (!said.includes('until Ctrl-C')) await once(child.stderr, 'data');
    const lab = /netns\/(\S+)-tb /.exec(said)?.[1] ?? 'none';
    const namespaces = () => listNamespaces().filter(({ name }) => name.startsWith(lab));
    expect(namespaces()).to.have.length.at.least(2);
    const exit = once(child, 'exit') as Promise<[number | null]>;
    return { child, namespaces, ended: async () => (await exit)[0], said: () => said };
  };

  it('is gone when the terminal is closed', async function () {
    this.timeout(60_000);
    const { child, namespaces, ended } = await standing();
    child.kill('SIGHUP');
    expect(await ended()).to.equal(0);
    expect(namespaces()).to.deep.equal([]);
  });

  it('says that its aggregation point ended, with exit code 3', async function () {
    this.timeout(60_000);
    const { namespaces, ended, said } = await standing();
    const [iut] = namespaces().filter(({ name }) => name.endsWith('-iut'));
    const inside = spawnSync('ip', ['netns', 'pids', iut?.name ?? ''], { encoding: 'utf8' }).stdout;
    for (const pid of inside.split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
    expect(await ended()).to.equal(3);
    expect(said()).to.match(/robe haap ended by SIGKILL/);
    expect(namespaces()).to.deep.equal([]);
  });

  it('that was killed is removed by `robe lab down`', async function () {
    this.timeout(60_000);
    const { child, namespaces, ended } = await standing();
    child.kill('SIGKILL');
    await ended();
    const left = namespaces().map(({ name }) => name);
    const { out } = await robe(['lab', 'down', '--name', 'of_nobody']);
    for (const name of left) expect(out).to.contain(name);
    expect(namespaces()).to.deep.equal([]);
  });

  it('ends as its command does, and says what it cannot use', async function () {
    this.timeout(180_000);
    const [ended, nonsense, device, port] = await Promise.all([
      robe(['lab', 'haap', '--quiet', '--files', files, '--', 'sh', '-c', 'exit 7']),
      robe(['lab', 'haap', '--impair', 'path1=slow', '--', 'true']),
      robe(['haap', '--interface', 'path1=nowhere0']),
      robe(['connect-proxy', '--interface', 'path1=nowhere0', '--listen', '127.0.0.1:0']),
    ]);
    expect(ended.code).to.equal(7);
    expect([nonsense.code, nonsense.out]).to.deep.equal([
      2,
      'robe: lab haap: --impair path1=slow: there is no slow, expected delay, jitter, loss, duplication, rate, dead or dies\n',
    ]);
    expect(device.code).to.equal(3);
    expect(device.out).to.match(/^robe haap: .*nowhere0/);
    expect(port.code).to.equal(2);
  });
});
