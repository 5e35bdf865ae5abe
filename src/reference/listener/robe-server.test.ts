/** What RobE asks of a server, as dialogues: proposals 1 and 2 (paper 2.1, 2.2) and RobE_eSIM (draft). */
import { expect } from 'chai';
import { defaultJoinCapLayout, type JoinCapLayout, joinCapMac } from '../../protocol/keys/join-cap-mac.js';
import type { MpCapable, MpJoinCap } from '../../protocol/mptcp/option.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { Bench, Peer } from '../testing/bench.js';
import { type HostChoice, serverHost } from '../testing/hosts.js';

const seconds = (n: number): bigint => BigInt(Math.round(n * 1e9));
const keyA = 0x0102030405060708n;
const otherKey = 0x3132333435363738n;
const en: TcpOption = { option: 'robe_esim_en', reserved: 0 };

const capable = (version: 0 | 1, key?: bigint, peerKey?: bigint, flags = 0x81): MpCapable => ({
  option: 'mp_capable',
  version,
  flags,
  ...(key === undefined ? {} : { key }),
  ...(peerKey === undefined ? {} : { peerKey }),
});

const server = (profile: HostChoice['profile'], choice: Partial<HostChoice> = {}): Bench =>
  new Bench('server', serverHost({ profile, paths: 3, ...choice }));

/** A flow whose SYN was answered, and the key it was answered with. */
const begin = (
  bench: Bench,
  path: number,
  key = keyA,
  place: { readonly port?: number; readonly flags?: number } = {},
) => {
  const peer = new Peer(bench, { path, ...(place.port === undefined ? {} : { port: place.port }) });
  const told = peer.syn(capable(0, key, undefined, place.flags));
  const keyB = peer.option('mp_capable')?.key ?? 0n;
  return { peer, told, keyB, third: capable(0, key, keyB, place.flags) };
};

const flows = (bench: Bench, connection = 'accepted:1'): number => bench.host.info(connection)?.subflows ?? 0;

