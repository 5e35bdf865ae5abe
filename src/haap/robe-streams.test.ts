/** Streams over two hosts joined in memory, with paths as bad as asked for, under virtual time. */
import { expect } from 'chai';
import { VirtualClock } from '../net/clock/virtual.js';
import { seededChance } from '../net/link/chance.js';
import { type Impairment, impairLink } from '../net/link/impairment.js';
import { createMemoryLink } from '../net/link/memory.js';
import { defaultDraftSubtypes } from '../protocol/mptcp/option.js';
import type { EstablishmentProfile } from '../reference/contract.js';
import { createHost } from '../reference/host.js';
import { withParameters } from '../reference/parameters.js';
import { RobeStreams } from './robe-streams.js';
import type { DetachableStream, StreamEvents } from './stream.js';

const second = 1_000_000_000n;
const receiveBuffer = 64 * 1024;
const server = '10.200.0.1';

const join = (profile: EstablishmentProfile, impairments: Readonly<Record<number, Impairment>> = {}) => {
  const clock = new VirtualClock();
  const paths = [1, 2];
  const [left, right] = createMemoryLink({ clock, paths, delay: () => 5_000_000n });
  const way = new Map(Object.entries(impairments).map(([path, each]) => [Number(path), each]));
  const bad = impairLink(left, { clock, chance: seededChance('weather'), outgoing: way, incoming: way });
  const common = {
    profile,
    versions: [0, 1] as const,
    subtypes: defaultDraftSubtypes,
    receiveBuffer,
  } as const;
  const end = (network: string, sharedAddresses: readonly string[]) =>
    createHost(
      {
        ...common,
        seed: network,
        sharedAddresses,
        paths: paths.map((path) => ({
          path,
          mac: `02:00:00:00:0${network}:0${path}`,
          addresses: [`10.20${path}.${network}.1`],
        })),
      },
      withParameters({ tcp: { ack_delay_s: 0.04 } }),
    );
  return {
    clock,
    client: new RobeStreams(end('1', []), bad, clock),
    far: new RobeStreams(end('2', [server]), right, clock),
  };
};

/** What happened on a stream; `keeps`: octets are taken only when the test says so. */
class Reader implements StreamEvents {
  readonly stream: DetachableStream;
  readonly got: Uint8Array[] = [];
  readonly happened: string[] = [];
  octets = 0;

  constructor(stream: DetachableStream, keeps = false) {
    this.stream = stream;
    this.#keeps = keeps;
    stream.attach(this);
  }

  readonly #keeps: boolean;

  data(octets: Uint8Array): void {
    this.got.push(octets);
    this.octets += octets.length;
    if (!this.#keeps) this.stream.consume(octets.length);
  }

  ended(): void {
    this.happened.push('ended');
  }

  broken(): void {
    this.happened.push('broken');
  }

  roomMade(): void {
    this.happened.push('room');
  }
}

const content = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) & 0xff);

const open = (profile: EstablishmentProfile, impairments: Readonly<Record<number, Impairment>> = {}, keeps = false) => {
  const ends = join(profile, impairments);
  const accepted: Reader[] = [];
  ends.far.listen(8684, (stream) => accepted.push(new Reader(stream, keeps)));
  const told: string[] = [];
  const stream = ends.client.connect(
    { address: server, port: 8684 },
    { established: () => told.push('established'), failed: (why) => told.push(`failed: ${why}`) },
  );
  const opened = new Reader(stream);
  ends.clock.advanceTo(10n * second);
  const [peer] = accepted;
  if (peer === undefined) throw new Error('nothing was accepted');
  return { ...ends, told, opened, peer };
};

