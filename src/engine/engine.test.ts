/**
 * The engine on this machine's loopback, without privilege: two addresses of one interface are two paths. Whether the kernel has
 * MPTCP makes no difference here. Skipped, with the reason, where there is no C compiler.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { LabError } from '../net/lab/command.js';
import { skipBecause } from '../net/lab/testing/skip.js';
import type { EngineConfiguration, Entrance } from './configuration.js';
import { type Engine, EngineError, startEngine } from './engine.js';
import { engineProgram } from './engine-program.js';

const two: EngineConfiguration['paths'] = [
  { path: 1, device: 'lo', address: { 4: '127.0.0.1' } },
  { path: 2, device: 'lo', address: { 4: '127.0.0.2' } },
];

const plan = (more: Partial<EngineConfiguration>): EngineConfiguration => ({
  schemes: ['sim'],
  expiry: 1000,
  patience: 5000,
  isPlain: false,
  thirdSegmentAtOnce: false,
  quiet: true,
  paths: two,
  allowances: ['any'],
  entries: [],
  aggregations: [],
  ...more,
});

/** A port that was free a moment ago. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const socksTo = (host: string, port: number): Buffer =>
  Buffer.from([5, 1, 0, 5, 1, 0, 3, host.length, ...Buffer.from(host), port >> 8, port & 0xff]);
const socksReply = (reply: number): string => Buffer.from([5, 0, 5, reply, 0, 1, 0, 0, 0, 0, 0, 0]).toString('latin1');

describe('the engine', function () {
  this.timeout(30_000);
  const closers: (() => unknown)[] = [];
  let accepted: Socket[] = [];
  let served = 0;

  before(async function () {
    try {
      await engineProgram(process.env);
    } catch (cause) {
      if (!(cause instanceof LabError)) throw cause;
      skipBecause(this, cause.message);
    }
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    accepted = [];
  });

  /** A server that counts who comes, and its port. */
  const serving = async (serve: (socket: Socket) => void): Promise<number> => {
    served = 0;
    const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
      accepted.push(socket);
      served += 1;
      socket.on('error', () => {});
      serve(socket);
    });
    server.listen(0, '127.0.0.1', 1024);
    await once(server, 'listening');
    closers.push(() => {
      for (const socket of accepted) socket.destroy();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  };
  /** Starts an engine with one entry, which it gives. */
  const engineAt = async (
    more: Partial<EngineConfiguration> = {},
    target?: Entrance['target'],
  ): Promise<Entrance & { readonly engine: Engine }> => {
    return listening((port) => {
      const entrance = { host: '127.0.0.1', port, ...(target === undefined ? {} : { target }) };
      return { entrance, planned: plan({ entries: [entrance], ...more }) };
    });
  };
  /** A port that was free may be taken by another test before the engine has it: then another one is tried. */
  const listening = async (
    plannedAt: (port: number) => { readonly entrance: Entrance; readonly planned: EngineConfiguration },
    attempts = 10,
  ): Promise<Entrance & { readonly engine: Engine }> => {
    const { entrance, planned } = plannedAt(await freePort());
    try {
      const engine = await startEngine(process.env, planned);
      closers.push(() => engine.close());
      return { ...entrance, engine };
    } catch (cause) {
      if (!(cause instanceof EngineError) || cause.code !== 'EADDRINUSE' || attempts === 1) throw cause;
      return listening(plannedAt, attempts - 1);
    }
  };
  const open = ({ port }: { readonly port: number }): Socket => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    socket.on('error', () => {});
    closers.push(() => socket.destroy());
    return socket;
  };
  /** What is said to all that an entry is asked, until it ends. */
  const asking = (entrance: Entrance, said: Buffer | string): Promise<string> => {
    const socket = open(entrance);
    socket.setEncoding('latin1');
    socket.end(said);
    return text(socket);
  };

  it('takes SOCKS 5, and what comes right after it', async () => {
    const port = await serving((socket) => socket.pipe(socket));
    const entrance = await engineAt();
    const socket = open(entrance).setEncoding('latin1');
    socket.write(Buffer.concat([socksTo('127.0.0.1', port), Buffer.from('hello')]));
    let got = '';
    for await (const octets of socket) {
      got += octets;
      if (got.endsWith('hello')) socket.end();
    }
    expect(got).to.equal(`${socksReply(0)}hello`);
    expect(served).to.equal(1);
  });

  it("takes HTTP's CONNECT", async () => {
    const port = await serving((socket) => socket.once('data', (octets) => socket.end(octets)));
    const entrance = await engineAt();
    const socket = open(entrance).setEncoding('latin1');
    socket.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: a\r\n\r\nhello`);
    expect(await text(socket)).to.equal('HTTP/1.1 200 Connection established\r\n\r\nhello');
  });

  const refusals: readonly (readonly [what: string, asked: Buffer | string, answer: string | RegExp])[] = [
    ['a port that refuses, by SOCKS', socksTo('127.0.0.1', 1), socksReply(5)],
    // No resolver asks anybody for a label that is empty.
    ['a name that is none', socksTo('nowhere..invalid', 80), socksReply(4)],
    ['an address of a family without a path', socksTo('::1', 80), socksReply(3)],
    ['SOCKS with authentication', Buffer.from([5, 1, 2]), Buffer.from([5, 255]).toString('latin1')],
    ['another command of SOCKS', Buffer.from('050100050200017f0000010050', 'hex'), socksReply(7)],
    ['another type of address', Buffer.from('0501000501000900000000000000', 'hex'), socksReply(8)],
    ['a name with a line break', socksTo('a\nb', 80), socksReply(1)],
    ['a port that refuses, by HTTP', 'CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n', /^HTTP\/1.1 502 /],
    ['a request of HTTP', 'GET http://127.0.0.1/ HTTP/1.1\r\n\r\n', /^HTTP\/1.1 405 [\s\S]*Allow: CONNECT/],
    ['a target without a port', 'CONNECT 127.0.0.1 HTTP/1.1\r\n\r\n', /^HTTP\/1.1 400 /],
    ['a port beyond all', 'CONNECT [::1]:65536 HTTP/1.1\r\n\r\n', /^HTTP\/1.1 400 /],
    ['a head without an end', `CONNECT a:1 HTTP/1.1\r\nX: ${'x'.repeat(9000)}`, /^HTTP\/1.1 400 /],
    ['neither', Buffer.from([4, 1, 0, 80]), ''],
  ];
  it('refuses in the words of who asks', async () => {
    const entrance = await engineAt();
    const patient = refusals.map(async ([what, asked, answer]) => {
      const socket = open(entrance).setEncoding('latin1');
      socket.write(asked);
      const got = await text(socket);
      if (typeof answer === 'string') expect(got, what).to.equal(answer);
      else expect(got, what).to.match(answer);
    });
    await Promise.all(patient);
  });

  it('goes to one target, and resets where that refuses', async () => {
    const port = await serving((socket) => socket.end('for all'));
    expect(await asking(await engineAt({}, { host: 'localhost', port }), '')).to.equal('for all');
    const socket = open(await engineAt({}, { host: '127.0.0.1', port: 1 })).resume();
    expect(await new Promise((closed) => socket.once('close', closed))).to.equal(true);
  });

  it('ends each direction by itself, and carries a reset on', async () => {
    const port = await serving((socket) => {
      let got = 0;
      socket.on('data', (octets) => {
        got += octets.length;
      });
      socket.on('end', () => socket.end(`${got} octets`));
    });
    const entrance = await engineAt({}, { host: '127.0.0.1', port });
    expect(await asking(entrance, Buffer.alloc(3_000_000))).to.equal('3000000 octets');
    const socket = open(entrance);
    socket.write('hello');
    while (served < 2) await new Promise((next) => setTimeout(next, 5));
    const broken = new Promise((closed) => accepted[1]?.once('close', closed));
    socket.resetAndDestroy();
    expect(await broken).to.equal(true);
  });

  it('keeps no more than its buffers for a reader that does not read', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(1 << 20);
    const port = await serving((socket) => {
      const more = (): void => {
        while (socket.write(chunk)) sent += chunk.length;
        sent += chunk.length;
      };
      socket.on('drain', more);
      more();
    });
    const { engine, ...entrance } = await engineAt({}, { host: '127.0.0.1', port });
    const socket = open(entrance);
    socket.pause();
    let before = -1;
    while (sent !== before || sent === 0) {
      before = sent;
      await new Promise((next) => setTimeout(next, 300));
    }
    // The kernel's own buffers may grow to some megabytes each.
    expect(sent).to.be.below(64 << 20);
    expect(residentOctets(engine.pid)).to.be.below(32 << 20);
  });

  it('serves hundreds at once, each by one connection', async () => {
    const port = await serving((socket) => socket.pipe(socket));
    const entrance = await engineAt({}, { host: '127.0.0.1', port });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => asking(entrance, `this is ${index} `.repeat(1000))),
    );
    answers.forEach((answer, index) => {
      expect(answer).to.equal(`this is ${index} `.repeat(1000));
    });
    expect(served).to.equal(200);
  });

  it('turns to the next path at once where one cannot be used, in every scheme', async () => {
    const port = await serving((socket) => socket.end('here'));
    const paths = [{ path: 1, device: 'lo', address: { 4: '192.0.2.1' } }, ...two.slice(1)];
    for (const schemes of [['sim'], ['timer'], ['ips'], ['timer', 'ips'], ['sim', 'ips']] as const) {
      const entrance = await engineAt({ schemes, paths }, { host: '127.0.0.1', port });
      expect(await asking(entrance, ''), schemes.join()).to.equal('here');
    }
  });

  it('turns to the addresses of the other family where the first refuse (RFC 8305)', async () => {
    const port = await serving((socket) => socket.end(`from ${socket.remoteAddress}`));
    const paths = [{ path: 1, device: 'lo', address: { 4: '127.0.0.1', 6: '::1' } }];
    const entrance = await engineAt({ paths }, { host: 'localhost', port });
    expect(await asking(entrance, '')).to.equal('from 127.0.0.1');
  });

  it('opens one connection alone where RobE_IPS knows a path', async () => {
    const port = await serving((socket) => socket.end(`from ${socket.remoteAddress}`));
    const entrance = await engineAt({ schemes: ['ips'] }, { host: '127.0.0.1', port });
    for (let turn = 0; turn < 3; turn++) expect(await asking(entrance, '')).to.equal('from 127.0.0.1');
  });

  it('uses other paths when it is told', async () => {
    const port = await serving((socket) => socket.end(`from ${socket.remoteAddress}`));
    const { engine, ...entrance } = await engineAt({ schemes: ['ips'] }, { host: '127.0.0.1', port });
    engine.use([{ path: 1, device: 'lo', address: { 4: '127.0.0.3' } }]);
    let got = '';
    while (got !== 'from 127.0.0.3') got = await asking(entrance, '');
  });

  it('ends RobE for those who may, where they may', async () => {
    const port = await serving((socket) => socket.end('inside'));
    const allowances = ['net 127.0.0.0 8 0', 'host here.invalid 80'];
    const aggregation = await listening((free) => {
      const entrance = { host: '127.0.0.1', port: free };
      return { entrance, planned: plan({ paths: [], aggregations: [entrance], allowances }) };
    });
    const asked = async (host: string, to: number): Promise<string> => {
      const socket = open(aggregation).setEncoding('latin1');
      socket.write(socksTo(host, to));
      return text(socket);
    };
    expect(await asked('127.0.0.1', port)).to.equal(`${socksReply(0)}inside`);
    expect(await asked('192.0.2.1', port)).to.equal(socksReply(2));
    expect(await asked('::ffff:192.0.2.1', port)).to.equal(socksReply(2));
  });

  it('says when a port is taken', async () => {
    const port = await serving((socket) => socket.end());
    const entrance = { host: '127.0.0.1', port };
    try {
      await startEngine(process.env, plan({ entries: [entrance] }));
      expect.fail('it listens where somebody else does');
    } catch (cause) {
      expect(cause).to.be.instanceOf(EngineError).with.property('code', 'EADDRINUSE');
    }
  });
});

/** Field VmRSS of `/proc/PID/status`, in octets. */
const residentOctets = (pid: number): number => {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Number(kilobytes) * 1024;
};
