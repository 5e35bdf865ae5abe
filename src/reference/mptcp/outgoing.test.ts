/** What becomes of octets whose flow does not answer, and of connections that are given up (RFC 8684 sections 3.3.6, 3.5). */
import { expect } from 'chai';
import { seqAdd } from '../../protocol/wire/seq.js';
import { dataAck, map } from '../testing/options.js';
import { join, open } from '../testing/served.js';

const seconds = (n: number): bigint => BigInt(Math.round(n * 1e9));

for (const version of [0, 1] as const) {
  describe(`octets on a silent flow of a server of v${version}`, () => {
    it('go out again by another flow, and on their own flow until they are acknowledged there', () => {
      const opened = open(version);
      const { bench, peer, toServer, fromServer } = opened;
      const { peer: second, third } = join(opened, version);
      second.acks(third);
      expect(peer.data('RobE!', map(toServer, 1, 'RobE!'))).to.deep.equal(['1 < . 5 dss']);
      bench.pass(seconds(1));
      expect(bench.told()).to.deep.equal(['1 < . 5 dss', '2 < . 5 dss']);
      second.ack = seqAdd(second.ack, 5);
      expect(second.acks(dataAck(fromServer + 5n))).to.deep.equal([]);
      for (const wait of [2, 4, 8]) {
        bench.pass(seconds(wait));
        expect(bench.told()).to.deep.equal(['1 < . 5 dss']);
      }
      peer.acks(dataAck(fromServer + 5n));
      bench.pass(seconds(60));
      expect(bench.told()).to.deep.equal([]);
    });
  });

  describe(`a server of v${version} that gives a connection up`, () => {
    it('answers a peer that did so at the same time with a reset, and delivers nothing any more', () => {
      const { bench, peer, keyB, toServer } = open(version);
      bench.act((host, now) => host.abort('accepted:1', now));
      expect(bench.told()).to.deep.equal([version === 0 ? '1 < . mp_fastclose' : '1 < R. mp_fastclose']);
      expect(bench.noticed()).to.deep.equal(['closed reset']);
      if (version === 1) return;
      expect(peer.data('late', map(toServer, 1, 'late'))).to.deep.equal(['1 < . dss']);
      expect(peer.acks({ option: 'mp_fastclose', reserved: 0, peerKey: keyB })).to.deep.equal(['1 < R.']);
      expect(bench.noticed()).to.deep.equal([]);
      bench.pass(seconds(10));
      expect(bench.told()).to.deep.equal([]);
    });
  });
}
