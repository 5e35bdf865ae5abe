/** What RobE asks of a client, as dialogues: proposals 1 to 3 (paper 2) and RobE_TIMER, SIM, eSIM, IPS, L_RTT_EN (draft). */
import { expect } from 'chai';
import { defaultJoinCapLayout, joinCapMac } from '../../protocol/keys/join-cap-mac.js';
import { initialDsn, token } from '../../protocol/keys/key-digest.js';
import type { MpCapable } from '../../protocol/mptcp/option.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { EstablishmentProfile } from '../contract.js';
import { Bench, Peer } from '../testing/bench.js';
import { clientHost, type HostChoice, serverAddress, serverPort } from '../testing/hosts.js';

const seconds = (n: number): bigint => BigInt(Math.round(n * 1e9));
const keyB = 0x1112131415161718n;
const keyB2 = 0x2122232425262728n;
const en: TcpOption = { option: 'robe_esim_en', reserved: 0 };

const answer = (version: 0 | 1, key: bigint, flags = 0x81): MpCapable => ({
  option: 'mp_capable',
  version,
  flags,
  key,
});

interface Started {
  readonly bench: Bench;
  readonly connection: string;
  /** The far ends of the first SYNs, in order of their paths. */
  readonly peers: readonly Peer[];
  peer(path: number): Peer;
}

const start = (profile: EstablishmentProfile, version: 0 | 1, choice: Partial<HostChoice> = {}): Started => {
  const bench = new Bench('client', clientHost({ profile, versions: [version], paths: 2, ...choice }));
  return connect(bench);
};

const connect = (bench: Bench): Started => {
  const { connection } = bench.act((host, now) => host.connect({ address: serverAddress, port: serverPort }, now));
  const peers = bench.take().map((emission) => Peer.facing(bench, emission));
  const peer = (path: number): Peer => {
    const found = peers.find((each) => each.path === path);
    if (found === undefined) throw new Error(`no SYN on path ${path}`);
    return found;
  };
  return { bench, connection, peers, peer };
};

const keyOf = (peer: Peer): bigint | undefined => peer.option('mp_capable')?.key;
const refuse = (peer: Peer): readonly string[] => peer.send({ flags: TcpFlag.RST | TcpFlag.ACK });
const dataAck = (ack: bigint): TcpOption => ({ option: 'dss', flags: 0x03, ack: ack });

describe('proposal 1 at the client', () => {
  it('offers one Key-A on all paths at once and elects by arrival', () => {
    for (const [first, second] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const { bench, peers, peer } = start('robe-downgrade', 0);
      expect(peers.map(({ path }) => path)).to.deep.equal([1, 2]);
      expect(new Set(peers.map(keyOf)).size).to.equal(1);
      expect(peer(first).synAck(answer(0, keyB))).to.deep.equal([`${first} > . mp_capable`]);
      expect(bench.noticed()).to.deep.equal(['established']);
      bench.pass(seconds(0.5));
      expect(peer(second).synAck(answer(0, keyB))).to.deep.equal([`${second} > . mp_capable`]);
      expect(peer(second).option('mp_capable')).to.include({ peerKey: keyB });
      expect(peer(second).synAck(answer(0, keyB))).to.deep.equal([`${second} > . mp_capable`]);
    }
  });

  it('resets a flow with another Key-B and joins its path after the gate', () => {
    const { bench, connection, peer } = start('robe-downgrade', 0);
    const keyA = keyOf(peer(1)) ?? 0n;
    peer(1).synAck(answer(0, keyB));
    expect(peer(2).synAck(answer(0, keyB2))).to.deep.equal(['2 > R.']);
    expect(peer(1).acks(dataAck(initialDsn(0, keyA) + 1n))).to.deep.equal(['2 > S mp_join']);
    expect(bench.host.info(connection)).to.include({ subflows: 1 });
  });

  it('is TCP after a plain first answer, and resets the others', () => {
    const { bench, connection, peer } = start('robe-downgrade', 0);
    expect(peer(1).synAck()).to.deep.equal(['1 > .']);
    expect(peer(2).synAck(answer(0, keyB))).to.deep.equal(['2 > R']);
    expect(bench.host.info(connection)).to.include({ mptcp: false, subflows: 1 });
  });

  it('fails only when every flow was refused', () => {
    const { bench, peer } = start('robe-downgrade', 0);
    expect(refuse(peer(1))).to.deep.equal([]);
    expect(bench.noticed()).to.deep.equal([]);
    const other = start('robe-downgrade', 0);
    refuse(other.peer(1));
    expect(other.peer(2).synAck(answer(0, keyB))).to.deep.equal(['2 > . mp_capable']);
    refuse(peer(2));
    expect(bench.noticed()).to.deep.equal(['failed refused']);
  });

  it('repeats the SYN of a silent path alone, with the same key', () => {
    const { bench, peer } = start('robe-downgrade', 0);
    const key = keyOf(peer(1));
    peer(1).synAck(answer(0, keyB));
    bench.pass(seconds(1));
    const [repeated, ...others] = bench.take();
    expect(others).to.deep.equal([]);
    expect(repeated?.path).to.equal(2);
    expect(repeated?.packet.tcp.options.find(({ option }) => option === 'mp_capable')).to.include({ key });
  });

  it('is a classic client with one path', () => {
    expect(start('robe-downgrade', 0, { paths: 1 }).peers.length).to.equal(1);
    const { peers } = start('robe-esim', 0, { paths: 1 });
    expect(peers.map((peer) => peer.option('robe_esim_en'))).to.deep.equal([undefined]);
  });
});

