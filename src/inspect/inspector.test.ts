/**
 * The inspector against conversations that no implementation of ours made: the vector captures pass without a violation,
 * and each single change of one of their segments is blamed on the requirement that it breaks, and on nothing else.
 */
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { readCatalogueFiles } from '../conduct/catalogue-files.js';
import { uint16 } from '../protocol/bytes/octets.js';
import { MpCapableFlag } from '../protocol/mptcp/option.js';
import type { TcpPacket } from '../protocol/wire/packet.js';
import { seqAdd } from '../protocol/wire/seq.js';
import { hex16 } from '../rules/sight.js';
import { loadCatalogue } from '../suite/catalogue/catalogue.js';
import { changed, inspected, octetsOf, vectorSegments, withOption, withOutcome } from './testing/vectors.js';

type Version = 0 | 1;

/** What to do with the segment of a number, counted from 1; or with all of them. */
type Change = (packet: TcpPacket) => TcpPacket;

interface Broken {
  readonly name: string;
  readonly versions: readonly Version[];
  readonly segment: number;
  readonly change: Change;
  readonly violates: readonly string[];
}

const otherOctets = (octets: Uint8Array): Uint8Array => octets.map((octet, index) => (index === 0 ? octet ^ 1 : octet));
const payload = Uint8Array.of(1, 2, 3);

