/**
 * The freedoms of the sources that parameters and decisions leave to a host: what each looks like on the wire, as dialogues
 * under virtual time, and that two hosts of which one uses it bring every octet and both ends across.
 */
import { expect } from 'chai';
import { DssFlag } from '../protocol/mptcp/option.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { seq, seqAdd } from '../protocol/wire/seq.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import type { EstablishmentProfile } from './contract.js';
import type { ParameterChanges } from './parameters.js';
import type { DecisionChanges } from './questions.js';
import { Bench, Peer } from './testing/bench.js';
import { clientHost, serverAddress, serverHost, serverPort } from './testing/hosts.js';
import { Network } from './testing/network.js';
import { capable, dataAck, dataFin, map } from './testing/options.js';
import { join, keyA, open, serverBench, synOffer } from './testing/served.js';
import { inWeather } from './testing/weather.js';

const seconds = (n: number): bigint => BigInt(Math.round(n * 1e9));
const usual: readonly TcpOption[] = [
  { option: 'mss', value: 1460 },
  { option: 'sack_permitted' },
  { option: 'timestamps', value: 7, echo: 0 },
  { option: 'nop' },
  { option: 'window_scale', shift: 2 },
];

const tcpServer = (parameters: ParameterChanges, decisions: DecisionChanges = {}) => {
  const bench = new Bench('server', serverHost({ profile: 'tcp', parameters, decisions }));
  return { bench, peer: new Peer(bench) };
};

/** A client whose first SYN is out, and its peer. */
const client = (profile: EstablishmentProfile, parameters: ParameterChanges, decisions: DecisionChanges = {}) => {
  const bench = new Bench('client', clientHost({ profile, parameters, decisions, paths: 2, versions: [1] }));
  const { connection } = bench.act((host, now) => host.connect({ address: serverAddress, port: serverPort }, now));
  const [syn] = bench.take();
  if (syn === undefined) throw new Error('no SYN');
  return { bench, connection, peer: Peer.facing(bench, syn) };
};

const namesOf = (peer: Peer): readonly string[] => peer.last?.tcp.options.map(({ option }) => option) ?? [];
const flagsOf = (peer: Peer): number => peer.option('dss')?.flags ?? 0;