describe('proposal 2 at the client', () => {
  it('sends everything on every flow until the resets have left one, joins everywhere, and takes the parallel join down', () => {
    const { bench, connection, peer } = start('robe-bbm', 0);
    peer(1).synAck(answer(0, keyB));
    bench.act((host, now) => host.send(connection, Buffer.from('RobE!'), now));
    expect(bench.told()).to.deep.equal(['1 > . 5 dss']);
    expect(peer(2).synAck(answer(0, keyB))).to.deep.equal(['2 > . mp_capable', '2 > . 5 dss']);
    const [first, second] = bench.log.filter(({ packet }) => packet.tcp.payload.length > 0);
    const dss = (emission: typeof first) => emission?.packet.tcp.options.find(({ option }) => option === 'dss');
    expect(dss(first)).to.deep.equal(dss(second));
    expect(peer(2).send({ flags: TcpFlag.RST | TcpFlag.ACK })).to.deep.equal([]);
    bench.act((host, now) => host.send(connection, Buffer.from('once'), now));
    expect(bench.told()).to.deep.equal(['1 > . 4 dss']);
    const keyA = keyOf(peer(1)) ?? 0n;
    expect(peer(1).send({ flags: TcpFlag.ACK, options: [dataAck(initialDsn(0, keyA) + 1n)] })).to.deep.equal([
      '1 > S mp_join',
      '2 > S mp_join',
    ]);
  });

  it('takes a reset in SYN-SENT for one only with the right ACK', () => {
    const { bench, peer } = start('robe-bbm', 0);
    peer(1).synAck(answer(0, keyB));
    expect(peer(2).rst()).to.deep.equal([]);
    bench.pass(seconds(1));
    expect(bench.told()).to.deep.equal(['2 > S mp_capable']);
    expect(refuse(peer(2))).to.deep.equal([]);
    bench.pass(seconds(10));
    expect(bench.told()).to.deep.equal([]);
  });
});

