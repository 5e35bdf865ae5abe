/** Addresses that a peer announces and takes back, as dialogues under virtual time (RFC 8684 sections 3.4.1 and 3.4.2). */
import { expect } from 'chai';
import { addAddrHmac } from '../../protocol/keys/add-addr-hmac.js';
import { joinHmac } from '../../protocol/keys/join-hmac.js';
import { initialDsn, token } from '../../protocol/keys/key-digest.js';
import type { AddAddr, RemoveAddr } from '../../protocol/mptcp/option.js';
import { ipOctets } from '../../protocol/wire/address.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { AddressSignal } from '../contract.js';
import { Bench, Peer } from '../testing/bench.js';
import { clientAddress6, clientHost, serverAddress, serverAddress6, serverPort } from '../testing/hosts.js';
import { capable, checksums, dataAck, hmacOnly, map } from '../testing/options.js';
import { info, join, keyA, open } from '../testing/served.js';

const seconds = (n: number): bigint => BigInt(Math.round(n * 1e9));
const keyB = 0x1112131415161718n;
const secondAddress = '10.200.0.2';

interface Announcement {
  readonly version: 0 | 1;
  readonly localKey: bigint;
  readonly remoteKey: bigint;
  readonly addressId: number;
  readonly address: string;
  readonly port?: number;
}

/** ADD_ADDR as the end with `localKey` announces it. */
const announce = ({ version, localKey, remoteKey, addressId, address, port }: Announcement): AddAddr => {
  const place = { addressId, address: ipOctets(address), ...(port === undefined ? {} : { port }) };
  const ipVersion = address.includes(':') ? 6 : 4;
  if (version === 0) return { option: 'add_addr', nibble: ipVersion, ...place };
  return { option: 'add_addr', nibble: 0, ...place, hmac: addAddrHmac({ localKey, remoteKey, ...place }) };
};

/** A client with one path and an MPTCP connection; `confirm` opens the gate for joins. */
const connected = (version: 0 | 1, flags = checksums | hmacOnly) => {
  const bench = new Bench('client', clientHost({ profile: 'mptcp', versions: [version] }));
  const { connection } = bench.act((host, now) => host.connect({ address: serverAddress, port: serverPort }, now));
  const [syn] = bench.take();
  if (syn === undefined) throw new Error('no SYN');
  const peer = Peer.facing(bench, syn);
  peer.synAck(capable(version, [keyB], flags));
  const own = peer.option('mp_capable')?.key ?? 0n;
  const confirm = () => peer.acks(dataAck(initialDsn(version, own) + 1n));
  const adds = (addressId: number, address: string, port?: number): AddAddr =>
    announce({
      version,
      localKey: keyB,
      remoteKey: own,
      addressId,
      address,
      ...(port === undefined ? {} : { port }),
    });
  /** The joins that left since the last question, each as address and port. */
  const joins = (): readonly string[] =>
    bench.log
      .splice(0)
      .filter(({ packet }) => packet.tcp.options.some((option) => option.option === 'mp_join' && option.form === 'syn'))
      .map(({ packet }) => `${packet.ip.source} > ${packet.ip.destination} ${packet.tcp.destinationPort}`);
  return { bench, connection, peer, own, confirm, adds, joins };
};

const remove = (...addressIds: number[]): RemoveAddr => ({ option: 'remove_addr', reserved: 0, addressIds });

