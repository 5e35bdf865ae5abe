/** TCP of the host as dialogues under virtual time (RFC 9293 section 3.10.7, RFC 6298, RFC 5961). */
import { expect } from 'chai';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { Bench, Peer } from '../testing/bench.js';
import { clientHost, serverAddress, serverHost, serverPort } from '../testing/hosts.js';

const seconds = (n: number): bigint => BigInt(Math.round(n * 1e9));
const companions: readonly TcpOption[] = [
  { option: 'mss', value: 1460 },
  { option: 'sack_permitted' },
  { option: 'timestamps', value: 7, echo: 0 },
  { option: 'nop' },
  { option: 'window_scale', shift: 2 },
];

const server = (): Bench => new Bench('server', serverHost({ profile: 'tcp' }));

const client = () => {
  const bench = new Bench('client', clientHost({ profile: 'tcp' }));
  const { connection } = bench.act((host, now) => host.connect({ address: serverAddress, port: serverPort }, now));
  const [syn] = bench.take();
  if (syn === undefined) throw new Error('no SYN');
  return { bench, connection, peer: Peer.facing(bench, syn) };
};

const established = (): { readonly bench: Bench; readonly peer: Peer } => {
  const bench = server();
  const peer = new Peer(bench);
  peer.syn();
  peer.acks();
  expect(bench.noticed()).to.deep.equal(['accepted']);
  return { bench, peer };
};

