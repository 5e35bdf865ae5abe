/** What a server makes of octets and of the end of the data sequence, as dialogues (RFC 8684 section 3.3). */
import { expect } from 'chai';
import { seqAdd } from '../../protocol/wire/seq.js';
import { dataAck, dataFin, map } from '../testing/options.js';
import { join, open } from '../testing/served.js';

for (const version of [0, 1] as const) {
  describe(`DATA_FIN at a server of v${version}`, () => {
    it('ends the data sequence: what lies after it is acknowledged on its flow and goes nowhere', () => {
      const opened = open(version);
      const { peer, bench, toServer, fromServer } = opened;
      const { peer: second, third } = join(opened, version);
      second.acks(third);
      expect(peer.data('all', map(toServer, 1, 'all'))).to.deep.equal(['1 < . 3 dss']);
      expect(peer.acks(dataFin(toServer + 3n))).to.deep.equal(['1 < . dss']);
      expect(bench.noticed()).to.deep.equal(['data']);
      for (const dsn of [toServer + 3n, toServer + 4n]) {
        const ssn = 4 + Number(dsn - toServer - 3n) * 4;
        expect(peer.data('more', map(dsn, ssn, 'more'))).to.deep.equal(['1 < . dss']);
        expect(peer.option('dss')).to.include({ ack: toServer + 4n });
      }
      expect(second.data('late', map(toServer + 4n, 1, 'late'))).to.deep.equal(['2 < . dss']);
      expect(second.last?.tcp.ack).to.equal(seqAdd(second.isn, 5));
      expect(bench.noticed()).to.deep.equal([]);
      expect(peer.acks(dataAck(fromServer + 4n))).to.deep.equal(['1 < F. dss', '2 < F. dss']);
    });

    it('stands where it first stood, and cuts what reaches beyond it', () => {
      const { peer, bench, toServer } = open(version);
      expect(peer.acks(dataFin(toServer + 3n))).to.deep.equal(['1 < . dss']);
      expect(peer.acks(dataFin(toServer + 9n))).to.deep.equal(['1 < . dss']);
      expect(peer.option('dss')).to.include({ ack: toServer });
      expect(peer.data('all of it', map(toServer, 1, 'all of it'))).to.deep.equal(['1 < . 3 dss', '1 < . dss']);
      expect(peer.option('dss')).to.include({ ack: toServer + 4n });
      expect(bench.notices.map((notice) => ('octets' in notice ? Buffer.from(notice.octets).toString() : ''))).to.eql([
        'all',
      ]);
    });

    it('that would lie before what was received means nothing', () => {
      const { peer, toServer } = open(version);
      peer.data('RobE!', map(toServer, 1, 'RobE!'));
      peer.acks(dataFin(toServer + 1n));
      expect(peer.data('more', map(toServer + 5n, 6, 'more'))).to.deep.equal(['1 < . 4 dss']);
    });

    it('with a wrong checksum fails as data does', () => {
      const { peer, toServer } = open(version);
      expect(peer.acks({ ...dataFin(toServer), checksum: 1 })).to.deep.equal(['1 < . mp_fail']);
    });
  });

  it(`a server of v${version} that has closed echoes nothing any more`, () => {
    const { peer, bench, toServer } = open(version);
    bench.act((host, now) => host.close('accepted:1', now));
    expect(bench.told()).to.deep.equal(['1 < . dss']);
    expect(peer.data('late', map(toServer, 1, 'late'))).to.deep.equal(['1 < . dss']);
    expect(bench.noticed()).to.deep.equal(['data']);
  });
}
