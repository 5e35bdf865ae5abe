/** A classic MPTCP client as dialogues under virtual time: handshakes, the gate for joins, fallback. */
import { expect } from 'chai';
import { joinHmac } from '../../protocol/keys/join-hmac.js';
import { initialDsn, token } from '../../protocol/keys/key-digest.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { Bench, Peer } from '../testing/bench.js';
import { clientHost, serverAddress, serverPort } from '../testing/hosts.js';
import { capable, checksums, dataAck, hmacOnly } from '../testing/options.js';

const seconds = (n: number): bigint => BigInt(Math.round(n * 1e9));

describe('MPTCP client', () => {
  const keyB = 0x1112131415161718n;
  const start = (version: 0 | 1, paths = 2) => {
    const bench = new Bench('client', clientHost({ profile: 'mptcp', versions: [version], paths }));
    const { connection } = bench.act((host, now) => host.connect({ address: serverAddress, port: serverPort }, now));
    const [syn] = bench.take();
    if (syn === undefined) throw new Error('no SYN');
    return { bench, connection, peer: Peer.facing(bench, syn) };
  };

  it('offers MPTCP three times, then TCP on the same flow', () => {
    const { bench } = start(1);
    bench.pass(seconds(7));
    expect(bench.told()).to.deep.equal(['1 > S mp_capable', '1 > S mp_capable', '1 > S']);
  });

  it('echoes both keys and joins from its other path when DSS has come, not before', () => {
    for (const version of [0, 1] as const) {
      const { bench, connection, peer } = start(version);
      expect(peer.synAck(capable(version, [keyB]))).to.deep.equal(['1 > . mp_capable']);
      const own = peer.option('mp_capable')?.key ?? 0n;
      expect(peer.option('mp_capable')).to.include({ peerKey: keyB });
      expect(peer.synAck(capable(version, [keyB]))).to.deep.equal(['1 > . mp_capable']);
      bench.act((host, now) => host.send(connection, Buffer.from('RobE!'), now));
      expect(bench.told()).to.deep.equal([version === 0 ? '1 > . 5 dss' : '1 > . 5 mp_capable']);
      const toServer = initialDsn(version, own) + 1n;
      peer.ack = seqAdd(peer.ack, 5);
      expect(peer.acks(dataAck(toServer + 5n))).to.deep.equal(['2 > S mp_join']);
      bench.act((host, now) => host.send(connection, Buffer.from('more'), now));
      expect(bench.told()).to.deep.equal(['1 > . 4 dss']);
    }
  });

  it('does not join toward a server that said C', () => {
    const { bench, peer } = start(1);
    peer.synAck(capable(1, [keyB], checksums | 0x20 | hmacOnly));
    expect(peer.acks(dataAck(initialDsn(1, peer.option('mp_capable')?.key ?? 0n) + 1n))).to.deep.equal([]);
    bench.pass(seconds(5));
    expect(bench.told()).to.deep.equal([]);
  });

  it('is plain TCP after a SYN/ACK without a valid MP_CAPABLE', () => {
    const answers: readonly (readonly TcpOption[])[] = [
      [],
      [capable(0, [keyB])],
      [capable(1, [])],
      [capable(1, [keyB], checksums | 0x40 | hmacOnly)],
      [capable(1, [keyB], checksums)],
    ];
    for (const answer of answers) {
      const { bench, connection, peer } = start(1);
      expect(peer.synAck(...answer)).to.deep.equal(['1 > .']);
      bench.act((host, now) => host.send(connection, Buffer.from('plain'), now));
      expect(bench.told()).to.deep.equal(['1 > . 5']);
    }
  });

  it('says by an infinite mapping that it noticed the loss of options, and then nothing more of MPTCP', () => {
    const { bench, connection, peer } = start(1);
    peer.synAck(capable(1, [keyB]));
    bench.act((host, now) => host.send(connection, Buffer.from('one'), now));
    bench.told();
    peer.ack = seqAdd(peer.ack, 3);
    expect(peer.acks()).to.deep.equal([]);
    bench.act((host, now) => host.send(connection, Buffer.from('two'), now));
    const [infinite] = bench.take();
    expect(infinite?.packet.tcp.options.find(({ option }) => option === 'dss')).to.include({ dataLength: 0 });
    bench.act((host, now) => host.send(connection, Buffer.from('three'), now));
    expect(bench.told()).to.deep.equal(['1 > . 5']);
    expect(bench.host.info(connection)).to.include({ mptcp: false, state: 'established' });
  });

  it('repeats the third segment of a join until it is answered and sends no data before', () => {
    const { bench, connection, peer } = start(1);
    peer.synAck(capable(1, [keyB]));
    const own = peer.option('mp_capable')?.key ?? 0n;
    peer.acks(dataAck(initialDsn(1, own) + 1n));
    bench.pass(seconds(1));
    const [repeated] = bench.take();
    if (repeated === undefined) throw new Error('no SYN with MP_JOIN');
    const second = Peer.facing(bench, repeated);
    const syn = second.option('mp_join');
    if (syn?.form !== 'syn') throw new Error('no MP_JOIN');
    expect(syn.token).to.equal(token(1, keyB));
    const nonce = 0x1a1b1c1d;
    const secrets = { localKey: keyB, remoteKey: own, localNonce: nonce, remoteNonce: syn.nonce };
    const hmac = joinHmac(1, secrets).subarray(0, 8);
    const answer: TcpOption = {
      option: 'mp_join',
      form: 'syn/ack',
      backup: false,
      reserved: 0,
      addressId: 0,
      hmac,
      nonce,
    };
    expect(second.synAck(answer)).to.deep.equal(['2 > . mp_join']);
    for (const wait of [1, 2, 4]) {
      bench.pass(seconds(wait));
      expect(bench.told()).to.deep.equal(['2 > . mp_join']);
    }
    expect(second.acks(dataAck(initialDsn(1, own) + 1n))).to.deep.equal([]);
    bench.pass(seconds(20));
    expect(bench.told()).to.deep.equal([]);
    expect(bench.host.info(connection)).to.include({ subflows: 2 });
    expect(second.send({ flags: TcpFlag.RST, seq: second.seq })).to.deep.equal([]);
    expect(bench.host.info(connection)).to.include({ subflows: 1, state: 'established' });
  });
});