describe('TCP, passive', () => {
  it('answers a SYN with one SYN/ACK of ISN + 1 and offers only what was offered', () => {
    const peer = new Peer(server());
    expect(peer.syn()).to.deep.equal(['1 < S.']);
    expect(peer.last?.tcp.ack).to.equal(seqAdd(peer.isn, 1));
    expect(peer.last?.tcp.options.map(({ option }) => option)).to.deep.equal(['mss']);
    const other = new Peer(server());
    other.syn(...companions);
    expect(other.option('timestamps')).to.include({ echo: 7 });
    expect(other.option('window_scale')).to.not.equal(undefined);
    expect(other.option('sack_permitted')).to.not.equal(undefined);
  });

  it('repeats the same SYN/ACK for the same SYN, and by itself at 1, 3, 7, 15, 31 s, then forgets the flow', () => {
    const bench = server();
    const peer = new Peer(bench);
    peer.syn();
    const first = peer.last?.tcp;
    expect(peer.syn()).to.deep.equal(['1 < S.']);
    expect(peer.last?.tcp.seq).to.equal(first?.seq);
    for (const wait of [1, 2, 4, 8, 16]) {
      bench.pass(seconds(wait) - 1n);
      expect(bench.told()).to.deep.equal([]);
      bench.pass(1n);
      expect(bench.told()).to.deep.equal(['1 < S.']);
    }
    bench.pass(seconds(100));
    expect(bench.told()).to.deep.equal([]);
    expect(peer.acks()).to.deep.equal(['1 < R']);
    expect(bench.noticed()).to.deep.equal([]);
  });

  it('with delayed ACKs: one segment after 40 ms, two at once, a gap and what fills it at once', () => {
    const bench = new Bench(
      'server',
      serverHost({ profile: 'tcp', service: 'discard', parameters: { tcp: { ack_delay_s: 0.04 } } }),
    );
    const peer = new Peer(bench);
    peer.syn();
    peer.acks();
    expect(peer.data('one')).to.deep.equal([]);
    bench.pass(39_999_999n);
    expect(bench.told()).to.deep.equal([]);
    bench.pass(1n);
    expect(bench.told()).to.deep.equal(['1 < .']);

    expect(peer.data('two')).to.deep.equal([]);
    expect(peer.data('three')).to.deep.equal(['1 < .']);
    bench.pass(seconds(1));
    expect(bench.told()).to.deep.equal([]);

    const lost = peer.seq;
    peer.seq = seqAdd(lost, 4);
    expect(peer.data('five')).to.deep.equal(['1 < .']);
    expect(peer.send({ flags: TcpFlag.ACK, seq: lost, payload: 'four' })).to.deep.equal(['1 < .']);
    expect(peer.data('six')).to.deep.equal([]);
    expect(peer.fin()).to.deep.equal(['1 < F.']);
  });

  it('resets an ACK of what was not sent and keeps the entry', () => {
    const peer = new Peer(server());
    peer.syn();
    for (const wrong of [-1, 1]) {
      const ack = seqAdd(peer.ack, wrong);
      expect(peer.send({ flags: TcpFlag.ACK, ack })).to.deep.equal(['1 < R']);
      expect(peer.last?.tcp.seq).to.equal(ack);
    }
    expect(peer.data('hi')).to.deep.equal(['1 < . 2']);
  });

  it('forgets a half-open flow on RST without telling anyone', () => {
    const bench = server();
    const peer = new Peer(bench);
    peer.syn();
    expect(peer.rst()).to.deep.equal([]);
    expect(peer.acks()).to.deep.equal(['1 < R']);
    expect(bench.noticed()).to.deep.equal([]);
  });

  it('answers closed ports and lone ACKs with the reset that fits, and resets with nothing', () => {
    const bench = server();
    const closed = new Peer(bench, { hostPort: 9 });
    expect(closed.syn()).to.deep.equal(['1 < R.']);
    expect(closed.last?.tcp).to.include({ seq: 0, ack: seqAdd(closed.isn, 1) });
    expect(closed.rst()).to.deep.equal([]);
    const lone = new Peer(bench);
    lone.ack = seqAdd(lone.isn, 77);
    expect(lone.acks()).to.deep.equal(['1 < R']);
    expect(lone.last?.tcp.seq).to.equal(lone.ack);
    expect(lone.rst()).to.deep.equal([]);
    expect(lone.syn()).to.deep.equal(['1 < S.']);
  });

  it('drops a reset outside the window, challenges one inside, obeys the exact one', () => {
    const { bench, peer } = established();
    expect(peer.rst(seqAdd(peer.seq, -1))).to.deep.equal([]);
    expect(peer.rst(seqAdd(peer.seq, 1))).to.deep.equal(['1 < .']);
    expect(peer.data('x')).to.deep.equal(['1 < . 1']);
    expect(peer.rst()).to.deep.equal([]);
    expect(bench.noticed()).to.deep.equal(['data', 'closed reset']);
    expect(peer.data('y')).to.deep.equal(['1 < R']);
  });

  it('challenges a SYN on an established flow, old or new', () => {
    const { peer } = established();
    expect(peer.syn()).to.deep.equal(['1 < .']);
    expect(peer.send({ flags: TcpFlag.SYN, seq: seqAdd(peer.seq, 100) })).to.deep.equal(['1 < .']);
    expect(
      peer.send({ flags: TcpFlag.ACK | TcpFlag.PSH, seq: seqAdd(peer.seq, 1 << 30), payload: 'far' }),
    ).to.deep.equal(['1 < .']);
    expect(peer.data('near')).to.deep.equal(['1 < . 4']);
  });

  it('puts segments in order, echoes once, repeats what is not acknowledged, ends with the peer', () => {
    const { bench, peer } = established();
    const start = peer.seq;
    expect(peer.send({ flags: TcpFlag.ACK, seq: seqAdd(start, 2), payload: 'BE' })).to.deep.equal(['1 < .']);
    const ack = peer.ack;
    expect(peer.send({ flags: TcpFlag.ACK, seq: start, payload: 'Ro' })).to.deep.equal(['1 < . 2', '1 < . 2']);
    peer.ack = ack;
    peer.seq = seqAdd(start, 4);
    bench.pass(seconds(1));
    expect(bench.told()).to.deep.equal(['1 < . 2']);
    peer.ack = seqAdd(ack, 4);
    expect(peer.acks()).to.deep.equal([]);
    expect(peer.fin()).to.deep.equal(['1 < F.']);
    expect(peer.acks()).to.deep.equal([]);
    expect(bench.noticed()).to.deep.equal(['data', 'data', 'closed fin']);
  });
});