for (const version of [0, 1] as const) {
  const echoed = version === 1 ? ['1 > . add_addr'] : [];
  describe(`an address announced to a client of v${version}`, () => {
    const table: readonly (readonly [what: string, address: string, port: number | undefined, to: string])[] = [
      ['is joined', secondAddress, undefined, `10.201.1.1 > ${secondAddress} 5001`],
      ['is joined at the port it tells', secondAddress, 7001, `10.201.1.1 > ${secondAddress} 7001`],
      ['is joined by IPv6', serverAddress6, undefined, `${clientAddress6(1)} > ${serverAddress6} 5001`],
    ];
    for (const [what, address, port, to] of table) {
      it(what, () => {
        const { bench, confirm, peer, adds, joins } = connected(version);
        confirm();
        expect(peer.acks(adds(5, address, port))).to.deep.equal([...echoed, '1 > S mp_join']);
        expect(joins()).to.deep.equal([to]);
        bench.pass(seconds(0.5));
        expect(peer.acks(adds(5, address, port))).to.deep.equal(echoed);
        expect(joins()).to.deep.equal([]);
      });
    }

    it('has a flow of its own, which has the token of the server and another Address ID for another address', () => {
      const { bench, confirm, peer, adds } = connected(version);
      confirm();
      peer.acks(adds(5, serverAddress6));
      const syn = bench.log.at(-1);
      if (syn === undefined) throw new Error('no SYN');
      const second = Peer.facing(bench, syn);
      expect(second.option('mp_join')).to.include({ token: token(version, keyB), addressId: 2 });
    });

    it('waits for the gate', () => {
      const { confirm, peer, adds, joins } = connected(version);
      expect(peer.acks(adds(5, secondAddress))).to.deep.equal(echoed);
      expect(joins()).to.deep.equal([]);
      expect(confirm()).to.deep.equal(['1 > S mp_join']);
    });

    it('is not joined when it is taken back before, is the one that is used, or has an id that named another', () => {
      const { confirm, peer, adds, joins } = connected(version);
      peer.acks(adds(5, secondAddress));
      peer.acks(remove(5));
      confirm();
      peer.acks(adds(6, serverAddress));
      expect(joins()).to.deep.equal([]);
      peer.acks(adds(7, secondAddress));
      peer.acks(adds(7, secondAddress));
      expect(joins()).to.deep.equal([`10.201.1.1 > ${secondAddress} 5001`]);
      peer.acks(adds(7, '10.200.0.3'));
      expect(joins()).to.deep.equal([]);
    });

    it('is not tried again when that failed; when its flow has ended it is joined anew as it is announced anew', () => {
      const { bench, confirm, peer, own, adds, joins } = connected(version);
      confirm();
      peer.acks(adds(5, secondAddress));
      const refused = bench.log.at(-1);
      if (refused === undefined) throw new Error('no SYN');
      expect(Peer.facing(bench, refused).synAck()).to.deep.equal([version === 0 ? '1 > R.' : '1 > R. mp_tcprst']);
      bench.log.splice(0);
      peer.acks(adds(5, secondAddress));
      expect(joins()).to.deep.equal([]);

      peer.acks(adds(6, '10.200.0.3'));
      const taken = bench.log.at(-1);
      if (taken === undefined) throw new Error('no SYN');
      const second = Peer.facing(bench, taken);
      const syn = second.option('mp_join');
      if (syn?.form !== 'syn') throw new Error('no MP_JOIN');
      const secrets = { localKey: keyB, remoteKey: own, localNonce: 9, remoteNonce: syn.nonce };
      const answer: TcpOption = {
        option: 'mp_join',
        form: 'syn/ack',
        backup: false,
        reserved: 0,
        addressId: 6,
        hmac: joinHmac(version, secrets).subarray(0, 8),
        nonce: 9,
      };
      expect(second.synAck(answer)).to.deep.equal(['1 > . mp_join']);
      second.acks();
      bench.log.splice(0);
      peer.acks(adds(6, '10.200.0.3'));
      expect(joins()).to.deep.equal([]);
      second.rst();
      expect(joins()).to.deep.equal([]);
      peer.acks(adds(6, '10.200.0.3'));
      expect(joins()).to.deep.equal(['10.201.1.1 > 10.200.0.3 5001']);
    });
  });

  describe(`an address that is taken back from a server of v${version}`, () => {
    const twoFlows = () => {
      const opened = open(version);
      const { peer: second, third } = join(opened, version);
      second.acks(third);
      return { ...opened, second };
    };

    it('costs its flow when three keepalives in a row draw nothing', () => {
      const { bench, peer, second, toServer } = twoFlows();
      const next = second.ack;
      expect(peer.acks(remove(2))).to.deep.equal(['2 < . dss']);
      expect(bench.log.at(-1)?.packet.tcp.seq).to.equal(seqAdd(next, -1));
      for (const told of [['2 < . dss'], ['2 < . dss'], ['2 < R.']]) {
        bench.pass(seconds(1) - 1n);
        expect(bench.told()).to.deep.equal([]);
        bench.pass(1n);
        expect(bench.told()).to.deep.equal(told);
      }
      expect(info(bench)).to.include({ subflows: 1, state: 'established' });
      expect(peer.data('go', map(toServer, 1, 'go'))).to.deep.equal(['1 < . 2 dss']);
    });

    it('keeps its flow when a keepalive is answered', () => {
      const { bench, peer, second, toServer } = twoFlows();
      peer.acks(remove(2));
      bench.pass(seconds(1));
      bench.told();
      expect(second.acks()).to.deep.equal([]);
      bench.pass(seconds(10));
      expect(bench.told()).to.deep.equal([]);
      expect(second.data('on', map(toServer, 1, 'on'))).to.deep.equal(['2 < . 2 dss']);
    });

    it('concerns every flow of every id in the option, and nothing else', () => {
      const { peer, second } = twoFlows();
      expect(peer.acks(remove(77))).to.deep.equal([]);
      expect(peer.acks(remove(77, 2, 0))).to.deep.equal(['2 < . dss', '1 < . dss']);
      expect(second.acks()).to.deep.equal([]);
    });
  });

  it(`a join of v${version} to another address of the server is answered with another Address ID`, () => {
    const opened = open(version);
    const { peer } = join(opened, version, 2, { hostAddress: '10.202.0.1' });
    expect(peer.option('mp_join')).to.include({ addressId: 1 });
    const { peer: same } = join(opened, version, 3);
    expect(same.option('mp_join')).to.include({ addressId: 0 });
  });
}

