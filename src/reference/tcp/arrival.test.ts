/** What TCP takes of segments that are old, late or strange, as dialogues under virtual time (RFC 9293, RFC 7323). */
import { expect } from 'chai';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { Bench, Peer } from '../testing/bench.js';
import { clientAddress6, clientHost, serverAddress, serverAddress6, serverHost, serverPort } from '../testing/hosts.js';

const seconds = (n: number): bigint => BigInt(Math.round(n * 1e9));
const server = (): Bench => new Bench('server', serverHost({ profile: 'tcp' }));
const timestamp = (value: number): TcpOption => ({ option: 'timestamps', value, echo: 0 });

/** A server's flow whose SYN carried `options`, established. */
const established = (...options: TcpOption[]): { readonly bench: Bench; readonly peer: Peer } => {
  const bench = server();
  const peer = new Peer(bench);
  peer.syn(...options);
  peer.acks(...options);
  bench.noticed();
  return { bench, peer };
};

describe('TCP: octets after the FIN of the peer', () => {
  it('are ignored while the own FIN is not acknowledged, and nothing of them is delivered or acknowledged', () => {
    const { bench, peer } = established();
    peer.data('all');
    expect(peer.fin()).to.deep.equal(['1 < F.']);
    expect(bench.noticed()).to.deep.equal(['data']);
    const acknowledged = peer.last?.tcp.ack;
    peer.ack = seqAdd(peer.ack, -1);
    expect(peer.data('more')).to.deep.equal([]);
    bench.pass(seconds(1));
    expect(bench.told()).to.deep.equal(['1 < F.']);
    expect(bench.log.at(-1)?.packet.tcp.ack).to.equal(acknowledged);
    expect(bench.noticed()).to.deep.equal([]);
  });

  it('do not hide a FIN that they overtook', () => {
    const { bench, peer } = established();
    const start = peer.seq;
    expect(peer.send({ flags: TcpFlag.ACK, seq: seqAdd(start, 2), payload: 'BExx' })).to.deep.equal(['1 < .']);
    expect(peer.send({ flags: TcpFlag.ACK | TcpFlag.FIN, seq: seqAdd(start, 2), payload: 'BE' })).to.deep.equal([
      '1 < .',
    ]);
    expect(peer.send({ flags: TcpFlag.ACK, seq: start, payload: 'Ro' })).to.deep.equal([
      '1 < . 2',
      '1 < . 2',
      '1 < F.',
    ]);
    expect(
      bench.notices.map((notice) => ('octets' in notice ? Buffer.from(notice.octets).toString() : '')),
    ).to.deep.equal(['Ro', 'BE']);
  });
});

describe('TCP: the window of the peer', () => {
  it('is taken from the newest segment, whatever arrives last (SND.WL1, SND.WL2)', () => {
    const { bench, peer } = established();
    const start = peer.seq;
    peer.window = 1000;
    peer.data('a');
    peer.data('b');
    // A segment with an earlier sequence number arrives late: its window is that of the past.
    peer.window = 0;
    peer.send({ flags: TcpFlag.ACK, seq: start });
    peer.window = 1000;
    expect(peer.data('c')).to.deep.equal(['1 < . 1']);
    // The same sequence number with an older acknowledgment is as old.
    const at = peer.seq;
    peer.acks();
    peer.window = 0;
    peer.send({ flags: TcpFlag.ACK, seq: at, ack: seqAdd(peer.ack, -1) });
    peer.window = 1000;
    peer.seq = seqAdd(at, 1);
    expect(peer.send({ flags: TcpFlag.ACK, seq: at, payload: 'd' })).to.deep.equal(['1 < . 1']);
    expect(bench.noticed()).to.deep.equal(['data', 'data', 'data', 'data']);
  });

  it('closes by a segment that is newer, and is probed when it has been closed for a timeout, then after longer waits', () => {
    const { bench, peer } = established();
    peer.window = 0;
    peer.acks();
    expect(peer.data('wait and probe')).to.deep.equal(['1 < .']);
    for (const wait of [1, 2, 4]) {
      bench.pass(seconds(wait) - 1n);
      expect(bench.told()).to.deep.equal([]);
      bench.pass(1n);
      expect(bench.told()).to.deep.equal(['1 < . 1']);
    }
  });

  it('draws no small segment when it opens by little, until half a second has passed', () => {
    const { bench, peer } = established();
    peer.window = 100;
    peer.acks();
    expect(peer.data('x'.repeat(300))).to.deep.equal(['1 < .']);
    bench.pass(499_999_999n);
    expect(bench.told()).to.deep.equal([]);
    bench.pass(1n);
    expect(bench.told()).to.deep.equal(['1 < . 100']);
  });
});

