/** The aggregation point between scripted streams and targets on this machine's loopback. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { openAggregationPoint } from './aggregation-point.js';
import { loopbackAllowances, readAllowance } from './allowance.js';
import { ScriptedStream } from './testing/scripted-stream.js';

/** The stream of a client, which waits for something that is asked of it. */
class ClientStream extends ScriptedStream {
  detach(rest: Uint8Array): void {
    this.asked.push(`detach ${rest.length}`);
  }

  async until(asked: string): Promise<void> {
    for (let turn = 0; turn < 500 && !this.asked.includes(asked); turn++)
      await new Promise((next) => setTimeout(next, 5));
    expect(this.asked).to.include(asked);
  }
}

const greeting = [5, 1, 0];
const connectTo = (host: string, port: number): Uint8Array =>
  Uint8Array.of(...greeting, 5, 1, 0, 3, host.length, ...Buffer.from(host), port >> 8, port & 0xff);
const reply = (code: number): string => `write ${Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]).toString()}`;

describe('an aggregation point', () => {
  const servers: Server[] = [];
  const listening = async (host: string): Promise<number> => {
    const server = createServer((socket) => socket.end('hello'));
    servers.push(server);
    server.listen(0, host);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  after(() => servers.map((server) => server.close()));

  /** What a client asks; `addresses` are those of every name. */
  const asking = (octets: Uint8Array, addresses?: readonly string[]): ClientStream => {
    const client = new ClientStream();
    const point = openAggregationPoint({
      allowed: loopbackAllowances.map(readAllowance),
      log: () => {},
      ...(addresses === undefined
        ? {}
        : { resolve: () => Promise.resolve(addresses.map((address) => ({ address, family: 4 }))) }),
    });
    point.accept(client, 'client');
    client.events.data(octets);
    return client;
  };

  it('carries what the target says', async () => {
    const client = asking(connectTo('127.0.0.1', await listening('127.0.0.1')));
    await client.until('write hello');
    expect(client.asked).to.include(reply(0));
  });

  it('drops what comes after a refusal, so that its sender is not stuck', async () => {
    const client = asking(connectTo('192.0.2.1', 80));
    await client.until(reply(2));
    await client.until('end');
    client.look();
    client.events.data(new Uint8Array(1000));
    expect(client.look()).to.deep.equal(['consume 1000']);
  });

  it('drops what comes after a dialogue that is no SOCKS', () => {
    const client = asking(Buffer.from('GET / HTTP/1.1'));
    expect(client.look()).to.deep.equal(['consume 14', 'end']);
    client.events.data(new Uint8Array(9));
    expect(client.look()).to.deep.equal(['consume 9']);
  });

  it('tries the addresses of a name until one answers, those that are allowed', async () => {
    const port = await listening('127.0.0.1');
    const client = asking(connectTo('somewhere', port), ['192.0.2.1', '127.0.0.2', '127.0.0.1']);
    await client.until('write hello');
  });

  it('says which name has no address, or none that is allowed', async () => {
    await asking(connectTo('nowhere', 80), []).until(reply(4));
    await asking(connectTo('somewhere', 80), ['192.0.2.1']).until(reply(2));
  });
});