describe('proposal 1 at the server', () => {
  it('answers the same Key-A with the same Key-B, another with another, in every mixture', () => {
    const bench = server('robe-downgrade');
    const first = begin(bench, 1);
    const stranger = begin(bench, 1, otherKey, { port: 41_000 });
    const second = begin(bench, 2);
    const strangers = begin(bench, 2, otherKey, { port: 41_000 });
    expect(second.keyB).to.equal(first.keyB);
    expect(strangers.keyB).to.equal(stranger.keyB);
    expect(stranger.keyB).to.not.equal(first.keyB);
    expect(second.peer.last?.tcp.seq).to.not.equal(first.peer.last?.tcp.seq);
    for (const each of [second, strangers, stranger, first]) expect(each.peer.acks(each.third)).to.deep.equal([]);
    expect(bench.noticed()).to.deep.equal(['accepted', 'accepted']);
    expect([flows(bench), flows(bench, 'accepted:2')]).to.deep.equal([2, 2]);
  });

  it('attaches a late SYN with data under way, and none after the connection ended', () => {
    const bench = server('robe-downgrade');
    const first = begin(bench, 1);
    first.peer.acks(first.third);
    bench.pass(seconds(5));
    const second = begin(bench, 2);
    expect(second.keyB).to.equal(first.keyB);
    second.peer.acks(second.third);
    expect(flows(bench)).to.equal(2);
    first.peer.acks({ option: 'mp_fastclose', reserved: 0, peerKey: first.keyB });
    const late = begin(bench, 3);
    expect(late.told).to.deep.equal(['3 < S. mp_capable']);
    expect(late.keyB).to.not.equal(first.keyB);
    expect(bench.noticed()).to.deep.equal(['accepted', 'closed reset']);
  });

  it('does not attach what does not echo the keys of its own flow, whatever else is established', () => {
    const bench = server('robe-downgrade');
    const first = begin(bench, 1);
    first.peer.acks(first.third);
    const wrong: readonly (readonly TcpOption[])[] = [
      [capable(0, keyA, first.keyB + 1n)],
      [capable(0, otherKey, first.keyB)],
      [capable(0, first.keyB, keyA)],
      [],
    ];
    for (const [index, third] of wrong.entries()) {
      const flow = begin(bench, 2, keyA, { port: 42_000 + index });
      expect(flow.peer.acks(...third)).to.deep.equal(['2 < R.']);
    }
    expect(flows(bench)).to.equal(1);
    expect(bench.noticed()).to.deep.equal(['accepted']);
  });

  it('takes the same key with another A flag or version for another request', () => {
    const bench = server('robe-downgrade', { parameters: { mpc: { checksum: false } } });
    const first = begin(bench, 1, keyA, { flags: 0x01 });
    const second = begin(bench, 2, keyA, { flags: 0x81 });
    expect(second.keyB).to.not.equal(first.keyB);
    const v1 = new Peer(bench, { path: 3 });
    v1.syn(capable(1));
    expect(v1.option('mp_capable')).to.include({ version: 1 });
  });

  it('loses a reset half-open flow without losing the key, and an initial subflow without losing the connection', () => {
    const bench = server('robe-downgrade');
    const first = begin(bench, 1);
    const second = begin(bench, 2);
    first.peer.rst();
    expect(second.peer.acks(second.third)).to.deep.equal([]);
    const third = begin(bench, 3);
    expect(third.keyB).to.equal(first.keyB);
    second.peer.rst();
    third.peer.acks(third.third);
    expect(flows(bench)).to.equal(1);
    expect(bench.noticed()).to.deep.equal(['accepted']);
  });

  it('attaches nothing to a connection that fell back', () => {
    const bench = server('robe-downgrade');
    const first = begin(bench, 1);
    const second = begin(bench, 2);
    expect(first.peer.acks()).to.deep.equal([]);
    expect(second.peer.acks(second.third)).to.deep.equal(['2 < R.']);
    expect(begin(bench, 3).keyB).to.not.equal(first.keyB);
    expect(bench.noticed()).to.deep.equal(['accepted']);
  });

  it('bounds what one key can hold', () => {
    const bench = server('robe-downgrade');
    let answered = 0;
    for (let port = 1; port <= 200; port++) answered += begin(bench, 1, keyA, { port: 43_000 + port }).told.length;
    expect(answered).to.equal(64);
    expect(begin(bench, 2, otherKey).told).to.deep.equal(['2 < S. mp_capable']);
  });

  it('keeps to a declared policy towards other hosts, flags and time', () => {
    const foreign = server('robe-downgrade', { parameters: { p1: { foreign_host: 'newkey', match_window_s: 60 } } });
    const first = begin(foreign, 1);
    expect(begin(foreign, 2).keyB).to.not.equal(first.keyB);
    const window = server('robe-downgrade', { parameters: { p1: { match_window_s: 60 } } });
    const early = begin(window, 1);
    early.peer.acks(early.third);
    window.pass(seconds(61));
    expect(begin(window, 2).keyB).to.not.equal(early.keyB);
    const strict = server('robe-downgrade', { parameters: { p1: { flag_mismatch: 'rst' }, mpc: { checksum: false } } });
    begin(strict, 1, keyA, { flags: 0x01 });
    expect(begin(strict, 2, keyA, { flags: 0x81 }).told).to.deep.equal(['2 < R.']);
  });
});