describe('TCP: timestamps', () => {
  it('show old duplicates, which draw an ACK and nothing else (PAWS)', () => {
    const { bench, peer } = established(timestamp(1000));
    expect(peer.data('new', timestamp(2000))).to.deep.equal(['1 < . 3']);
    expect(peer.option('timestamps')).to.include({ echo: 2000 });
    const at = peer.seq;
    expect(peer.data('old', timestamp(1999))).to.deep.equal(['1 < .']);
    expect(peer.option('timestamps')).to.include({ echo: 2000 });
    expect(bench.noticed()).to.deep.equal(['data']);
    peer.seq = at;
    expect(peer.data('now', timestamp(2000))).to.deep.equal(['1 < . 3']);
  });

  it('wrap around, and let a reset pass whatever it carries', () => {
    const { bench, peer } = established(timestamp(0xffff_fff0));
    expect(peer.data('on', timestamp(5))).to.deep.equal(['1 < . 2']);
    expect(peer.option('timestamps')).to.include({ echo: 5 });
    expect(peer.rst(peer.seq, [timestamp(0xffff_fff0)])).to.deep.equal([]);
    expect(bench.noticed()).to.deep.equal(['data', 'closed reset']);
  });

  it('are echoed from the segment that was awaited, not from one beyond a gap', () => {
    const { peer } = established(timestamp(10));
    const at = peer.seq;
    peer.send({ flags: TcpFlag.ACK, seq: seqAdd(at, 1), options: [timestamp(30)], payload: 'b' });
    expect(peer.option('timestamps')).to.include({ echo: 10 });
    peer.send({ flags: TcpFlag.ACK, seq: at, options: [timestamp(20)], payload: 'a' });
    expect(peer.option('timestamps')).to.include({ echo: 20 });
  });

  it('say nothing any more after 24 days', () => {
    const { bench, peer } = established(timestamp(1000));
    bench.pass(24n * 24n * 3600n * seconds(1) + 1n);
    bench.told();
    expect(peer.data('back', timestamp(7))).to.deep.equal(['1 < . 4']);
    expect(peer.option('timestamps')).to.include({ echo: 7 });
  });
});

describe('TCP: timestamps that were agreed on', () => {
  it('are missed: a segment without is dropped silently, but not a reset and not a SYN', () => {
    const { bench, peer } = established(timestamp(10));
    const at = peer.seq;
    expect(peer.data('bare')).to.deep.equal([]);
    expect(peer.send({ flags: TcpFlag.SYN, seq: seqAdd(at, 100) })).to.deep.equal(['1 < .']);
    peer.seq = at;
    expect(peer.data('right', timestamp(10))).to.deep.equal(['1 < . 5']);
    expect(peer.rst()).to.deep.equal([]);
    expect(bench.noticed()).to.deep.equal(['data', 'closed reset']);
  });

  it('are on resets: with the clock of an open flow, with 0 where none is', () => {
    const { bench, peer } = established(timestamp(10));
    bench.pass(seconds(2));
    bench.act((host, now) => host.abort('accepted:1', now));
    expect(bench.told()).to.deep.equal(['1 < R.']);
    const reset = bench.log.at(-1)?.packet.tcp.options.find(({ option }) => option === 'timestamps');
    expect(reset).to.include({ value: 2000, echo: 10 });
    expect(peer.data('late', timestamp(77))).to.deep.equal(['1 < R']);
    expect(peer.option('timestamps')).to.include({ value: 0, echo: 77 });
    expect(peer.acks()).to.deep.equal(['1 < R']);
    expect(peer.option('timestamps')).to.equal(undefined);
  });
});

