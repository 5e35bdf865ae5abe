import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Clock } from '../../net/clock/clock.js';
import { lacksMptcp, skipBecause } from '../../net/lab/testing/skip.js';
import type { ControlAnswer } from '../../suite/scenario/contract.js';
import { ShimControl } from '../control/shim-control.js';
import { shimChannel } from '../control/shim-process.js';
import { freePort } from '../testing/free-port.js';

/** A shim's source; the build copies neither. */
const source = (name: string): string => fileURLToPath(new URL(`../../../src/iut/shim/${name}`, import.meta.url));

/** How a shim is started; `undefined` where this machine cannot. `folder` is for what has to be built. */
const shims: readonly {
  readonly language: string;
  readonly prepare: (folder: string) => readonly string[] | undefined;
}[] = [
  { language: 'Python', prepare: () => ['python3', source('linux-mptcp.py')] },
  {
    language: 'C',
    prepare: (folder) => {
      const program = join(folder, 'linux-mptcp');
      const flags = ['-Wall', '-Wextra', '-Werror', '-O2', '-o', program];
      const { error, status, stderr } = spawnSync('cc', [...flags, source('linux-mptcp.c')], { encoding: 'utf8' });
      if (error !== undefined) return undefined;
      expect(stderr, 'what the compiler says').to.equal('');
      expect(status).to.equal(0);
      return [program];
    },
  },
];

const clock: Clock = {
  now: () => process.hrtime.bigint(),
  at(time, callback) {
    const timer = setTimeout(callback, Math.max(0, Number((time - process.hrtime.bigint()) / 1_000_000n) + 1));
    return { cancel: () => clearTimeout(timer) };
  },
};

const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));

const ok = (answer: ControlAnswer): Readonly<Record<string, string | number | boolean>> => {
  if (answer.answer !== 'ok') throw new Error(JSON.stringify(answer));
  return answer.result;
};

/** Asks until the answer is as wished; the test's own timeout is the bound. */
const until = async (
  control: ShimControl,
  connection: string,
  wished: (info: ReturnType<typeof ok>) => boolean,
): Promise<void> => {
  while (!wished(ok(await control.call({ verb: 'info', connection }))))
    await new Promise((resolve) => setTimeout(resolve, 5));
};

for (const { language, prepare } of shims) {
  describe(`linux-mptcp shim in ${language}, on loopback`, function () {
    this.timeout(180_000);
    let port = 0;
    let control: ShimControl;
    let opened: ShimControl | undefined;
    let folder = '';

    before(async function () {
      folder = mkdtempSync(join(tmpdir(), 'robe-shim-'));
      port = await freePort();
      const [program, ...args] = prepare(folder) ?? [];
      if (program === undefined) skipBecause(this, 'there is no C compiler');
      opened = new ShimControl(shimChannel(spawn(program, args), program), clock, 60_000_000_000n);
      control = opened;
      expect((await control.greet()).implementation).to.equal('linux-mptcp');
      const listening = await control.call({ verb: 'listen', port, service: 'echo' });
      if (listening.answer === 'failed' && lacksMptcp.test(listening.why)) skipBecause(this, listening.why);
      ok(listening);
      ok(await control.call({ verb: 'configure', paths: [{ path: 1, address: { 4: '127.0.0.1', 6: '::1' } }] }));
    });
    after(async () => {
      await opened?.close();
      rmSync(folder, { recursive: true });
    });

    for (const [address, connection] of [
      ['127.0.0.1', 'four'],
      ['::1', 'six'],
    ] as const) {
      it(`connects to itself by MPTCP and exchanges octets over ${address}`, async function () {
        if (!ownAddresses().includes(address)) skipBecause(this, `this machine has no ${address}`);
        ok(await control.call({ verb: 'connect', connection, to: { address, port }, paths: [1] }));
        ok(await control.call({ verb: 'send', connection, octets: '68656c6c6f' }));
        await until(control, connection, (info) => info['received'] === 5);
        const info = ok(await control.call({ verb: 'info', connection }));
        expect(info).to.include({ state: 'established', mptcp: true, subflows: 1 });
        expect(ok(await control.call({ verb: 'info', connection: `accepted:${address}` }))).to.include({ received: 5 });
        ok(await control.call({ verb: 'close', connection }));
        await until(control, connection, ({ state }) => state === 'closed');
        expect(ok(await control.call({ verb: 'accepted', from: [address] }))).to.deep.equal({ count: 1, closed: 1 });
      });
    }

    it('counts a reset connection as closed and says why', async () => {
      ok(await control.call({ verb: 'reset' }));
      ok(await control.call({ verb: 'connect', connection: 'cut', to: { address: '127.0.0.1', port }, paths: [1] }));
      await until(control, 'cut', ({ state }) => state === 'established');
      ok(await control.call({ verb: 'abort', connection: 'cut' }));
      await until(control, 'accepted:127.0.0.1', ({ state }) => state === 'closed');
      expect(ok(await control.call({ verb: 'info', connection: 'accepted:127.0.0.1' }))).to.include({ why: 'reset' });
    });

    it('names a connection as it was called, whatever is in the name', async () => {
      const told = await control.call({ verb: 'info', connection: 'a "quoted" \\ {name}, [two]' });
      expect(told.answer).to.equal('failed');
      expect(JSON.stringify(told)).to.contain(JSON.stringify('a "quoted" \\ {name}, [two]').slice(1, -1));
    });

    it('tells a refused connect', async () => {
      ok(
        await control.call({ verb: 'connect', connection: 'shut', to: { address: '127.0.0.1', port: 1 }, paths: [1] }),
      );
      await until(control, 'shut', ({ state }) => state === 'failed');
      expect(ok(await control.call({ verb: 'info', connection: 'shut' }))).to.include({ why: 'refused', received: 0 });
    });

    it('takes three hundred plain connections at once', async () => {
      ok(await control.call({ verb: 'reset' }));
      const sockets = await Promise.all(
        Array.from(
          { length: 300 },
          () =>
            new Promise<Socket>((resolve, reject) => {
              const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write('x'));
              socket.once('data', () => resolve(socket)).once('error', reject);
            }),
        ),
      );
      expect(ok(await control.call({ verb: 'accepted', from: ['127.0.0.1'] }))).to.deep.equal({
        count: 300,
        closed: 0,
      });
      expect(ok(await control.call({ verb: 'info', connection: 'accepted:127.0.0.1' }))).to.include({ mptcp: false });
      for (const socket of sockets) socket.destroy();
    });

    const refused: readonly (readonly [what: string, call: Parameters<ShimControl['call']>[0], answer: string])[] = [
      [
        'version 0',
        { verb: 'connect', connection: 'v0', to: { address: '127.0.0.1', port }, paths: [1], version: 0 },
        'unsupported',
      ],
      [
        'a RobE profile',
        { verb: 'connect', connection: 'p', to: { address: '127.0.0.1', port }, paths: [1], profile: 'robe-sim' },
        'unsupported',
      ],
      ['an unknown connection', { verb: 'send', connection: 'nobody', octets: '' }, 'failed'],
      [
        'a path without address',
        { verb: 'connect', connection: 'p9', to: { address: '127.0.0.1', port }, paths: [9] },
        'failed',
      ],
    ];
    for (const [what, call, answer] of refused) {
      it(`answers ${answer} to ${what}`, async () => expect((await control.call(call)).answer).to.equal(answer));
    }
  });
}