const table: readonly Broken[] = [
  {
    name: 'a v1 SYN with a key',
    versions: [1],
    segment: 1,
    change: (p) => withOption(p, 'mp_capable', (o) => ({ ...o, key: 5n })),
    violates: ['RFC8684-3.1-01'],
  },
  {
    name: 'flag B in the SYN',
    versions: [0, 1],
    segment: 1,
    change: (p) => withOption(p, 'mp_capable', (o) => ({ ...o, flags: o.flags | MpCapableFlag.B })),
    violates: ['RFC6824-3.1-10'],
  },
  {
    name: 'a SYN without MP_CAPABLE that is answered with one',
    versions: [0, 1],
    segment: 1,
    change: (p) => withOption(p, 'mp_capable', () => undefined),
    violates: ['RFC6824-3.1-19'],
  },
  {
    name: 'a version above the offered one',
    versions: [0],
    segment: 2,
    change: (p) => withOption(p, 'mp_capable', (o) => ({ ...o, version: 1 })),
    violates: ['RFC8684-3.1-14'],
  },
  {
    name: 'two crypto bits in the SYN/ACK',
    versions: [0, 1],
    segment: 2,
    change: (p) => withOption(p, 'mp_capable', (o) => ({ ...o, flags: o.flags | MpCapableFlag.G })),
    violates: ['RFC6824-3.1-17'],
  },
  {
    name: 'an answer to an offer without crypto bits',
    versions: [1],
    segment: 1,
    change: (p) => withOption(p, 'mp_capable', (o) => ({ ...o, flags: MpCapableFlag.A })),
    violates: ['RFC8684-3.1-22'],
  },
  {
    name: 'a SYN/ACK that acknowledges something else',
    versions: [0, 1],
    segment: 2,
    change: (p) => changed(p, { ack: seqAdd(p.tcp.ack, 7) }),
    violates: ['RFC9293-3.10.7-01'],
  },
  {
    name: 'a third segment with another receiver key',
    versions: [0, 1],
    segment: 3,
    change: (p) => withOption(p, 'mp_capable', (o) => ({ ...o, peerKey: 9n })),
    violates: ['DERIVED-KEY-02'],
  },
  {
    name: 'a third segment with another sender key than the SYN',
    versions: [0],
    segment: 3,
    change: (p) => withOption(p, 'mp_capable', (o) => ({ ...o, key: 9n })),
    violates: ['RFC6824-3.1-03'],
  },
  {
    name: 'a third segment that waives checksums on its own',
    versions: [0, 1],
    segment: 3,
    change: (p) => withOption(p, 'mp_capable', (o) => ({ ...o, flags: MpCapableFlag.H })),
    violates: ['RFC6824-3.1-16'],
  },
  {
    name: 'data with a wrong DSS checksum',
    versions: [0],
    segment: 4,
    change: (p) => withOption(p, 'dss', (o) => ({ ...o, checksum: 1 })),
    // The peer acknowledges it all the same.
    violates: ['RFC6824-3.3-04', 'RFC6824-3.3-40'],
  },
  {
    name: 'data with a wrong checksum next to MP_CAPABLE',
    versions: [1],
    segment: 4,
    change: (p) => withOption(p, 'mp_capable', (o) => ({ ...o, checksum: 1 })),
    // The peer acknowledges it all the same.
    violates: ['RFC6824-3.3-04', 'RFC6824-3.3-40'],
  },
  {
    name: 'data without the checksum that was agreed on',
    versions: [1],
    segment: 4,
    change: (p) => withOption(p, 'mp_capable', ({ checksum: _, ...o }) => o),
    violates: ['RFC6824-3.1-16'],
  },
  {
    name: 'data that does not start after the IDSN',
    versions: [0],
    segment: 4,
    change: (p) => withOption(p, 'dss', (o) => ({ ...o, dsn: (o.dsn ?? 0n) + 1n })),
    // The peer then acknowledges data that nobody sent.
    violates: ['RFC6824-3.1-15', 'RFC6824-3.3-04', 'RFC6824-3.3-40'],
  },
  {
    name: 'a mapping beside the payload',
    versions: [0],
    segment: 4,
    change: (p) => withOption(p, 'dss', (o) => ({ ...o, ssn: 100 })),
    violates: ['RFC8684-3.3-02', 'RFC6824-3.3-40'],
  },
  {
    name: 'reserved bits in DSS',
    versions: [0, 1],
    segment: 5,
    change: (p) => withOption(p, 'dss', (o) => ({ ...o, reserved: 3 })),
    violates: ['RFC6824-3.3-11'],
  },
  {
    name: 'reserved bits in MP_JOIN',
    versions: [0, 1],
    segment: 6,
    change: (p) => withOption(p, 'mp_join', (o) => ({ ...o, reserved: 1 })),
    violates: ['RFC6824-3.2-12'],
  },
  {
    name: 'a wrong HMAC-A in version 0',
    versions: [0],
    segment: 8,
    change: (p) => withOption(p, 'mp_join', (o) => (o.form === 'ack' ? { ...o, hmac: otherOctets(o.hmac) } : o)),
    violates: ['RFC6824-3.2-04'],
  },
  {
    name: 'a wrong HMAC-A in version 1',
    versions: [1],
    segment: 8,
    change: (p) => withOption(p, 'mp_join', (o) => (o.form === 'ack' ? { ...o, hmac: otherOctets(o.hmac) } : o)),
    violates: ['RFC8684-3.2-05'],
  },
  {
    name: 'a wrong HMAC-B that the opener confirms all the same',
    versions: [1],
    segment: 7,
    change: (p) => withOption(p, 'mp_join', (o) => (o.form === 'syn/ack' ? { ...o, hmac: otherOctets(o.hmac) } : o)),
    violates: ['RFC8684-3.2-05', 'RFC6824-3.2-06'],
  },
  {
    name: 'MP_JOIN_CAP with a wrong MAC',
    versions: [0, 1],
    segment: 12,
    change: (p) => withOption(p, 'mp_join_cap', (o) => ({ ...o, mac: otherOctets(o.mac) })),
    violates: ['DRAFT-eSIM-C-06'],
  },
  {
    name: 'MP_JOIN_CAP that nobody confirmed',
    versions: [0, 1],
    segment: 11,
    change: (p) => withOption(p, 'robe_esim_en', () => undefined),
    violates: ['DRAFT-eSIM-C-13'],
  },
  {
    name: 'MP_TCPRST with reserved flags',
    versions: [1],
    segment: 13,
    change: (p) => withOption(p, 'mp_tcprst', (o) => ({ ...o, flags: 8 })),
    violates: ['RFC8684-3.6-02'],
  },
  {
    name: 'reserved bits in the TCP header',
    versions: [0, 1],
    segment: 5,
    change: (p) => changed(p, { reserved: 4 }),
    violates: ['RFC9293-3.1-06'],
  },
];

