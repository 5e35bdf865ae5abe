/**
 * The kernel under test by an IUT file, once with each shim that ships: the same verdicts, in both roles. The shims run in the
 * kernel's namespace by the transport `netns`. Skipped, with the reason, without privilege, libpcap or a C compiler.
 */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createLab, type Lab } from '../net/lab/lab.js';
import { needLiveLab, skipBecause } from '../net/lab/testing/skip.js';
import { type Results, results } from '../suite/verdict/results.js';

const program = fileURLToPath(new URL('main.js', import.meta.url));
const source = (name: string): string => fileURLToPath(new URL(`../../src/iut/shim/${name}`, import.meta.url));
const cases = (name: string): string => fileURLToPath(new URL(`../../cases/${name}`, import.meta.url));

/** Cases that end within a fraction of a second. */
const prompt = [
  'mptcp.client.join',
  'mptcp.client.join-wrong-hmac',
  'mptcp.client.data-over-both-paths',
  'mptcp.client.fastclose',
  'mptcp.client.second-path-reset',
  'mptcp-v1.server.higher-version',
  'mptcp-v1.server.flag-c',
  'mptcp-v1.server.first-data-repeated',
  'mptcp-v1.server.synack-form',
];

const declaration = (lab: Lab, shim: readonly string[]): string =>
  JSON.stringify({
    name: 'kernel',
    claims: { roles: ['server', 'client'], versions: [1], profiles: ['tcp', 'mptcp-v1'] },
    paths: lab.paths.map(({ tester, iut, iutAddress, testerPrefix }) => ({
      interface: tester.device,
      mac: iut.mac,
      address: { ipv4: iutAddress[4], ipv6: iutAddress[6] },
      tester: { ipv4: testerPrefix[4], ipv6: testerPrefix[6] },
    })),
    server: {
      address: { ipv4: lab.facts.server.address[4], ipv6: lab.facts.server.address[6] },
      port: lab.facts.server.port,
      closed: lab.facts.closedPort,
    },
    'tester-server': { ipv4: lab.facts.testerServerPrefix[4], ipv6: lab.facts.testerServerPrefix[6] },
    transport: { netns: lab.namespaces.iut },
    control: { shim },
  });

describe('the shims that ship, against the kernel', function () {
  this.timeout(90_000);
  let folder = '';
  let lab: Lab;
  let compiled = '';

  before(async function () {
    await needLiveLab(this);
    folder = mkdtempSync(join(tmpdir(), 'robe-shims-'));
    compiled = join(folder, 'linux-mptcp');
    const flags = ['-Wall', '-Wextra', '-Werror', '-O2', '-o', compiled];
    const { error, status, stderr } = spawnSync('cc', [...flags, source('linux-mptcp.c')], { encoding: 'utf8' });
    if (error !== undefined) skipBecause(this, 'there is no C compiler');
    expect(status, stderr).to.equal(0);
    lab = await createLab({ paths: 2, iut: 'kernel', tag: `shims${process.pid}` });
  });
  after(async () => {
    await lab?.remove();
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  const judge = async (there: Lab, name: string, shim: readonly string[]): Promise<Results> => {
    const [file, out] = [join(folder, `${name}.yaml`), join(folder, name)];
    writeFileSync(file, declaration(there, shim));
    const files = [cases('mptcp/client/joining.yaml'), cases('mptcp-v1/server/handshake.yaml')];
    const options = ['--iut', file, '--seed', '7', '--out', out];
    const argv = [process.execPath, program, 'run', ...files, ...prompt, ...options];
    await once(there.exec('tb', argv, { stdio: 'ignore' }), 'close');
    return results.parse(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')));
  };

  const examine = async (there: Lab, text: string): Promise<{ readonly code: unknown; readonly said: string }> => {
    const file = join(folder, 'doctor.yaml');
    writeFileSync(file, text);
    const child = there.exec('tb', [process.execPath, program, 'doctor', '--iut', file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      said += part;
    });
    const [code] = await once(child, 'close');
    return { code, said };
  };

  it('are found ready by the doctor, who notices what is declared wrong', async () => {
    const sound = declaration(lab, [compiled]);
    const well = await examine(lab, sound);
    expect(well.said).to.match(/^yes control +linux-mptcp \S+ speaks robe-ctl\/1$/m);
    for (const [path, ip] of [1, 2].flatMap((each) => [4, 6].map((version) => [each, version] as const)))
      for (const found of ['port 8684 answers a SYN', 'MP_CAPABLE version 1 is answered with version 1'])
        expect(well.said).to.contain(`yes path ${path} IPv${ip}  ${found}`);
    expect(well.code).to.equal(0);

    const wrong = sound
      .replace('"versions":[1]', '"versions":[0]')
      .replace('"closed":8685', '"closed":8684')
      .replace('02:52:6f:62:02:02', '02:52:6f:62:02:77');
    const ill = await examine(lab, wrong);
    expect(ill.said).to.contain('no  claims       profile mptcp-v0: MPTCP version 0 is claimed without it');
    expect(ill.said).to.contain('MP_CAPABLE version 0 is answered without MP_CAPABLE, though it is claimed');
    expect(ill.said).to.contain('port 8684 is to be closed, and answers');
    expect(ill.said).to.contain('to mend it: mac: 02:52:6f:62:02:02, or none at all');
    expect(ill.code).to.equal(3);
  });

  it('give the same verdicts in both roles', async () => {
    const python = await judge(lab, 'python', ['python3', source('linux-mptcp.py')]);
    const c = await judge(lab, 'c', [compiled]);
    const vector = ({ cases: judged }: Results): readonly string[] =>
      judged.map(({ id, verdict, signature }) => `${id} ${verdict} ${signature ?? ''}`).sort();
    expect(vector(c)).to.deep.equal(vector(python));
    const passed = c.cases.filter(({ verdict }) => verdict === 'pass');
    for (const role of ['server', 'client'] as const)
      expect(passed.filter((each) => each.role === role).length, role).to.be.greaterThan(10);
    expect(c.totals.error ?? 0).to.equal(0);
  });
});