describe('freedoms of TCP', () => {
  it('a SYN/ACK is acknowledged later', () => {
    const { bench, peer } = client('tcp', { tcp: { third_ack_delay_s: 0.09 } });
    expect(peer.synAck()).to.deep.equal([]);
    bench.pass(seconds(0.09) - 1n);
    expect(bench.told()).to.deep.equal([]);
    bench.pass(1n);
    expect(bench.told()).to.deep.equal(['1 > .']);
    expect(bench.noticed()).to.deep.equal(['established']);
  });

  it('the retransmission timer begins and ends with other values', () => {
    const { bench } = client('tcp', { tcp: { initial_rto_s: 4 } });
    bench.pass(seconds(4) - 1n);
    expect(bench.told()).to.deep.equal([]);
    bench.pass(1n);
    expect(bench.told()).to.deep.equal(['1 > S']);

    const quick = tcpServer({ tcp: { least_rto_s: 0.2 } });
    quick.peer.syn();
    quick.peer.acks();
    quick.peer.data('hi');
    quick.bench.pass(seconds(0.2));
    expect(quick.bench.told()).to.deep.equal(['1 < . 2']);
  });

  it('the window is smaller, and told by another shift', () => {
    const { peer } = tcpServer({ tcp: { window: 4096, window_shift: 3 } });
    peer.syn(...usual);
    expect(peer.option('window_scale')).to.include({ shift: 3 });
    expect(peer.last?.tcp.window).to.equal(4096);
    peer.data('hi', { option: 'timestamps', value: 8, echo: 0 });
    expect(peer.last?.tcp.window).to.equal(512);
    peer.seq = seqAdd(peer.seq, 4096);
    expect(peer.data('beyond', { option: 'timestamps', value: 9, echo: 0 })).to.deep.equal(['1 < .']);
  });

  it('segments are smaller than the MSS, and another MSS is told', () => {
    const { peer } = tcpServer({ tcp: { largest_payload: 3, mss: 536 } });
    peer.syn();
    expect(peer.option('mss')).to.include({ value: 536 });
    expect(peer.data('RobE!')).to.deep.equal(['1 < . 3', '1 < . 2']);
  });

  it('options are not offered and not answered, each by itself', () => {
    const table: readonly (readonly [change: ParameterChanges['tcp'], names: readonly string[]])[] = [
      [{ timestamps: false }, ['mss', 'sack_permitted', 'nop', 'window_scale', 'nop', 'nop']],
      [{ sack: false }, ['mss', 'timestamps', 'nop', 'window_scale', 'nop', 'nop']],
      [{ window_scale: false }, ['mss', 'sack_permitted', 'timestamps']],
      [{ timestamps: false, sack: false, window_scale: false }, ['mss']],
    ];
    for (const [change = {}, names] of table) {
      const { peer } = tcpServer({ tcp: change });
      peer.syn(...usual);
      expect(namesOf(peer)).to.deep.equal(names);
      const { peer: other } = client('tcp', { tcp: change });
      expect(namesOf(other)).to.deep.equal(names);
      other.synAck(...usual);
      expect(namesOf(other)).to.deep.equal(change.timestamps === false ? [] : ['nop', 'nop', 'timestamps']);
    }
  });

  it('options are in another order', () => {
    const { peer } = tcpServer({}, { tcp: { arrange: (options) => options.toReversed() } });
    peer.syn(...usual);
    expect(namesOf(peer)).to.deep.equal(['window_scale', 'nop', 'timestamps', 'sack_permitted', 'mss']);
  });

  it('a segment without its timestamp is taken', () => {
    const { peer } = tcpServer({ tcp: { timestamps_required: false } });
    peer.syn(...usual);
    expect(peer.data('bare')).to.deep.equal(['1 < . 4']);
  });

  it('resets carry no ACK', () => {
    const { bench, peer } = tcpServer({ tcp: { reset_ack: false } });
    peer.syn();
    peer.acks();
    bench.act((host, now) => host.abort('accepted:1', now));
    expect(bench.told()).to.deep.equal(['1 < R']);
    expect(bench.log.at(-1)?.packet.tcp).to.include({ seq: peer.ack, ack: 0 });
  });

  it('a SYN in the window resets, an old ACK is as good as any', () => {
    const { bench, peer } = tcpServer({}, { tcp: { judgeSyn: () => 'reset', isAckAcceptable: () => true } });
    peer.syn();
    peer.acks();
    expect(peer.send({ flags: TcpFlag.ACK, ack: seqAdd(peer.ack, -1_000_000), payload: 'old' })).to.deep.equal([
      '1 < . 3',
    ]);
    peer.seq = seqAdd(peer.seq, 3);
    expect(peer.send({ flags: TcpFlag.SYN, seq: seqAdd(peer.seq, 5) })).to.deep.equal(['1 < R.']);
    expect(bench.noticed()).to.deep.equal(['accepted', 'data', 'closed reset']);
  });

  it('initial sequence numbers and source ports are others', () => {
    const { peer } = client('tcp', {}, { tcp: { initialSequence: () => seq(0xffff_fffe), sourcePort: () => 1025 } });
    expect(peer.last?.tcp).to.include({ seq: 0xffff_fffe, sourcePort: 1025 });
  });
});

