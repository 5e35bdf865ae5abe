/** An MPTCP server as dialogues under virtual time: handshakes of both versions, joins, data, signals, fallback. */
import { expect } from 'chai';
import { dssChecksum } from '../../protocol/keys/dss-checksum.js';
import { initialDsn } from '../../protocol/keys/key-digest.js';
import { type Dss, DssFlag, type MpCapable } from '../../protocol/mptcp/option.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { Peer } from '../testing/bench.js';
import { capable, checksums, dataAck, dataFin, hmacOnly, map } from '../testing/options.js';
import { info, join, keyA, open, serverBench, synOffer } from '../testing/served.js';

const seconds = (n: number): bigint => BigInt(Math.round(n * 1e9));

for (const version of [0, 1] as const) {
  describe(`MPTCP server v${version}`, () => {
    it('answers MP_CAPABLE with a key of its own, the same in every repetition', () => {
      const bench = serverBench();
      const peer = new Peer(bench);
      expect(peer.syn(synOffer(version))).to.deep.equal(['1 < S. mp_capable']);
      const first = peer.option('mp_capable');
      expect(first).to.include({ version, flags: checksums | hmacOnly });
      peer.syn(synOffer(version));
      expect(peer.option('mp_capable')).to.deep.equal(first);
      bench.pass(seconds(1));
      expect(bench.told()).to.deep.equal(['1 < S. mp_capable']);
      const other = new Peer(bench, { port: 41_000 });
      other.syn(synOffer(version));
      expect(other.option('mp_capable')?.key).to.not.equal(first?.key);
    });

    it('echoes mapped octets with a mapping that begins at IDSN + 1 and a 64-bit Data ACK', () => {
      const { peer, toServer, fromServer, bench } = open(version);
      expect(peer.data('RobE!', map(toServer, 1, 'RobE!'))).to.deep.equal(['1 < . 5 dss']);
      expect(peer.option('dss')).to.deep.include({
        dsn: fromServer,
        ssn: 1,
        dataLength: 5,
        ack: toServer + 5n,
      });
      expect(info(bench)).to.deep.equal({ state: 'established', mptcp: true, subflows: 1, received: 5 });
    });

    it('refuses an unknown token with a reset and joins with a known one, acknowledging the third segment twice if it comes twice', () => {
      const opened = open(version, { versions: [version] });
      const stranger = new Peer(opened.bench, { path: 3 });
      const bad: TcpOption = {
        option: 'mp_join',
        form: 'syn',
        backup: false,
        reserved: 0,
        addressId: 3,
        token: 1,
        nonce: 2,
      };
      expect(stranger.syn(bad)).to.deep.equal([version === 0 ? '3 < R.' : '3 < R. mp_tcprst']);
      const { peer, third } = join(opened, version);
      expect(peer.acks(third)).to.deep.equal(['2 < . dss']);
      expect(peer.acks(third)).to.deep.equal(['2 < . dss']);
      expect(info(opened.bench)).to.include({ subflows: 2 });
      expect(peer.data('two', map(opened.toServer, 1, 'two'))).to.deep.equal(['2 < . 3 dss']);
    });

    it('resets a join without or with a wrong third segment; the connection goes on', () => {
      for (const damage of ['missing', 'wrong'] as const) {
        const opened = open(version);
        const { peer, third } = join(opened, version);
        const wrong: TcpOption =
          third.option === 'mp_join' && third.form === 'ack'
            ? { ...third, hmac: third.hmac.map((octet) => octet ^ 1) }
            : third;
        const reset = version === 0 ? '2 < R.' : '2 < R. mp_tcprst';
        expect(damage === 'missing' ? peer.acks() : peer.acks(wrong)).to.deep.equal([reset]);
        expect(opened.peer.data('go', map(opened.toServer, 1, 'go'))).to.deep.equal(['1 < . 2 dss']);
        expect(opened.bench.noticed()).to.deep.equal(['data']);
      }
    });

    it('puts octets of two flows in the order of the data sequence and delivers copies once', () => {
      const opened = open(version);
      const { peer: second, third } = join(opened, version);
      second.acks(third);
      const { peer: first, toServer } = opened;
      expect(second.data('BE', map(toServer + 2n, 1, 'BE'))).to.deep.equal(['2 < . dss']);
      expect(first.data('Ro', map(toServer, 1, 'Ro'))).to.deep.equal(['1 < . 2 dss', '1 < . 2 dss']);
      expect(second.data('Ro', map(toServer, 3, 'Ro'))).to.deep.equal(['2 < . dss']);
      expect(info(opened.bench)).to.include({ received: 4 });
    });

    it('sends over all flows together what the window of the connection takes, counted from the Data ACK', () => {
      const opened = open(version);
      const { peer: first, toServer, fromServer } = opened;
      const { peer: second, third } = join(opened, version);
      second.acks(third);
      for (const peer of [first, second]) peer.window = 6;
      first.acks(dataAck(fromServer));
      expect(first.data('twelve', map(toServer, 1, 'twelve'))).to.deep.equal(['1 < . 6 dss']);
      expect(second.data(' more', map(toServer + 6n, 1, ' more'))).to.deep.equal(['2 < . dss']);
      expect(second.acks(dataAck(fromServer + 6n))).to.deep.equal(['2 < . 5 dss']);
    });

    it('falls back without the option on the third segment, and stays so', () => {
      const bench = serverBench();
      const peer = new Peer(bench);
      peer.syn(synOffer(version));
      expect(peer.data('plain')).to.deep.equal(['1 < . 5']);
      expect(peer.data('more', map(initialDsn(version, keyA) + 6n, 6, 'more'))).to.deep.equal(['1 < . 4']);
      expect(info(bench)).to.include({ mptcp: false, received: 9 });
    });

    it('falls back on a wrong echo of the keys', () => {
      const bench = serverBench();
      const peer = new Peer(bench);
      peer.syn(synOffer(version));
      const keyB = peer.option('mp_capable')?.key ?? 0n;
      expect(peer.acks(capable(version, [keyA, keyB + 1n]))).to.deep.equal([]);
      expect(info(bench)).to.include({ mptcp: false });
    });

    it('answers plainly what is no valid offer', () => {
      const offers: readonly TcpOption[] = [
        capable(version, version === 0 ? [keyA] : [], checksums),
        capable(version, version === 0 ? [keyA, 1n] : [keyA]),
        capable(1, [], checksums | 0x40 | hmacOnly),
        capable(2, [keyA]),
      ];
      for (const [index, offer] of offers.entries()) {
        const peer = new Peer(serverBench(), { port: 42_000 + index });
        expect(peer.syn(offer), String(index)).to.deep.equal(['1 < S.']);
      }
      const both = new Peer(serverBench());
      const joining: TcpOption = {
        option: 'mp_join',
        form: 'syn',
        backup: false,
        reserved: 0,
        addressId: 1,
        token: 1,
        nonce: 2,
      };
      expect(both.syn(synOffer(version), joining)).to.deep.equal(['1 < S.']);
    });

    it('takes the data level for what TCP took: MP_FAIL, infinite mapping, DATA_FIN, MP_FASTCLOSE', () => {
      const failing = open(version);
      const wrong: Dss = { ...map(failing.toServer, 1, 'evil'), checksum: 1 };
      expect(failing.peer.data('evil', wrong)).to.deep.equal(['1 < . mp_fail']);

      const falling = open(version);
      const infinite: Dss = {
        option: 'dss',
        flags: DssFlag.M | DssFlag.m,
        dsn: falling.toServer,
        ssn: 1,
        dataLength: 0,
        checksum: 0,
      };
      expect(falling.peer.data('tcp', infinite)).to.deep.equal(['1 < . 3']);

      const closing = open(version);
      expect(closing.peer.acks(dataFin(closing.toServer))).to.deep.equal(['1 < . dss']);
      expect(closing.peer.option('dss')).to.include({ ack: closing.toServer + 1n, dsn: closing.fromServer });
      expect(closing.peer.acks(dataAck(closing.fromServer + 1n))).to.deep.equal(['1 < F. dss']);
      expect(closing.bench.noticed()).to.deep.equal(['closed fin']);

      const wrongKey = open(version);
      expect(wrongKey.peer.acks({ option: 'mp_fastclose', reserved: 0, peerKey: wrongKey.keyB + 1n })).to.deep.equal(
        [],
      );
      expect(wrongKey.peer.acks({ option: 'mp_fastclose', reserved: 0, peerKey: wrongKey.keyB })).to.deep.equal([
        '1 < R.',
      ]);
      expect(wrongKey.bench.noticed()).to.deep.equal(['closed reset']);
    });

    it('keeps a connection whose last flow was reset for joins to come', () => {
      const opened = open(version);
      expect(opened.peer.rst()).to.deep.equal([]);
      expect(opened.bench.noticed()).to.deep.equal([]);
      const { peer, third } = join(opened, version);
      expect(peer.acks(third)).to.deep.equal(['2 < . dss']);
      expect(peer.rst()).to.deep.equal([]);
      opened.bench.pass(seconds(61));
      expect(opened.bench.noticed()).to.deep.equal(['closed reset']);
    });
  });
}

