/** Hosts side by side on one link: what one learned the others do not know, and no frame goes astray. */
import { expect } from 'chai';
import { VirtualClock } from '../net/clock/virtual.js';
import { createMemoryLink } from '../net/link/memory.js';
import { defaultDraftSubtypes } from '../protocol/mptcp/option.js';
import { decodeFrame, encodeTcpFrame } from '../protocol/wire/frame.js';
import type { TcpPacket } from '../protocol/wire/packet.js';
import { seq } from '../protocol/wire/seq.js';
import { createHost } from '../reference/host.js';
import { IsolatedHosts } from './isolated-hosts.js';

const own = { mac: '02:00:00:00:00:01', addresses: ['10.201.0.1', '10.202.0.1'] } as const;
const peer = { mac: '02:00:00:00:00:02', known: '10.210.0.1', stranger: '10.210.0.2' } as const;
const milliseconds = 1_000_000n;

const bench = () => {
  const clock = new VirtualClock();
  const [tester, end] = createMemoryLink({ clock, paths: [1, 2] });
  const hosts = new IsolatedHosts(
    (seed) =>
      createHost({
        paths: [1, 2].map((path) => ({
          path,
          mac: own.mac,
          addresses: [own.addresses[path - 1] ?? ''],
          neighbour: peer.mac,
        })),
        sharedAddresses: [],
        profile: 'robe-ips',
        versions: [1],
        subtypes: defaultDraftSubtypes,
        seed,
      }),
    end,
    clock,
  );
  const arrived: { readonly path: number; readonly packet: TcpPacket }[] = [];
  tester.subscribe(({ path, frame }) => {
    const packet = decodeFrame(frame);
    if (packet.kind === 'tcp') arrived.push({ path, packet });
  });
  const pass = (time: bigint): void => {
    const end = clock.now() + time;
    let over = false;
    clock.at(end, () => {
      over = true;
    });
    clock.advance(() => over);
  };
  let connections = 0;
  /** The path of the first SYN of a connection to a peer. */
  const connect = (
    address: string,
    paths: readonly number[],
  ): { readonly path: number; readonly packet: TcpPacket } => {
    connections += 1;
    const before = arrived.length;
    const answer = hosts.perform({
      verb: 'connect',
      connection: `c${connections}`,
      to: { address, port: 80 },
      paths,
    });
    expect(answer.answer).to.equal('ok');
    pass(1n * milliseconds);
    const first = arrived[before];
    if (first === undefined) throw new Error('no SYN came');
    return first;
  };
  /** Completes a connection over one path whose SYN/ACK takes some time. */
  const measure = (address: string, path: number, rtt: bigint): void => {
    const { packet } = connect(address, [path]);
    pass(rtt * milliseconds);
    tester.send(
      path,
      encodeTcpFrame({
        ethernet: { destination: own.mac, source: peer.mac },
        ip: { source: address, destination: packet.ip.source },
        tcp: {
          sourcePort: 80,
          destinationPort: packet.tcp.sourcePort,
          seq: seq(1),
          ack: seq(packet.tcp.seq + 1),
          flags: 0x12,
          window: 65_535,
          options: [],
          payload: new Uint8Array(0),
        },
      }),
    );
    pass(1n * milliseconds);
  };
  return { hosts, connect, measure, arrived };
};

describe('isolated hosts', () => {
  it('are one host as long as nobody asks for one of his own', () => {
    const { connect, measure } = bench();
    measure(peer.known, 1, 60n);
    measure(peer.known, 2, 20n);
    expect(connect(peer.stranger, [1, 2]).path).to.equal(2);
  });

  it('know nothing of what others measured, nor do others know what they measured', () => {
    const { hosts, connect, measure } = bench();
    hosts.isolate([peer.known]);
    measure(peer.known, 1, 60n);
    measure(peer.known, 2, 20n);
    expect(connect(peer.known, [1, 2]).path).to.equal(2);
    expect(connect(peer.stranger, [1, 2]).path).to.equal(1);
    hosts.isolate([peer.known]);
    expect(connect(peer.known, [1, 2]).path).to.equal(1);
  });

  it('are gone after a reset, and what they accepted with them', () => {
    const { hosts, connect, measure } = bench();
    hosts.isolate([peer.known]);
    measure(peer.known, 2, 20n);
    hosts.reset();
    expect(connect(peer.known, [1, 2]).path).to.equal(1);
    expect(hosts.perform({ verb: 'info', connection: 'c1' }).answer).to.equal('failed');
  });

  it('answer for connections by the host that has them', () => {
    const { hosts, connect } = bench();
    connect(peer.stranger, [1]);
    hosts.isolate([peer.known]);
    connect(peer.known, [1]);
    for (const connection of ['c1', 'c2']) {
      expect(hosts.perform({ verb: 'info', connection })).to.deep.include({ answer: 'ok' });
      expect(hosts.perform({ verb: 'close', connection }).answer).to.equal('ok');
    }
    expect(hosts.perform({ verb: 'info', connection: 'c3' }).answer).to.equal('failed');
    expect(hosts.perform({ verb: 'accepted', from: [peer.known, peer.stranger] })).to.deep.equal({
      answer: 'ok',
      result: { count: 0, closed: 0 },
    });
  });
});