describe('TCP, active', () => {
  it('repeats its SYN at 1, 3, 7 .. 127 s and gives up no sooner than after three minutes', () => {
    const { bench } = client();
    for (const wait of [1, 2, 4, 8, 16, 32, 64]) {
      bench.pass(seconds(wait) - 1n);
      expect(bench.told()).to.deep.equal([]);
      bench.pass(1n);
      expect(bench.told()).to.deep.equal(['1 > S']);
    }
    bench.pass(seconds(53));
    expect(bench.noticed()).to.deep.equal([]);
    bench.pass(seconds(100));
    expect(bench.noticed()).to.deep.equal(['failed timeout']);
    expect(bench.told()).to.deep.equal([]);
  });

  it('confirms the SYN/ACK, again when it comes again', () => {
    const { bench, peer } = client();
    expect(peer.synAck(...companions)).to.deep.equal(['1 > .']);
    expect(peer.last?.tcp.ack).to.equal(seqAdd(peer.isn, 1));
    expect(bench.noticed()).to.deep.equal(['established']);
    expect(peer.synAck(...companions)).to.deep.equal(['1 > .']);
    expect(bench.noticed()).to.deep.equal([]);
  });

  it('resets an ACK of something else and stays alive; heeds a reset only with the right ACK', () => {
    const { bench, peer } = client();
    const right = peer.ack;
    for (const wrong of [-1, 1]) {
      peer.ack = seqAdd(right, wrong);
      expect(peer.synAck()).to.deep.equal(['1 > R']);
      expect(peer.last?.tcp.seq).to.equal(seqAdd(right, wrong));
      expect(peer.send({ flags: TcpFlag.RST | TcpFlag.ACK, ack: seqAdd(right, wrong) })).to.deep.equal([]);
    }
    expect(peer.rst()).to.deep.equal([]);
    expect(bench.noticed()).to.deep.equal([]);
    expect(peer.send({ flags: TcpFlag.RST | TcpFlag.ACK, ack: right })).to.deep.equal([]);
    expect(bench.noticed()).to.deep.equal(['failed refused']);
    bench.pass(seconds(10));
    expect(bench.told()).to.deep.equal([]);
  });

  it('opens with a peer that opens as well', () => {
    const { bench, peer } = client();
    const iss = peer.last?.tcp.seq;
    expect(peer.syn()).to.deep.equal(['1 > S.']);
    expect(peer.last?.tcp.seq).to.equal(iss);
    expect(peer.acks()).to.deep.equal([]);
    expect(bench.noticed()).to.deep.equal(['established']);
  });

  it('closes in order, and from both sides at once', () => {
    const { bench, connection, peer } = client();
    peer.synAck();
    bench.act((host, now) => host.close(connection, now));
    expect(bench.told()).to.deep.equal(['1 > F.']);
    peer.ack = seqAdd(peer.ack, 1);
    expect(peer.fin()).to.deep.equal(['1 > .']);
    expect(peer.send({ flags: TcpFlag.ACK | TcpFlag.FIN, seq: seqAdd(peer.seq, -1) })).to.deep.equal(['1 > .']);
    expect(bench.noticed()).to.deep.equal(['established', 'closed fin']);
  });

  it('answers a SYN/ACK that comes after the application gave up with a reset', () => {
    const { bench, connection, peer } = client();
    bench.act((host, now) => host.close(connection, now));
    expect(bench.told()).to.deep.equal([]);
    expect(peer.synAck()).to.deep.equal(['1 > R']);
    expect(peer.last?.tcp.seq).to.equal(peer.ack);
    bench.pass(seconds(10));
    expect(bench.told()).to.deep.equal([]);
  });
});
