/**
 * The reference as a process against this machine's own kernel, over veth pairs: each is server and client of the other, with
 * MPTCP v1 over two paths, IPv4 and IPv6. Skipped, with the reason, where the machine does not allow it.
 */

import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { RealClock } from '../net/clock/real.js';
import { realClock } from '../net/clock/real.js';
import { nthAddress } from '../net/lab/addresses.js';
import { createLab, type Lab } from '../net/lab/lab.js';
import { serverPort, testerServerPrefix } from '../net/lab/layout.js';
import { lacksMptcp, needLiveLab, skipBecause } from '../net/lab/testing/skip.js';
import type { ControlAnswer } from '../suite/scenario/contract.js';
import type { Call } from './control/messages.js';
import { ShimControl } from './control/shim-control.js';
import { shimChannel } from './control/shim-process.js';

const program = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const shim = fileURLToPath(new URL('../../src/iut/shim/linux-mptcp.py', import.meta.url));
const paths = [1, 2];
const greeting = Buffer.from('RobE!').toString('hex');
/** Milliseconds between two questions. */
const poll = 10;
const deadline = 60_000_000_000n;

const ok = (answer: ControlAnswer): Readonly<Record<string, string | number | boolean>> => {
  if (answer.answer !== 'ok') throw new Error(JSON.stringify(answer));
  return answer.result;
};

/** Asks for `info` until it is as wished; the test's timeout is the bound. */
const until = async (
  control: ShimControl,
  connection: string,
  wished: (info: Readonly<Record<string, string | number | boolean>>) => boolean,
): Promise<void> => {
  for (;;) {
    const answer = await control.call({ verb: 'info', connection });
    if (answer.answer === 'ok' && wished(answer.result)) return;
    await new Promise((resolve) => setTimeout(resolve, poll));
  }
};

describe('reference process and the kernel', function () {
  this.timeout(180_000);
  let clock: RealClock;
  let lab: Lab;
  let reference: ShimControl;
  let kernel: ShimControl;

  before(async function () {
    await needLiveLab(this);
    clock = realClock();
    lab = await createLab({ paths: paths.length, iut: 'kernel', tag: 'reference' });
    const interfaces = lab.paths.map(({ path, tester }) => `path${path}=${tester.device}`);
    const addresses = lab.paths.flatMap(({ path, testerPrefix }) =>
      ([4, 6] as const).map((ip) => `path${path}=${nthAddress(testerPrefix[ip], 1)}`),
    );
    // The kernel does not answer solicitations for an address of another interface, as its server's is.
    const neighbours = lab.paths.map(({ path, iut }) => `path${path}=${iut.mac}`);
    const serving = lab.exec(
      'tb',
      [
        ...[process.execPath, program, 'serve', '--control', '--seed', 'test', '--profile', 'mptcp'],
        ...['--interface', ...interfaces, '--address', ...addresses, '--neighbour', ...neighbours],
        ...['--shared', nthAddress(testerServerPrefix[4], 1), nthAddress(testerServerPrefix[6], 1)],
      ],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
    reference = new ShimControl(shimChannel(serving, 'robe serve'), clock, deadline);
    expect((await reference.greet()).implementation).to.equal('robe-reference');
    const python = lab.exec('iut', ['python3', shim], { stdio: ['pipe', 'pipe', 'pipe'] });
    kernel = new ShimControl(shimChannel(python, 'python3'), clock, deadline);
    await kernel.greet();
    const preparations: readonly Call[] = [
      {
        verb: 'configure',
        paths: lab.facts.paths.map(({ path, iutAddress }) => ({ path, address: { ...iutAddress } })),
      },
      { verb: 'listen', port: serverPort, service: 'echo' },
    ];
    for (const call of preparations) {
      const answer = await kernel.call(call);
      if (answer.answer === 'failed' && lacksMptcp.test(answer.why)) skipBecause(this, answer.why);
      expect(answer.answer, JSON.stringify(answer)).to.equal('ok');
    }
  });

  after(async () => {
    await reference?.close();
    await kernel?.close();
    await lab?.remove();
  });

  for (const ip of [4, 6] as const) {
    it(`serves the kernel's client over IPv${ip}: MPTCP v1, echo, a join from the second path, orderly end`, async () => {
      const connection = `kernel${ip}`;
      const to = { address: nthAddress(testerServerPrefix[ip], 1), port: serverPort };
      ok(await kernel.call({ verb: 'connect', connection, to, paths }));
      ok(await kernel.call({ verb: 'send', connection, octets: greeting }));
      await until(kernel, connection, (info) => info['received'] === 5 && info['subflows'] === 2);
      for (let round = 2; round <= 20; round++) {
        ok(await kernel.call({ verb: 'send', connection, octets: greeting }));
        await until(kernel, connection, (info) => info['received'] === 5 * round);
      }
      const client = lab.paths[0]?.iutAddress[ip] ?? '';
      expect(ok(await reference.call({ verb: 'info', connection: `accepted:${client}` }))).to.include({
        state: 'established',
        mptcp: true,
        subflows: 2,
        received: 100,
      });
      ok(await kernel.call({ verb: 'close', connection }));
      await until(kernel, connection, (info) => info['state'] === 'closed');
      await until(reference, `accepted:${client}`, (info) => info['state'] === 'closed');
      expect(ok(await reference.call({ verb: 'accepted', from: [client] }))).to.deep.equal({ count: 1, closed: 1 });
    });

    it(`is a client of the kernel's server over IPv${ip}: MPTCP v1, echo, a join from the second path, orderly end`, async () => {
      const connection = `reference${ip}`;
      const to = { address: lab.facts.server.address[ip], port: serverPort };
      ok(await reference.call({ verb: 'connect', connection, to, paths }));
      ok(await reference.call({ verb: 'send', connection, octets: greeting }));
      await until(reference, connection, (info) => info['state'] === 'established');
      ok(await reference.call({ verb: 'send', connection, octets: greeting }));
      await until(reference, connection, (info) => Number(info['received']) >= 5 && info['subflows'] === 2);
      const before = Number(ok(await reference.call({ verb: 'info', connection }))['received']);
      for (let round = 1; round <= 20; round++) {
        ok(await reference.call({ verb: 'send', connection, octets: greeting }));
        await until(reference, connection, (info) => Number(info['received']) >= before + 5 * round);
      }
      expect(ok(await reference.call({ verb: 'info', connection }))).to.include({
        state: 'established',
        mptcp: true,
        subflows: 2,
      });
      ok(await reference.call({ verb: 'close', connection }));
      await until(reference, connection, (info) => info['state'] === 'closed');
    });
  }

  it('is a client in every way of establishment that an unmodified server serves', async () => {
    const to = { address: lab.facts.server.address[4], port: serverPort };
    for (const profile of ['tcp', 'robe-sim', 'robe-timer', 'robe-ips', 'robe-esim']) {
      const connection = `as ${profile}`;
      ok(await reference.call({ verb: 'connect', connection, to, paths, profile, version: 1 }));
      await until(reference, connection, (info) => info['state'] === 'established');
      ok(await reference.call({ verb: 'send', connection, octets: greeting }));
      await until(reference, connection, (info) => info['received'] === 5);
      if (profile !== 'tcp') await until(reference, connection, (info) => info['subflows'] === 2);
      ok(await reference.call({ verb: 'close', connection }));
      await until(reference, connection, (info) => info['state'] === 'closed');
    }
  });
});