describe('MPTCP versions at a server', () => {
  const answer = (versions: readonly (0 | 1)[], offer: MpCapable): string | undefined => {
    const peer = new Peer(serverBench({ versions }));
    const [told] = peer.syn(offer);
    const version = peer.option('mp_capable')?.version;
    return version === undefined ? told : `${told} v${version}`;
  };

  it('never answers with more than was offered', () => {
    expect(answer([1, 0], capable(1))).to.equal('1 < S. mp_capable v1');
    expect(answer([1, 0], capable(0, [keyA]))).to.equal('1 < S. mp_capable v0');
    expect(answer([0], capable(1))).to.equal('1 < S.');
    expect(answer([1], capable(0, [keyA]))).to.equal('1 < S.');
    expect(answer([1, 0], capable(9))).to.equal('1 < S. mp_capable v1');
  });

  it('drops a v0 SYN with flag B', () => {
    expect(answer([1, 0], capable(0, [keyA], 0xc1))).to.equal(undefined);
  });

  it('takes v1 data with MP_CAPABLE for the third segment', () => {
    const bench = serverBench();
    const peer = new Peer(bench);
    peer.syn(capable(1));
    const keyB = peer.option('mp_capable')?.key ?? 0n;
    const dsn = initialDsn(1, keyA) + 1n;
    const first: MpCapable = {
      ...capable(1, [keyA, keyB]),
      dataLength: 5,
      checksum: dssChecksum({ dsn, ssn: 1, dataLength: 5 }, Buffer.from('RobE!')),
    };
    expect(peer.data('RobE!', first)).to.deep.equal(['1 < . 5 dss']);
    expect(peer.option('dss')).to.include({ ack: dsn + 5n });
  });
});