describe('proposal 2 at the server', () => {
  it('resets the other flows at the first valid third segment, so that a client in any state takes it', () => {
    const bench = server('robe-bbm');
    const first = begin(bench, 1);
    const second = begin(bench, 2);
    const third = begin(bench, 3);
    expect(third.keyB).to.equal(first.keyB);
    expect(first.peer.acks(capable(0, keyA, first.keyB + 1n))).to.deep.equal(['1 < R.']);
    expect(second.peer.acks(second.third)).to.deep.equal(['3 < R.']);
    expect(third.peer.acks(third.third)).to.deep.equal(['3 < R']);
    expect(third.peer.last?.tcp.seq).to.equal(third.peer.ack);
    expect(bench.noticed()).to.deep.equal(['accepted']);
  });

  it('gives the reset the numbers ISS + 1 and IRS + 1', () => {
    const bench = server('robe-bbm');
    const first = begin(bench, 1);
    const second = begin(bench, 2);
    expect(first.peer.acks(first.third)).to.deep.equal(['2 < R.']);
    const [reset] = bench.log.slice(-1);
    expect(reset?.packet.tcp).to.include({ seq: second.peer.ack, ack: seqAdd(second.peer.isn, 1) });
    expect(begin(bench, 3).told).to.deep.equal(['3 < R.']);
  });

  it('may drop a late SYN if so declared', () => {
    const bench = server('robe-bbm', { parameters: { p2: { late_syn: 'drop' } } });
    const first = begin(bench, 1);
    first.peer.acks(first.third);
    expect(begin(bench, 2).told).to.deep.equal([]);
  });
});

