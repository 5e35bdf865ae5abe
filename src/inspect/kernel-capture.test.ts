/**
 * The inspector against segments of the Linux kernel: whatever part of them was captured, nothing is blamed on anybody; and
 * each change of one of them is blamed on the requirement that it breaks, with the frames that show it.
 */
import { expect } from 'chai';
import { MpCapableFlag } from '../protocol/mptcp/option.js';
import { decodeFrame } from '../protocol/wire/frame.js';
import { TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { seqAdd } from '../protocol/wire/seq.js';
import { kernelFrames } from './testing/kernel.js';
import { changed, inspected, octetsOf, withOption, withOutcome } from './testing/vectors.js';

const lastOctet = (octets: Uint8Array): Uint8Array =>
  octets.map((octet, index) => (index === octets.length - 1 ? octet ^ 1 : octet));

interface Altered {
  readonly name: string;
  readonly frame: number;
  readonly change: (packet: TcpPacket) => TcpPacket;
  /** Requirement and frames of the violation that names the change. */
  readonly blamed: readonly [string, ...number[]];
}

const altered: readonly Altered[] = [
  {
    name: 'the key of a SYN/ACK',
    frame: 2,
    change: (p) => withOption(p, 'mp_capable', (o) => ({ ...o, key: 1n })),
    blamed: ['DERIVED-KEY-02', 3, 2],
  },
  {
    name: 'flag B of a third segment',
    frame: 3,
    change: (p) => withOption(p, 'mp_capable', (o) => ({ ...o, flags: o.flags | MpCapableFlag.B })),
    blamed: ['RFC6824-3.1-10', 3],
  },
  {
    name: 'the nonce of a SYN',
    frame: 6,
    change: (p) => withOption(p, 'mp_join', (o) => (o.form === 'syn' ? { ...o, nonce: 5 } : o)),
    blamed: ['RFC8684-3.2-05', 7, 6],
  },
  {
    name: 'the HMAC of a SYN/ACK',
    frame: 7,
    change: (p) => withOption(p, 'mp_join', (o) => (o.form === 'syn/ack' ? { ...o, hmac: lastOctet(o.hmac) } : o)),
    blamed: ['RFC8684-3.2-05', 7, 6],
  },
  {
    name: 'the HMAC of a third segment',
    frame: 12,
    change: (p) => withOption(p, 'mp_join', (o) => (o.form === 'ack' ? { ...o, hmac: lastOctet(o.hmac) } : o)),
    blamed: ['RFC8684-3.2-05', 12, 10, 11],
  },
  {
    name: 'the DSN of the first data',
    frame: 14,
    change: (p) => withOption(p, 'dss', (o) => ({ ...o, dsn: (o.dsn ?? 0n) - 1n })),
    blamed: ['RFC8684-3.1-24', 14],
  },
  {
    name: 'the checksum of a mapping',
    frame: 16,
    change: (p) => withOption(p, 'dss', (o) => ({ ...o, checksum: 7 })),
    blamed: ['RFC6824-3.3-04', 16],
  },
  {
    name: 'payload under a mapping',
    frame: 24,
    change: (p) => changed(p, { payload: lastOctet(p.tcp.payload ?? new Uint8Array(1)) }),
    blamed: ['RFC6824-3.3-04', 24],
  },
  {
    name: 'the checksum of a DATA_FIN without payload',
    frame: 38,
    change: (p) => withOption(p, 'dss', (o) => ({ ...o, checksum: 7 })),
    blamed: ['RFC6824-3.3-04', 38],
  },
  {
    name: 'the HMAC of an announcement that is heeded',
    frame: 28,
    change: (p) => withOption(p, 'add_addr', (o) => (o.hmac === undefined ? o : { ...o, hmac: lastOctet(o.hmac) })),
    blamed: ['RFC8684-3.4-01', 29, 28],
  },
  {
    name: 'the key of MP_FASTCLOSE',
    frame: 19,
    change: (p) => withOption(p, 'mp_fastclose', (o) => ({ ...o, peerKey: 1n })),
    blamed: ['RFC6824-3.5-01', 19],
  },
  {
    name: 'a Data ACK that covers more than there is up to the DATA_FIN that follows',
    frame: 33,
    change: (p) => withOption(p, 'dss', (o) => ({ ...o, ack: (o.ack ?? 0n) + 1000n })),
    blamed: ['RFC6824-3.3-40', 33, 38],
  },
  {
    name: 'a Data ACK that covers more than the DATA_FIN before it',
    frame: 42,
    change: (p) => withOption(p, 'dss', (o) => ({ ...o, ack: (o.ack ?? 0n) + 1n })),
    blamed: ['RFC6824-3.3-40', 42, 38],
  },
  {
    name: 'an acknowledgment of more than there is up to the FIN that follows',
    frame: 29,
    change: (p) => changed(p, { ack: seqAdd(p.tcp.ack, 1000) }),
    blamed: ['RFC9293-3.4-01', 29, 55],
  },
  {
    name: 'the window of an ACK that covers more than the one before it',
    frame: 41,
    change: (p) => changed(p, { window: 1 }),
    blamed: ['RFC6824-3.3-30', 41, 25],
  },
];

describe('inspection of the kernel’s segments', () => {
  let frames: readonly Uint8Array[] = [];
  before(async () => {
    frames = await kernelFrames();
  });
  const violated = (octets: readonly Uint8Array[]): readonly string[] => withOutcome(inspected(octets), 'violated');
  const packet = (frame: number): TcpPacket => {
    const read = decodeFrame(frames[frame - 1] ?? new Uint8Array(0));
    if (read.kind !== 'tcp') throw new Error(`frame ${frame} is ${read.kind}`);
    return read;
  };
  const withFrame = (frame: number, octets: Uint8Array): readonly Uint8Array[] =>
    frames.map((other, index) => (index === frame - 1 ? octets : other));

  it('finds three connections with two joins each and nothing wrong', () => {
    const inspector = inspected(frames);
    expect(inspector.counts()).to.include({ flows: 9, withoutStart: 0, corrupt: 0, malformed: 0 });
    expect(inspector.counts().attached).to.include({ initial: 3, join: 6 });
    expect(withOutcome(inspector, 'violated')).to.deep.equal([]);
    expect(withOutcome(inspector, 'unknown')).to.deep.equal(['RFC6824-3.1-07']);
  });

  it('blames nobody when frames are missing, one or two that follow each other', () => {
    for (let at = 0; at < frames.length; at++)
      for (const length of [1, 2])
        expect(violated(frames.toSpliced(at, length)), `${length} from ${at + 1} on`).to.deep.equal([]);
  });

  it('blames nobody when the capture starts or ends in the midst', () => {
    for (let at = 1; at < frames.length; at++) {
      expect(violated(frames.slice(at)), `from ${at + 1} on`).to.deep.equal([]);
      expect(violated(frames.slice(0, at)), `up to ${at}`).to.deep.equal([]);
    }
  });

  it('blames nobody when frames are captured twice or two change places', () => {
    expect(violated(frames.flatMap((frame) => [frame, frame]))).to.deep.equal([]);
    for (let at = 0; at + 1 < frames.length; at++) {
      const [first, second] = frames.slice(at, at + 2);
      if (first === undefined || second === undefined) continue;
      expect(violated(frames.toSpliced(at, 2, second, first)), `${at + 1} after the next`).to.deep.equal([]);
    }
  });

  it('blames nobody when only one path or one direction was captured', () => {
    const sources = [...new Set(frames.map((_, index) => packet(index + 1).ip.source))];
    expect(sources).to.have.length(4);
    for (const source of sources) {
      const isFrom = frames.map((_, index) => packet(index + 1).ip.source === source);
      expect(violated(frames.filter((_, index) => isFrom[index])), `only ${source}`).to.deep.equal([]);
      expect(violated(frames.filter((_, index) => !isFrom[index])), `all but ${source}`).to.deep.equal([]);
    }
    const first = frames.filter(
      (_, index) => packet(index + 1).tcp.sourcePort === 4321 || packet(index + 1).tcp.destinationPort === 4321,
    );
    expect(violated(first)).to.deep.equal([]);
  });

  it('tells connections on one port apart when SYNs are missing', () => {
    const lacking = frames.filter((_, index) => index !== 20 && index !== 60);
    expect(inspected(lacking).counts()).to.include({ flows: 9, withoutStart: 2 });
    expect(violated(lacking)).to.deep.equal([]);
  });

  it('does not blame first data whose front may have gone over a path that was not captured', () => {
    // As if 50 octets had been sent over another path first: only frames of the initial subflow, with a later DSN and no checksum.
    const shifted = (number: number): Uint8Array =>
      octetsOf(
        withOption(packet(number), 'dss', ({ dsn, ...o }) => (dsn === undefined ? o : { ...o, dsn: dsn + 50n })),
      );
    const initial = [1, 2, 3, 4, 5].map((number) => octetsOf(packet(number)));
    const late = inspected([...initial, shifted(16)]);
    expect(withOutcome(late, 'unknown')).to.include('RFC8684-3.1-24');
    expect(withOutcome(late, 'violated')).not.to.include('RFC8684-3.1-24');
  });

  it('does not blame an echo whose announcement may not have been captured, while another one was', () => {
    const echo = withOption(packet(29), 'add_addr', (o) => ({
      ...o,
      addressId: 9,
      address: Uint8Array.of(10, 9, 9, 9),
    }));
    const octets = withFrame(29, octetsOf(echo));
    expect(violated(octets)).to.deep.equal([]);
    expect(withOutcome(inspected(octets), 'unknown')).to.include('RFC8684-3.4-10');
  });

  it('takes what comes before a SYN for the end of an earlier flow', () => {
    const data = octetsOf(packet(14));
    expect(violated([...frames.slice(0, 24), data, ...frames.slice(24)])).to.deep.equal([]);
  });

  it('goes on with a flow that a forged reset did not end', () => {
    const { tcp } = packet(16);
    const forged = changed(packet(16), {
      flags: TcpFlag.RST,
      options: [],
      payload: new Uint8Array(0),
      seq: seqAdd(tcp.seq, 1 << 29),
    });
    const more = (number: number): Uint8Array =>
      octetsOf(changed(packet(16), { seq: seqAdd(tcp.seq, 100 * number), options: [] }));
    const inspector = inspected([...frames.slice(0, 15), octetsOf(forged), ...[0, 1, 3, 4].map(more)]);
    expect(inspector.counts()).to.include({ flows: 3, withoutStart: 0 });
  });

  it('says of segments that are cut in the midst of the header that they are cut, not that they are wrong', () => {
    const inspector = inspected(frames.map((octets) => octets.subarray(0, 60)));
    expect(inspector.counts()).to.include({ malformed: 0, cut: frames.length });
  });

  it('names the HMAC of an announcement that nobody heeds as well', () => {
    const forged = withOption(packet(28), 'add_addr', (o) =>
      o.hmac === undefined ? o : { ...o, hmac: lastOctet(o.hmac) },
    );
    const inspector = inspected([...frames.slice(20, 27), octetsOf(forged)]);
    expect(withOutcome(inspector, 'violated')).to.deep.equal(['RFC8684-3.4-11']);
    const [found] = inspector.requirements().filter(({ requirement }) => requirement === 'RFC8684-3.4-11');
    expect(found?.examples).to.have.length(1);
    expect(found?.examples[0]?.sentence).to.include('carries 12fa777e58b64000, expected 12fa777e58b64001');
  });

  it('judges no HMAC by a key of which nobody can say whether it counts', () => {
    const third = packet(23);
    const told = third.tcp.options.filter(({ option }) => option === 'mp_capable');
    const [other] = withOption(third, 'mp_capable', (o) => ({ ...o, key: 1n })).tcp.options.filter(
      ({ option }) => option === 'mp_capable',
    );
    const twice = octetsOf(changed(third, { options: other === undefined ? [] : [other, ...told] }));
    const announcement = octetsOf(packet(28));
    const judged = (segment: Uint8Array) =>
      inspected([...frames.slice(20, 22), segment, announcement])
        .requirements()
        .find(({ requirement }) => requirement === 'RFC8684-3.4-11');
    expect(judged(octetsOf(third))?.counts).to.include({ kept: 1, violated: 0 });
    expect(judged(twice)?.counts).to.include({ kept: 0, violated: 0 });
  });

  for (const { name, frame, change, blamed } of altered)
    it(`names ${name} that was altered`, () => {
      const inspector = inspected(withFrame(frame, octetsOf(change(packet(frame)))));
      const found = inspector
        .requirements()
        .flatMap(({ requirement, examples }) =>
          examples.filter(({ outcome }) => outcome === 'violated').map(({ frames: named }) => [requirement, ...named]),
        );
      expect(found).to.deep.include(blamed);
    });
});