describe('streams over RobE', () => {
  const weathers: readonly (readonly [what: string, Readonly<Record<number, Impairment>>])[] = [
    ['good paths', {}],
    ['path 1 dead', { 1: { loss: 1 } }],
    ['path 2 dead', { 2: { loss: 1 } }],
    ['both lossy', { 1: { loss: 0.02 }, 2: { loss: 0.02, delay: 20_000_000n } }],
    ['both reordering', { 1: { reordering: { probability: 0.1, by: 3_000_000n } }, 2: { jitter: 9_000_000n } }],
  ];
  for (const profile of ['robe-downgrade', 'robe-esim', 'robe-timer'] as const) {
    for (const [what, impairments] of weathers) {
      it(`${profile}, ${what}: every octet once, both ways, and both ends`, () => {
        const { clock, told, opened, peer } = open(profile, impairments);
        expect(told).to.deep.equal(['established']);
        const there = content(300_000);
        const back = content(200_001).reverse();
        opened.stream.write(there);
        opened.stream.end();
        peer.stream.write(back);
        clock.advanceTo(clock.now() + 300n * second);
        // The other direction is open still.
        expect(peer.happened.filter((each) => each !== 'room')).to.deep.equal(['ended']);
        peer.stream.end();
        clock.advanceTo(clock.now() + 300n * second);
        expect(Buffer.concat(peer.got).equals(there)).to.equal(true);
        expect(Buffer.concat(opened.got).equals(back)).to.equal(true);
        expect(opened.happened).to.include('ended');
      });
    }
  }

  for (const profile of ['robe-downgrade', 'robe-bbm', 'robe-esim', 'robe-sim', 'mptcp'] as const) {
    for (const dying of [1, 2]) {
      it(`${profile}, path ${dying} dies in the midst: every octet once, and the other goes on after a timer of TCP`, () => {
        const rate = { bitsPerSecond: 10e6 };
        const { clock, opened, peer } = open(profile, {
          1: rate,
          2: rate,
          [dying]: { ...rate, diesAfter: (21n * second) / 2n },
        });
        const there = content(2_500_000);
        const begun = clock.now();
        peer.stream.write(there);
        let silence = 0n;
        let last = begun;
        for (let seen = 0; opened.octets < there.length && clock.now() < begun + 60n * second; ) {
          clock.advanceTo(clock.now() + second / 100n);
          if (opened.octets === seen) continue;
          seen = opened.octets;
          if (clock.now() - last > silence) silence = clock.now() - last;
          last = clock.now();
        }
        expect(Buffer.concat(opened.got).equals(there)).to.equal(true);
        // RFC 6298: the timer is a second at least; a few round trips more where queues had grown.
        expect(Number(silence) / 1e9).to.be.within(0, 1.6);
        // One link carries what is left, at 10 Mbit/s.
        expect(Number(last - begun) / 1e9).to.be.below(6);
      });
    }
  }

  for (const profile of ['robe-downgrade', 'mptcp', 'tcp'] as const) {
    it(`${profile}: a reader that does not read is sent no more than its buffer, however long it takes`, () => {
      const { clock, opened, peer } = open(profile, {}, true);
      expect(opened.stream.write(content(500_000))).to.equal(false);
      clock.advanceTo(clock.now() + 3600n * second);
      // A probe of the closed window may bring an octet more.
      expect(peer.octets).to.be.within(receiveBuffer - 2000, receiveBuffer);
      expect(opened.happened).to.deep.equal([]);
      for (let taken = 0; taken < 500_000; ) {
        const more = peer.octets - taken;
        peer.stream.consume(more);
        taken += more;
        clock.advanceTo(clock.now() + 200n * second);
        if (more === 0) break;
      }
      expect(peer.octets).to.equal(500_000);
      expect(opened.happened).to.deep.equal(['room']);
    });
  }

  it('a reset of one end breaks the other', () => {
    const { clock, opened, peer } = open('robe-downgrade');
    opened.stream.reset();
    clock.advanceTo(clock.now() + second);
    expect(peer.happened).to.deep.equal(['broken']);
    expect(opened.happened).to.deep.equal([]);
  });

  it('nobody there is a refusal', () => {
    const { clock, client } = join('robe-downgrade');
    const told: string[] = [];
    client.connect(
      { address: server, port: 1 },
      { established: () => told.push('established'), failed: (why) => told.push(why) },
    );
    clock.advanceTo(10n * second);
    expect(told).to.deep.equal(['refused']);
    expect(client.open).to.equal(0);
  });

  it('goes on after an hour of silence', () => {
    const { clock, opened, peer } = open('robe-downgrade');
    clock.advanceTo(clock.now() + 3600n * second);
    peer.stream.write(Buffer.from('still here'));
    clock.advanceTo(clock.now() + second);
    expect(Buffer.concat(opened.got).toString()).to.equal('still here');
  });

  it('a hundred at once keep their octets apart', () => {
    const { clock, client, far } = join('robe-downgrade');
    far.listen(8684, (stream) => {
      const reader: StreamEvents = {
        data: (octets) => {
          stream.consume(octets.length);
          stream.write(octets);
        },
        ended: () => stream.end(),
        broken: () => {},
        roomMade: () => {},
      };
      stream.attach(reader);
    });
    const readers = Array.from({ length: 100 }, (_, index) => {
      const stream = client.connect(
        { address: server, port: 8684 },
        {
          established: () => {
            stream.write(Buffer.alloc(10_000, index));
            stream.end();
          },
          failed: () => {},
        },
      );
      return new Reader(stream);
    });
    clock.advanceTo(300n * second);
    readers.forEach((reader, index) => {
      expect(Buffer.concat(reader.got).equals(Buffer.alloc(10_000, index))).to.equal(true);
      expect(reader.happened).to.include('ended');
    });
    expect([client.open, far.open]).to.deep.equal([0, 0]);
  });
});