for (const version of [0, 1] as const) {
  describe(`draft schemes v${version} at the client`, () => {
    it('TIMER: one SYN, then another path each second, every path before any twice', () => {
      const { bench, peers } = start('robe-timer', version, { paths: 3 });
      expect(peers.map(({ path }) => path)).to.deep.equal([1]);
      // Every path was offered MPTCP when the third SYN is out; the fourth tries TCP.
      for (const syn of ['2 > S mp_capable', '3 > S mp_capable', '1 > S']) {
        bench.pass(seconds(1) - 1n);
        expect(bench.told()).to.deep.equal([]);
        bench.pass(1n);
        expect(bench.told()).to.deep.equal([syn]);
      }
      bench.pass(seconds(300));
      expect(bench.noticed()).to.deep.equal(['failed timeout']);
    });

    it('TIMER: fresh key on the next path, first SYN/ACK wins, the other draws a reset', () => {
      const { bench, peer } = start('robe-timer', version);
      bench.pass(seconds(1));
      const second = bench.take().map((emission) => Peer.facing(bench, emission))[0];
      if (second === undefined) throw new Error('no SYN on path 2');
      if (version === 0) expect(keyOf(second)).to.not.equal(keyOf(peer(1)));
      expect(second.synAck(answer(version, keyB))).to.deep.equal(['2 > . mp_capable']);
      expect(peer(1).synAck(answer(version, keyB2))).to.deep.equal(['1 > R']);
      bench.pass(seconds(5));
      expect(bench.told()).to.deep.equal([]);
      const own = second.option('mp_capable')?.key ?? 0n;
      expect(second.acks(dataAck(initialDsn(version, own) + 1n))).to.deep.equal(['1 > S mp_join']);
    });

    it('TIMER: a refusal is no answer; the next path follows at once', () => {
      const { bench, peer } = start('robe-timer', version);
      expect(refuse(peer(1))).to.deep.equal(['2 > S mp_capable']);
      expect(bench.noticed()).to.deep.equal([]);
    });

    it('SIM: fresh keys, the first SYN/ACK wins, later ones draw a reset, joins name the winner', () => {
      const { bench, peers, peer } = start('robe-sim', version, { paths: 3 });
      if (version === 0) expect(new Set(peers.map(keyOf)).size).to.equal(3);
      expect(peer(2).synAck(answer(version, keyB))).to.deep.equal(['2 > . mp_capable']);
      const own = peer(2).option('mp_capable')?.key ?? 0n;
      expect(peer(1).synAck(answer(version, keyB2))).to.deep.equal(['1 > R']);
      expect(peer(1).last?.tcp.seq).to.equal(peer(1).ack);
      expect(peer(1).synAck(answer(version, keyB2))).to.deep.equal(['1 > R']);
      bench.pass(seconds(3));
      expect(bench.told()).to.deep.equal([]);
      expect(peer(2).acks(dataAck(initialDsn(version, own) + 1n))).to.deep.equal(['1 > S mp_join', '3 > S mp_join']);
      for (const { packet } of bench.log.slice(-2)) {
        const join = packet.tcp.options.find(({ option }) => option === 'mp_join');
        expect(join).to.include({ token: token(version, keyB) });
      }
    });

    it('eSIM: joins with Key-A of the elected flow, both Key-Bs and an address ID, and carries no data before an answer', () => {
      const { bench, connection, peers, peer } = start('robe-esim', version);
      expect(peers.map((each) => each.option('robe_esim_en') !== undefined)).to.deep.equal([true, true]);
      peer(1).synAck(answer(version, keyB), en);
      const own = peer(1).option('mp_capable')?.key ?? 0n;
      expect(peer(2).synAck(answer(version, keyB2), en)).to.deep.equal(['2 > . mp_join_cap']);
      const sent = peer(2).option('mp_join_cap');
      const mac = joinCapMac({ version, keyA: own, keyB, keyB2, layout: defaultJoinCapLayout });
      expect(sent).to.deep.include({ key: own, addressId: 2, mac });
      expect(peer(2).synAck(answer(version, keyB2), en)).to.deep.equal(['2 > . mp_join_cap']);
      expect(peer(2).option('mp_join_cap')).to.deep.equal(sent);
      for (let turn = 0; turn < 2; turn++) bench.act((host, now) => host.send(connection, Buffer.from('x'), now));
      expect(bench.take().map(({ path }) => path)).to.deep.equal([1, 1]);
      peer(2).acks(dataAck(initialDsn(version, own) + 1n));
      for (let turn = 0; turn < 2; turn++) bench.act((host, now) => host.send(connection, Buffer.from('x'), now));
      expect(bench.take().map(({ path }) => path)).to.have.members([1, 2]);
    });

    it('eSIM: resets what cannot be joined', () => {
      const cases: readonly (readonly [readonly TcpOption[], readonly TcpOption[]])[] = [
        [[answer(version, keyB), en], [answer(version, keyB2)]],
        [[answer(version, keyB)], [answer(version, keyB2), en]],
        [[answer(version, keyB), en], []],
        ...(version === 1
          ? [
              [
                [answer(1, keyB, 0xa1), en],
                [answer(1, keyB2), en],
              ] as const,
            ]
          : []),
      ];
      for (const [first, second] of cases) {
        const { bench, connection, peer } = start('robe-esim', version);
        peer(1).synAck(...first);
        expect(peer(2).synAck(...second)).to.deep.equal(['2 > R.']);
        expect(bench.host.info(connection)).to.include({ subflows: 1, mptcp: true });
      }
    });

    it('eSIM implicit: asks for nothing, and resets a flow whose server never shows DSS', () => {
      const { bench, peers, peer } = start('robe-esim', version, { parameters: { esim: { mode: 'implicit' } } });
      expect(peers.map((each) => each.option('robe_esim_en'))).to.deep.equal([undefined, undefined]);
      peer(1).synAck(answer(version, keyB));
      expect(peer(2).synAck(answer(version, keyB2))).to.deep.equal(['2 > . mp_join_cap']);
      expect(peer(2).acks()).to.deep.equal([]);
      bench.pass(seconds(3));
      const [repeated, reset] = bench.told();
      expect(repeated).to.equal('2 > . mp_join_cap');
      expect(reset).to.match(/^2 > R\./);
    });
  });
}