describe('an announcement of v1', () => {
  it('with a wrong HMAC is passed over, an echo as well', () => {
    const { confirm, peer, adds, joins } = connected(1);
    confirm();
    const right = adds(5, secondAddress);
    const forged = { ...right, hmac: Uint8Array.from(right.hmac ?? [], (octet) => octet ^ 1) };
    expect(peer.acks(forged)).to.deep.equal([]);
    expect(peer.acks({ ...right, nibble: 1 })).to.deep.equal([]);
    expect(joins()).to.deep.equal([]);
  });

  it('comes back with flag E and without HMAC, on the flow by which it came, with IPv6 and port', () => {
    const opened = open(1);
    const { peer: second, third } = join(opened, 1);
    second.acks(third);
    const option = announce({
      version: 1,
      localKey: keyA,
      remoteKey: opened.keyB,
      addressId: 9,
      address: clientAddress6(3),
      port: 4711,
    });
    expect(second.acks(option)).to.deep.equal(['2 < . add_addr']);
    const { hmac: _, ...echo } = option;
    expect(second.option('add_addr')).to.deep.equal({ ...echo, nibble: 1 });
  });

  it('is joined although C closed the address of the initial flow, which is not', () => {
    const { confirm, peer, adds, joins } = connected(1, checksums | 0x20 | hmacOnly);
    expect(confirm()).to.deep.equal([]);
    peer.acks(adds(5, secondAddress));
    peer.acks(adds(6, serverAddress));
    expect(joins()).to.deep.equal([`10.201.1.1 > ${secondAddress} 5001`]);
  });
});

for (const version of [0, 1] as const) {
  describe(`a server of v${version} that control asks to signal addresses`, () => {
    const own = '10.202.0.1';
    const asked = () => {
      const opened = open(version);
      const { bench } = opened;
      const { peer: second, third } = join(opened, version, 2, { hostAddress: own });
      second.acks(third);
      const connection = 'accepted:1';
      const tell = (signal: AddressSignal): boolean => {
        const { told } = bench.act((host, now) => host.signal(connection, signal, now));
        return told;
      };
      /** The MPTCP option of a segment, counted from the last. */
      const said = (which: number) => bench.log.at(which)?.packet.tcp.options[0];
      return { bench, tell, said, keyB: opened.keyB };
    };

    it('announces one with its Address ID, in v0 on every flow, in v1 on one with an HMAC that proves it', () => {
      const { bench, tell, said, keyB } = asked();
      expect(tell({ signal: 'announce', address: own, port: 8443 })).to.equal(true);
      expect(bench.told()).to.deep.equal(['1 < . add_addr', ...(version === 0 ? ['2 < . add_addr'] : [])]);
      const place = { addressId: 1, address: ipOctets(own), port: 8443 };
      const proof = { hmac: addAddrHmac({ localKey: keyB, remoteKey: keyA, ...place }) };
      expect(said(-1)).to.deep.equal({
        option: 'add_addr',
        nibble: version === 0 ? 4 : 0,
        ...place,
        ...(version === 0 ? {} : proof),
      });
    });

    it('takes one back on another flow, and ends its own', () => {
      const { bench, tell, said } = asked();
      expect(tell({ signal: 'withdraw', address: own })).to.equal(true);
      expect(bench.told()).to.deep.equal(['1 < . remove_addr', '2 < R.']);
      expect(said(-2)).to.deep.include({ option: 'remove_addr', addressIds: [1] });
      expect(tell({ signal: 'withdraw', address: own })).to.equal(false);
    });

    it('asks to spare a flow on that flow', () => {
      const { bench, tell, said } = asked();
      expect(tell({ signal: 'prioritise', address: own, backup: true })).to.equal(true);
      expect(bench.told()).to.deep.equal(['2 < . mp_prio']);
      expect(said(-1)).to.deep.equal({ option: 'mp_prio', reserved: 0, backup: true });
      expect(tell({ signal: 'prioritise', address: '10.9.9.9', backup: true })).to.equal(false);
    });
  });
}