for (const version of [0, 1] as const) {
  describe(`RobE_eSIM v${version} at the server`, () => {
    const start = (bench: Bench, path: number, key = keyA, options: readonly TcpOption[] = [en]) => {
      const peer = new Peer(bench, { path, port: 40_000 + path });
      const told = peer.syn(capable(version, version === 0 ? key : undefined), ...options);
      return { peer, told, keyB: peer.option('mp_capable')?.key ?? 0n };
    };
    const joinCap = (keyB: bigint, keyB2: bigint, layout: Partial<JoinCapLayout> = {}, key = keyA): MpJoinCap => ({
      option: 'mp_join_cap',
      reserved: 0,
      addressId: 2,
      key,
      mac: joinCapMac({ version, keyA: key, keyB, keyB2, layout: { ...defaultJoinCapLayout, ...layout } }),
    });

    it('gives each SYN a key of its own and confirms ROBE_eSIM_EN only when offered', () => {
      const bench = server('robe-esim');
      const first = start(bench, 1);
      const second = start(bench, 2, otherKey);
      expect(first.told).to.deep.equal(['1 < S. mp_capable robe_esim_en']);
      expect(second.keyB).to.not.equal(first.keyB);
      expect(start(bench, 3, otherKey, []).told).to.deep.equal(['3 < S. mp_capable']);
      expect(new Peer(server('mptcp')).syn(capable(version, version === 0 ? keyA : undefined), en)).to.deep.equal([
        '1 < S. mp_capable',
      ]);
    });

    it('joins by Key-A and MAC, acknowledges at once and again, and takes data there', () => {
      const bench = server('robe-esim');
      const first = start(bench, 1);
      const second = start(bench, 2, otherKey);
      first.peer.acks(capable(version, keyA, first.keyB));
      expect(second.peer.acks(joinCap(first.keyB, second.keyB))).to.deep.equal(['2 < . dss']);
      expect(second.peer.acks(joinCap(first.keyB, second.keyB))).to.deep.equal(['2 < . dss']);
      expect(flows(bench)).to.equal(2);
      expect(bench.noticed()).to.deep.equal(['accepted']);
    });

    it('establishes both flows by a join that comes first; a later third segment changes nothing', () => {
      const bench = server('robe-esim');
      const first = start(bench, 1);
      const second = start(bench, 2, otherKey);
      expect(second.peer.acks(joinCap(first.keyB, second.keyB))).to.deep.equal(['2 < . dss']);
      expect(flows(bench)).to.equal(2);
      expect(first.peer.acks(capable(version, otherKey, first.keyB))).to.deep.equal([]);
      expect(first.peer.acks(capable(version, keyA, first.keyB))).to.deep.equal([]);
      bench.pass(seconds(3));
      expect(bench.told()).to.deep.equal([]);
      expect(bench.noticed()).to.deep.equal(['accepted']);
    });

    it('refuses a MAC with any bit wrong, of another connection, of another layout, and a replay', () => {
      const reset = version === 0 ? '2 < R.' : '2 < R. mp_tcprst';
      const damaged = (make: (keyB: bigint, keyB2: bigint) => MpJoinCap): void => {
        const bench = server('robe-esim');
        const first = start(bench, 1);
        const second = start(bench, 2, otherKey);
        first.peer.acks(capable(version, keyA, first.keyB));
        expect(second.peer.acks(make(first.keyB, second.keyB))).to.deep.equal([reset]);
        expect(flows(bench)).to.equal(1);
        expect(bench.noticed()).to.deep.equal(['accepted']);
      };
      for (let bit = 0; bit < 96; bit += 1) {
        damaged((keyB, keyB2) => {
          const option = joinCap(keyB, keyB2);
          const mac = option.mac.slice();
          mac[bit >> 3] = (mac[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
          return { ...option, mac };
        });
      }
      damaged((keyB, keyB2) => joinCap(keyB + 1n, keyB2));
      damaged((keyB, keyB2) => joinCap(keyB, keyB2 + 1n));
      damaged((keyB, keyB2) => joinCap(keyB, keyB2, { split: 'hash' }));
      damaged((keyB, keyB2) => joinCap(keyB, keyB2, { crc: 'xmodem' }));
      damaged((keyB, keyB2) => joinCap(keyB, keyB2, { macBits: 128 }));
      damaged((keyB, keyB2) => joinCap(keyB, keyB2, {}, otherKey));
    });

    it('refuses a MAC that is too short to be one', () => {
      const bench = server('robe-esim');
      const first = start(bench, 1);
      const second = start(bench, 2, otherKey);
      first.peer.acks(capable(version, keyA, first.keyB));
      const short: TcpOption = { option: 'raw', octets: Uint8Array.of(30, 20, 0xa0, 2, ...new Uint8Array(16)) };
      expect(second.peer.acks(short)).to.deep.equal([version === 0 ? '2 < R.' : '2 < R. mp_tcprst']);
      expect(bench.noticed()).to.deep.equal(['accepted']);
    });

    it('finds the right one of two connections that share Key-A', () => {
      const bench = server('robe-esim');
      const first = start(bench, 1);
      const second = start(bench, 2);
      first.peer.acks(capable(version, keyA, first.keyB));
      second.peer.acks(capable(version, keyA, second.keyB));
      const third = start(bench, 3, otherKey);
      expect(third.peer.acks(joinCap(second.keyB, third.keyB))).to.deep.equal(['3 < . dss']);
      expect([flows(bench, 'accepted:1'), flows(bench, 'accepted:2')]).to.deep.equal([1, 2]);
    });

    it('refuses a join that was not negotiated, one to a connection that fell back, and one on a plain flow', () => {
      const reset = version === 0 ? '2 < R.' : '2 < R. mp_tcprst';
      const bench = server('robe-esim');
      const first = start(bench, 1);
      first.peer.acks(capable(version, keyA, first.keyB));
      const silent = start(bench, 2, otherKey, []);
      expect(silent.peer.acks(joinCap(first.keyB, silent.keyB))).to.deep.equal([reset]);

      const fallen = server('robe-esim');
      const plain = start(fallen, 1);
      const late = start(fallen, 2, otherKey);
      plain.peer.acks();
      expect(late.peer.acks(joinCap(plain.keyB, late.keyB))).to.deep.equal([reset]);
      expect(fallen.noticed()).to.deep.equal(['accepted']);
    });

    it('delivers no data of a flow before its join', () => {
      const bench = server('robe-esim');
      const first = start(bench, 1);
      const second = start(bench, 2, otherKey);
      first.peer.acks(capable(version, keyA, first.keyB));
      const mapping: TcpOption = { option: 'dss', flags: 0x0c, dsn: 1n, ssn: 1, dataLength: 4, checksum: 0 };
      expect(second.peer.data('soon', mapping)).to.deep.equal([]);
      second.peer.seq = seqAdd(second.peer.isn, 1);
      expect(second.peer.acks(joinCap(first.keyB, second.keyB))).to.deep.equal(['2 < . dss']);
      expect(bench.noticed()).to.deep.equal(['accepted']);
    });
  });
}