describe('RobE_IPS and L_RTT_EN', () => {
  const rttOf = (started: Started, path: number, milliseconds: number): void => {
    started.bench.pass(BigInt(milliseconds) * 1_000_000n);
    started.peer(path).synAck(answer(1, keyB));
  };

  it('begins on the default path, then on the faster one, on a tie on the default', () => {
    for (const [first, second, expected] of [
      [40, 20, 2],
      [20, 40, 1],
      [30, 30, 1],
    ] as const) {
      const bench = new Bench('client', clientHost({ profile: 'robe-ips', versions: [1], paths: 2 }));
      const cold = connect(bench);
      expect(cold.peers.map(({ path }) => path)).to.deep.equal([1]);
      rttOf(cold, 1, first);
      const only = bench.act((host, now) =>
        host.connect({ address: serverAddress, port: serverPort, paths: [2] }, now),
      );
      const [syn] = bench.take().map((emission) => Peer.facing(bench, emission));
      bench.pass(BigInt(second) * 1_000_000n);
      syn?.synAck(answer(1, keyB2));
      expect(only.connection).to.not.equal(cold.connection);
      expect(connect(bench).peers.map(({ path }) => path)).to.deep.equal([expected]);
    }
  });

  it('negotiates L_RTT_EN, takes reports into account and ignores them when not negotiated', () => {
    const report: TcpOption = { option: 'l_rtt_en', reserved: 0, rtt: 1_000n, octets: 4 };
    const offer: TcpOption = { option: 'l_rtt_en', reserved: 0, rtt: 0n, octets: 4 };
    for (const negotiated of [true, false]) {
      const bench = new Bench('client', clientHost({ profile: 'robe-ips', versions: [1], paths: 2 }));
      const first = connect(bench);
      expect(first.peer(1).option('l_rtt_en')).to.include({ rtt: 0n, octets: 4 });
      rttOf(first, 1, 20);
      bench.act((host, now) => host.connect({ address: serverAddress, port: serverPort, paths: [2] }, now));
      const [second] = bench.take().map((emission) => Peer.facing(bench, emission));
      bench.pass(40_000_000n);
      expect(second?.synAck(answer(1, keyB2), ...(negotiated ? [offer] : []))).to.deep.equal(['2 > . mp_capable']);
      const own = second?.option('mp_capable')?.key ?? 0n;
      second?.acks(dataAck(initialDsn(1, own) + 1n), report);
      expect(connect(bench).peers.map(({ path }) => path)).to.deep.equal([negotiated ? 2 : 1]);
    }
  });
});