describe('freedoms of MPTCP', () => {
  it('DSN and Data ACK have four octets, the latter while no DSN of eight has come', () => {
    const { peer, toServer, fromServer } = open(1, { parameters: { dss: { dsn_octets: 4, ack_octets: 4 } } });
    const short = { ...map(toServer, 1, 'ab'), flags: DssFlag.M };
    expect(peer.data('ab', short)).to.deep.equal(['1 < . 2 dss']);
    expect(flagsOf(peer)).to.equal(DssFlag.M | DssFlag.A);
    expect(peer.option('dss')?.ack).to.equal(BigInt.asUintN(32, toServer + 2n));
    expect(peer.option('dss')?.dsn).to.equal(BigInt.asUintN(32, fromServer));
    expect(peer.data('cd', map(toServer + 2n, 3, 'cd'))).to.deep.equal(['1 < . 2 dss']);
    expect(flagsOf(peer)).to.equal(DssFlag.M | DssFlag.A | DssFlag.a);
  });

  it('DATA_FIN goes with the last octets, or with the FIN', () => {
    const withData = open(1, { parameters: { close: { data_fin: 'with-data' } } });
    withData.peer.acks(dataFin(withData.toServer + 2n));
    expect(withData.peer.data('ab', map(withData.toServer, 1, 'ab'))).to.deep.equal(['1 < . 2 dss']);
    expect(withData.peer.option('dss')).to.include({ dataLength: 3, ack: withData.toServer + 3n });
    expect(flagsOf(withData.peer) & DssFlag.F).to.equal(DssFlag.F);
    withData.bench.pass(seconds(1));
    expect(withData.bench.told()).to.deep.equal(['1 < . dss', '1 < . 2 dss']);

    const withFin = open(1, { parameters: { close: { data_fin: 'with-fin' } } });
    withFin.bench.act((host, now) => host.close('accepted:1', now));
    expect(withFin.bench.told()).to.deep.equal(['1 < F. dss']);
    const last = withFin.bench.log.at(-1)?.packet.tcp.options.find(({ option }) => option === 'dss');
    expect(last).to.include({ dsn: withFin.fromServer, ssn: 0, dataLength: 1 });
  });

  it('MP_FASTCLOSE of v1 goes on an ACK, and after some on a reset', () => {
    const { bench } = open(1, { parameters: { close: { fastclose: 'ack' } } });
    bench.act((host, now) => host.abort('accepted:1', now));
    expect(bench.told()).to.deep.equal(['1 < . mp_fastclose']);
    bench.pass(seconds(3));
    expect(bench.told()).to.deep.equal(['1 < . mp_fastclose', '1 < . mp_fastclose', '1 < . mp_fastclose']);
    bench.pass(seconds(1));
    expect(bench.told()).to.deep.equal(['1 < R. mp_fastclose']);
  });

  it('octets that are acknowledged but not Data-ACKed go out again, by the other flow and then by the first', () => {
    const opened = open(1, { parameters: { dss: { retransmit_s: 3 } } });
    const { bench, peer, toServer, fromServer } = opened;
    const { peer: second, third } = join(opened, 1);
    second.acks(third);
    peer.data('hi', map(toServer, 1, 'hi'));
    peer.acks(dataAck(fromServer));
    bench.pass(seconds(3));
    expect(bench.told()).to.deep.equal(['2 < . 2 dss']);
    second.ack = seqAdd(second.ack, 2);
    second.acks(dataAck(fromServer));
    bench.pass(seconds(6));
    expect(bench.told()).to.deep.equal(['1 < . 2 dss']);
    peer.ack = seqAdd(peer.ack, 2);
    peer.acks(dataAck(fromServer + 2n));
    bench.pass(seconds(60));
    expect(bench.told()).to.deep.equal([]);
  });

  it('a server acknowledges the third segment at once', () => {
    const bench = serverBench({ parameters: { mpc: { ack_third: true } } });
    const peer = new Peer(bench);
    peer.syn(synOffer(1));
    expect(peer.acks(capable(1, [keyA, peer.option('mp_capable')?.key ?? 0n]))).to.deep.equal(['1 < . dss']);
  });

  it('joins wait, and are refused', () => {
    const { bench, peer } = client('mptcp', { join: { delay_s: 0.3 } });
    peer.synAck(capable(1, [5n]));
    expect(peer.acks(dataAck(0n))).to.deep.equal([]);
    bench.pass(seconds(0.3));
    expect(bench.told()).to.deep.equal(['2 > S mp_join']);

    const opened = open(1, { decisions: { join: { refuses: () => 3 } } });
    expect(() => join(opened, 1)).to.throw();
    const reset = opened.bench.log.at(-1)?.packet.tcp.options.find(({ option }) => option === 'mp_tcprst');
    expect(reset).to.include({ reason: 3 });
  });

  it('addresses are announced, on ACKs of their own, and joined by their Address IDs', () => {
    for (const version of [0, 1] as const) {
      const told = ['1 < . add_addr'];
      const announces: DecisionChanges = {
        join: {
          announces: (_stack, _session, moment) =>
            moment === 'established' ? [{ address: '10.202.0.1', port: 7001 }] : [{ address: '2001:db8:200::1' }],
        },
      };
      const bench = serverBench({ decisions: announces });
      const peer = new Peer(bench);
      peer.syn(synOffer(version));
      const keyB = peer.option('mp_capable')?.key ?? 0n;
      expect(peer.acks(capable(version, [keyA, keyB]))).to.deep.equal(told);
      expect(peer.option('add_addr')).to.include({ addressId: 1, port: 7001, nibble: version === 0 ? 4 : 0 });
      expect(peer.acks(dataAck(0n))).to.deep.equal(told);
      expect(peer.option('add_addr')).to.include({ addressId: 2, nibble: version === 0 ? 6 : 0 });
      expect(peer.acks(dataAck(0n))).to.deep.equal([]);
    }
  });
});

