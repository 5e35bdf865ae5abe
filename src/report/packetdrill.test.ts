import { expect } from 'chai';
import { subjectsOf } from '../conduct/subjects-of.js';
import { bundledCatalogue } from '../conduct/testing/bundled-catalogue.js';
import { simulateCase } from '../run/simulate.js';
import { writePacketdrill } from './packetdrill.js';

const scriptOf = (id: string, iut: string) => {
  const found = bundledCatalogue().cases.find((each) => each.id === id);
  const [host] = subjectsOf(iut);
  if (found === undefined || host?.time !== 'virtual') throw new Error(`no ${id} on ${iut}`);
  const { plan, driven } = simulateCase(host, found, '1');
  const { text, left } = writePacketdrill({ plan, trace: driven.trace });
  return { lines: text.split('\n'), left };
};

describe('a script for packetdrill', () => {
  it('injects what the tester sent and expects what came, relative to both ends, with the calls of an echo', () => {
    const { lines, left } = scriptOf('tcp.server.connection.ip4', 'embedded:tcp');
    expect(left).to.deep.equal([]);
    expect(lines.slice(3, 14)).to.deep.equal([
      '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3',
      '+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0',
      '+0 bind(3, ..., ...) = 0',
      '+0 listen(3, 1) = 0',
      '+0 < S 0:0(0) win 65535 <mss 1460>',
      '+0~+2.0 > S. 0:0(0) ack 1 <mss 1460>',
      '+0 < . 1:1(0) ack 1 win 65535',
      '+0 accept(3, ..., ...) = 4',
      '+0 < P. 1:5(4) ack 1 win 65535',
      '+0 read(4, ..., 4) = 4',
      '+0 write(4, ..., 4) = 4',
    ]);
  });

  it('names keys, and counts data from each of them', () => {
    const { lines } = scriptOf('mptcp.server.data-fin-with-data.v1.ip4', 'embedded:mptcp');
    expect(lines).to.include('+0~+2.0 > S. 0:0(0) ack 1 <mss 1460,mpcapable v1 flags[flag_a,flag_h] key[skey]>');
    expect(lines.join('\n')).to.match(
      /< \. 1:1\(0\) ack 1 win 65535 <mpcapable v1 flags\[flag_a,flag_h\] key\[ckey=\d+, skey\]>/,
    );
    expect(lines).to.include('+0~+2.0 > P. 1:5(4) ack 5 <dss dack8=5 dsn8=1 ssn=1 dll=4>');
    expect(lines).to.include('+0 < P. 5:9(4) ack 5 win 65535 <dss dack8=5 dsn8=5 ssn=5 dll=5 fin>');
  });

  it('says what it leaves out, where it would stand and at the beginning', () => {
    const { lines, left } = scriptOf('mptcp.server.priority-changed.v1.ip4', 'embedded:mptcp');
    expect(left.join()).to.match(/MP_PRIO/);
    expect(lines.filter((line) => line.startsWith('// left out: MP_PRIO'))).to.have.length(1);
    expect(lines.some((line) => line.startsWith('// here: MP_PRIO'))).to.equal(true);
  });

  it('of MPTCP version 0 has no segment with its options', () => {
    const { lines, left } = scriptOf('mptcp.server.data-fin-with-data.v0.ip4', 'embedded:mptcp');
    expect(left).to.include('MPTCP version 0');
    expect(lines.join('\n')).not.to.contain('mpcapable');
  });
});