describe('TCP: another SYN in the window of a half-open flow', () => {
  it('sends a passive flow back to LISTEN without a word, and the next SYN is answered anew', () => {
    const bench = server();
    const peer = new Peer(bench);
    peer.syn();
    const first = peer.last?.tcp.seq;
    const other = seqAdd(peer.isn, 1000);
    expect(peer.send({ flags: TcpFlag.SYN, seq: other })).to.deep.equal([]);
    expect(peer.send({ flags: TcpFlag.SYN, seq: other })).to.deep.equal(['1 < S.']);
    expect(peer.last?.tcp.ack).to.equal(seqAdd(other, 1));
    expect(peer.last?.tcp.seq).to.not.equal(first);
    peer.seq = seqAdd(other, 1);
    expect(peer.acks()).to.deep.equal([]);
    expect(bench.noticed()).to.deep.equal(['accepted']);
  });

  it('draws an ACK outside the window and on a flow that was opened actively', () => {
    const peer = new Peer(server());
    peer.syn();
    expect(peer.send({ flags: TcpFlag.SYN, seq: seqAdd(peer.isn, 1 << 30) })).to.deep.equal(['1 < .']);

    const bench = new Bench('client', clientHost({ profile: 'tcp' }));
    bench.act((host, now) => host.connect({ address: serverAddress, port: serverPort }, now));
    const [syn] = bench.take();
    if (syn === undefined) throw new Error('no SYN');
    const open = Peer.facing(bench, syn);
    expect(open.syn()).to.deep.equal(['1 > S.']);
    expect(open.send({ flags: TcpFlag.SYN, seq: seqAdd(open.isn, 1000) })).to.deep.equal(['1 > .']);
  });
});

describe('TCP: FIN-WAIT-2', () => {
  it('lasts while the peer sends, and a minute after that', () => {
    const { bench, peer } = established();
    bench.act((host, now) => host.close('accepted:1', now));
    expect(bench.told()).to.deep.equal(['1 < F.']);
    peer.ack = seqAdd(peer.ack, 1);
    peer.acks();
    for (let count = 0; count < 3; count += 1) {
      bench.pass(seconds(59));
      expect(peer.data('on')).to.deep.equal(['1 < .']);
    }
    expect(bench.noticed()).to.deep.equal(['data', 'data', 'data']);
    bench.pass(seconds(60));
    expect(bench.noticed()).to.deep.equal(['closed fin']);
  });
});

describe('TCP: TIME-WAIT', () => {
  it('begins anew when the FIN comes again', () => {
    const bench = new Bench('client', clientHost({ profile: 'tcp' }));
    const { connection } = bench.act((host, now) => host.connect({ address: serverAddress, port: serverPort }, now));
    const [syn] = bench.take();
    if (syn === undefined) throw new Error('no SYN');
    const peer = Peer.facing(bench, syn);
    peer.synAck();
    bench.act((host, now) => host.close(connection, now));
    bench.take();
    peer.ack = seqAdd(peer.ack, 1);
    const fin = { flags: TcpFlag.ACK | TcpFlag.FIN, seq: peer.seq };
    expect(peer.send(fin)).to.deep.equal(['1 > .']);
    bench.pass(seconds(59));
    expect(peer.send(fin)).to.deep.equal(['1 > .']);
    bench.pass(seconds(59));
    expect(peer.send(fin)).to.deep.equal(['1 > .']);
    bench.pass(seconds(60));
    expect(peer.send(fin)).to.deep.equal(['1 > R']);
  });
});

describe('TCP: the maximum segment size', () => {
  const payload = 'x'.repeat(3000);
  const table: readonly (readonly [what: string, v6: boolean, options: readonly TcpOption[], largest: number])[] = [
    ['is 536 where IPv4 tells none', false, [], 536],
    ['is 1,220 where IPv6 tells none', true, [], 1220],
    ['is as small as the peer says', false, [{ option: 'mss', value: 48 }], 48],
    ['leaves room for the options of the segment', false, [{ option: 'mss', value: 100 }, timestamp(1)], 88],
    ["is no more than this host's own link carries", false, [{ option: 'mss', value: 9000 }], 1460],
    [
      "is no more than this host's own link carries, with the header of IPv6",
      true,
      [{ option: 'mss', value: 9000 }],
      1440,
    ],
    ['of an octet of payload is the least', false, [{ option: 'mss', value: 0 }], 1],
  ];
  for (const [what, v6, options, largest] of table) {
    it(what, () => {
      const bench = server();
      const addresses = { address: clientAddress6(1), hostAddress: serverAddress6 };
      const peer = new Peer(bench, v6 ? addresses : {});
      peer.syn(...options);
      expect(peer.option('mss')).to.include({ value: v6 ? 1440 : 1460 });
      peer.data(payload, ...options.filter(({ option }) => option === 'timestamps'));
      const sizes = bench.log.map(({ packet }) => packet.tcp.payload.length);
      expect(Math.max(...sizes)).to.equal(largest);
    });
  }
});