describe('inspection', () => {
  const segments = new Map<Version, readonly TcpPacket[]>();
  before(async () => {
    for (const version of [0, 1] as const) segments.set(version, await vectorSegments(version));
  });
  const vectors = (version: Version): readonly TcpPacket[] => segments.get(version) ?? [];
  const changedAt = (version: Version, number: number, change: Change): readonly Uint8Array[] =>
    vectors(version).map((packet, index) => octetsOf(index === number - 1 ? change(packet) : packet));

  for (const version of [0, 1] as const)
    it(`finds nothing wrong with the vectors of v${version}`, () => {
      const inspector = inspected(vectors(version).map(octetsOf));
      expect(withOutcome(inspector, 'violated')).to.deep.equal([]);
      expect(withOutcome(inspector, 'kept').length).to.be.greaterThan(20);
      expect(inspector.counts().attached).to.deep.equal({ initial: 1, join: 1, downgraded: 0, 'join-cap': 1 });
    });

  for (const { name, versions, segment, change, violates } of table)
    for (const version of versions)
      it(`v${version}: ${name}`, () => {
        const inspector = inspected(changedAt(version, segment, change));
        expect([...withOutcome(inspector, 'violated')].sort()).to.deep.equal([...violates].sort());
      });

  it('blames who goes on after a wrong HMAC-A', () => {
    const frames = vectors(0).map((packet, index) => {
      if (index === 7)
        return octetsOf(
          withOption(packet, 'mp_join', (o) => (o.form === 'ack' ? { ...o, hmac: otherOctets(o.hmac) } : o)),
        );
      return octetsOf(index === 8 ? changed(packet, { payload }) : packet);
    });
    expect(withOutcome(inspected(frames), 'violated')).to.include.members(['RFC6824-3.2-04', 'RFC6824-3.2-07']);
  });

  it('blames a repeated SYN/ACK with another key, a join towards flag C, and a join before any DSS', () => {
    const [first, second, third, , , join] = vectors(1);
    if (!first || !second || !third || !join) throw new Error('the vectors have 13 segments');
    const other = withOption(second, 'mp_capable', (o) => ({ ...o, key: 77n }));
    const closed = withOption(second, 'mp_capable', (o) => ({ ...o, flags: o.flags | MpCapableFlag.C }));
    const violated = (...packets: readonly TcpPacket[]) => withOutcome(inspected(packets.map(octetsOf)), 'violated');
    expect(violated(first, second, other)).to.deep.equal(['DERIVED-KEY-01']);
    expect(violated(first, closed, third, join)).to.have.members(['RFC8684-3.1-26', 'RFC6824-3.1-07']);
  });

  it('says unknown where the start or the keys were not captured', () => {
    const frames = vectors(1).map(octetsOf);
    const unknown = withOutcome(inspected(frames.slice(5)), 'unknown');
    expect(unknown).to.include.members(['RFC6824-3.2-01', 'RFC8684-3.2-05', 'DRAFT-eSIM-C-06']);
    expect(withOutcome(inspected(frames.slice(5)), 'violated')).to.deep.equal([]);
  });

  it('says damaged where checksums are unfinished or payload was cut, and judges nothing that is corrupt', () => {
    const frames = vectors(0).map(octetsOf);
    const cut = frames.map((octets, index) => (index === 3 ? octets.subarray(0, octets.length - 2) : octets));
    expect(withOutcome(inspected(cut), 'damaged')).to.deep.equal(['RFC6824-3.3-04']);
    const wrong = frames.map((octets) => octets.map((octet, index) => (index === 14 + 20 + 16 ? octet ^ 0xff : octet)));
    const corrupt = inspected(wrong);
    expect(corrupt.counts().corrupt).to.equal(frames.length);
    expect(corrupt.requirements().map(({ requirement }) => requirement)).to.deep.equal(['RFC9293-3.1-04']);
  });

  it('names the TCP checksum that was found and the one that was expected', () => {
    const at = 14 + 20 + 16;
    for (const octets of vectors(0).map(octetsOf)) {
      const right = uint16(octets, at);
      const wrong = octets.map((octet, index) => (index === at + 1 ? octet ^ 0xff : octet));
      const [found] = inspected([wrong]).requirements();
      const sentence = `the TCP checksum is ${hex16(right ^ 0xff)}, expected ${hex16(right)}`;
      expect(found?.examples.map((example) => example.sentence)).to.deep.equal([sentence]);
    }
  });

  it('ties flows with one Key-A and one Key-B, and blames another Key-B only where the profile is claimed', () => {
    const [syn, synAck] = vectors(0);
    if (!syn || !synAck) throw new Error('the vectors have 13 segments');
    const second = (packet: TcpPacket): TcpPacket =>
      changed(packet, packet === syn ? { sourcePort: 4999 } : { destinationPort: 4999 });
    const other = withOption(second(synAck), 'mp_capable', (o) => ({ ...o, key: 77n }));
    const same = inspected([syn, synAck, second(syn), second(synAck)].map(octetsOf));
    expect(same.counts().attached).to.include({ initial: 1, downgraded: 1 });
    const frames = [syn, synAck, second(syn), other].map(octetsOf);
    expect(withOutcome(inspected(frames), 'violated')).to.deep.equal([]);
    expect(withOutcome(inspected(frames, { downgrading: true }), 'violated')).to.deep.equal(['ROBE-P1-S-02']);
  });

  it('takes a DSS on any of the flows that RobE makes one for the DSS before a join', () => {
    const [syn, synAck, third, data, dataAck, join] = vectors(0);
    if (!syn || !synAck || !third || !data || !dataAck || !join) throw new Error('the vectors have 13 segments');
    const other = (packet: TcpPacket): TcpPacket =>
      changed(packet, packet.tcp.sourcePort === 4001 ? { sourcePort: 4999 } : { destinationPort: 4999 });
    const frames = [syn, synAck, other(syn), other(synAck), other(third), other(data), other(dataAck), join];
    const inspector = inspected(frames.map(octetsOf));
    expect(inspector.counts().attached).to.include({ initial: 1, downgraded: 1, join: 1 });
    expect(withOutcome(inspector, 'kept')).to.include('RFC6824-3.1-07');
  });

  it('forgets old flows and says so', () => {
    const [syn] = vectors(1);
    if (!syn) throw new Error('the vectors have 13 segments');
    const frames = Array.from({ length: 100 }, (_, port) => octetsOf(changed(syn, { sourcePort: 5000 + port })));
    const { flows, forgotten } = inspected(frames, { flows: 10 }).counts();
    expect(flows).to.equal(100);
    expect(forgotten).to.be.within(75, 90);
  });

  it('names only requirements of the register', () => {
    const places = [fileURLToPath(new URL('../../cases/requirements', import.meta.url))];
    const { catalogue } = loadCatalogue(readCatalogueFiles(places, '.'));
    const named = new Set([
      ...table.flatMap(({ violates }) => violates),
      ...([0, 1] as const).flatMap((version) =>
        inspected(vectors(version).map(octetsOf))
          .requirements()
          .map(({ requirement }) => requirement),
      ),
    ]);
    expect([...named].filter((id) => !catalogue.requirements.has(id))).to.deep.equal([]);
  });
});