describe('a host that uses a freedom', () => {
  const changes: readonly ParameterChanges[] = [
    { tcp: { ack_delay_s: 0.45 } },
    { tcp: { third_ack_delay_s: 0.2 } },
    { tcp: { initial_rto_s: 4, least_rto_s: 0.2 } },
    { tcp: { window: 2000, window_shift: 0 } },
    { tcp: { window: 1 << 20, window_shift: 14 } },
    { tcp: { largest_payload: 100 } },
    { tcp: { mss: 200, timestamps: false } },
    { tcp: { sack: false, window_scale: false, reset_ack: false, timestamps_required: false } },
    { dss: { dsn_octets: 4, ack_octets: 4 } },
    { dss: { retransmit_s: 0.5 } },
    { close: { data_fin: 'with-data', fastclose: 'ack' } },
    { close: { data_fin: 'with-fin' } },
    { join: { delay_s: 0.3 } },
    { mpc: { ack_third: true } },
  ];
  const sent = Uint8Array.from({ length: 20_000 }, (_, index) => index * 31 + (index >> 8));
  for (const parameters of changes)
    for (const side of ['client', 'server'] as const)
      for (const version of [0, 1] as const)
        it(`brings every octet across: ${JSON.stringify(parameters)} at the ${side}, v${version}`, () => {
          const choice = { profile: 'mptcp', paths: 2, versions: [version] } as const;
          const own = (at: typeof side) => (at === side ? { ...choice, parameters } : choice);
          const network = new Network(
            { client: clientHost(own('client')), server: serverHost(own('server')) },
            (path) => BigInt(path) * 10_000_000n,
            inWeather({ seed: 1, loss: 8, duplication: 8, jitter: 5 }),
          );
          const { connection } = network.act('client', (host, now) =>
            host.connect({ address: serverAddress, port: serverPort }, now),
          );
          network.act('client', (host, now) => host.send(connection, sent.subarray(0, 10_000), now));
          network.pass(seconds(2));
          network.act('client', (host, now) => host.send(connection, sent.subarray(10_000), now));
          network.act('client', (host, now) => host.close(connection, now));
          network.pass(seconds(600));
          expect(Buffer.compare(network.octetsOf('server'), sent)).to.equal(0);
          expect(Buffer.compare(network.octetsOf('client'), sent)).to.equal(0);
          for (const each of ['client', 'server'] as const)
            expect(network.noticesOf(each).at(-1)).to.include({ notice: 'closed', how: 'fin' });
        });
});
