/**
 * A kernel that is controlled over ssh: its red cases are confirmed, replayed, and answered again by a mock at the other end.
 * OpenSSH itself, with a server inside the kernel's namespace. Skipped, with the reason, without privilege, libpcap or sshd.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createLab, type Lab } from '../../net/lab/lab.js';
import { needLiveLab, skipBecause } from '../../net/lab/testing/skip.js';
import { results } from '../../suite/verdict/results.js';

const program = fileURLToPath(new URL('../main.js', import.meta.url));
const kernelShim = fileURLToPath(new URL('../../../src/iut/shim/linux-mptcp.py', import.meta.url));

/** Red on every kernel. */
const cases = `
- id: tcp.client.odd
  title: A client offers a window that nobody offers
  requirements: [RFC9293-3.10.7-01]
  role: client
  profiles: [tcp]
  control: 1
  ip: 4
  steps:
    - control: {verb: connect, paths: [1]}
    - expect: {on: 1, segment: SYN, window: 1, mptcp: none}
`;

describe('what was recorded over ssh', function () {
  this.timeout(120_000);
  let folder = '';
  let lab: Lab;

  before(async function () {
    await needLiveLab(this);
    if (userInfo().uid !== 0 || !existsSync('/usr/sbin/sshd') || !existsSync('/usr/bin/ssh'))
      skipBecause(this, 'the real ssh needs root, sshd and ssh');
    folder = mkdtempSync(join(tmpdir(), 'robe-over-ssh-'));
    mkdirSync('/run/sshd', { recursive: true });
    for (const key of ['host', 'user'])
      spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
    copyFileSync(join(folder, 'user.pub'), join(folder, 'authorized'));
    const config = [
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized')}`,
      'PasswordAuthentication no',
      'UsePAM no',
      'StrictModes no',
    ];
    writeFileSync(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
    writeFileSync(join(folder, 'cases.yaml'), cases);
    lab = await createLab({ paths: 1, iut: 'kernel', tag: `ssh${process.pid}` });
  });
  after(async () => {
    await lab?.remove();
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  /** A file that declares the other end, with its shim started by a server that lives in its namespace. */
  const declare = (name: string, shim: readonly string[]): string => {
    const server = `/usr/sbin/sshd -i -f ${join(folder, 'sshd_config')}`;
    const said = [
      `ProxyCommand=nsenter --net=/run/netns/${lab.namespaces.iut} ${server}`,
      `IdentityFile=${join(folder, 'user')}`,
      'StrictHostKeyChecking=no',
      'UserKnownHostsFile=/dev/null',
      'LogLevel=ERROR',
    ];
    const { facts, paths } = lab;
    const file = join(folder, `${name}.yaml`);
    const declaration = {
      name,
      claims: { roles: ['client'], versions: [], profiles: ['tcp'] },
      paths: paths.map(({ tester, iut, iutAddress, testerPrefix }) => ({
        interface: tester.device,
        mac: iut.mac,
        address: { ipv4: iutAddress[4] },
        tester: { ipv4: testerPrefix[4] },
      })),
      server: { address: { ipv4: facts.server.address[4] }, port: facts.server.port, closed: facts.closedPort },
      'tester-server': { ipv4: facts.testerServerPrefix[4] },
      transport: {
        ssh: { host: 'root@there', options: ['-F', 'none', ...said.flatMap((option) => ['-o', option])] },
      },
      control: { shim },
    };
    writeFileSync(file, JSON.stringify(declaration));
    return file;
  };

  const robe = async (...words: readonly string[]): Promise<{ readonly code: unknown; readonly said: string }> => {
    const child = lab.exec('tb', [process.execPath, program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    const [code] = await once(child, 'close');
    return { code, said };
  };

  it('is confirmed there, replayed there, and mocked there', async () => {
    const kernel = declare('kernel', ['python3', kernelShim]);
    const out = join(folder, 'out');
    const catalogue = ['--cases', join(folder, 'cases.yaml')];
    const run = await robe('run', '--iut', kernel, ...catalogue, '--seed', '3', '--confirm', '1', '--out', out);
    expect(run.said).to.match(/^FAIL tcp\.client\.odd: stable \(2\/2\): Wrong SYN on 1: window expected 1, got \d+/);
    const [odd] = results.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))).cases;
    const [first = '', second = ''] = odd?.attempts?.map(({ evidence }) => join(out, evidence ?? '')) ?? [];

    const again = await robe('replay', second, '--iut', kernel, '--same', '--out', join(folder, 'again'));
    expect(again.said).to.include('No divergence');
    expect(again.code).to.equal(0);

    // The kernel gives up its address: the mock answers in its place.
    const [path] = lab.paths;
    await once(lab.exec('iut', ['ip', 'addr', 'flush', 'dev', path?.iut.device ?? ''], { stdio: 'ignore' }), 'close');
    const shim = [process.execPath, program, 'mock', first, '--interface', `path1=${path?.iut.device}`, '--control'];
    const mock = declare('mock', shim);
    const mocked = await robe('replay', first, '--iut', mock, '--same', '--out', join(folder, 'mocked'));
    expect(mocked.said, mocked.said).to.include('No divergence');
    expect(mocked.code).to.equal(0);
  });
});
