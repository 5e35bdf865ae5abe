import { expect } from 'chai';
import { containsAddress, firstAddress, hostAddress, hostCount } from './prefix.js';

describe('prefixes', () => {
  const table: readonly (readonly [prefix: string, first: string, last: string, count: bigint])[] = [
    ['192.0.2.0/24', '192.0.2.1', '192.0.2.254', 254n],
    ['192.0.2.200/25', '192.0.2.129', '192.0.2.254', 126n],
    ['10.99.0.0/16', '10.99.0.1', '10.99.255.254', 65534n],
    ['2001:db8:0:1::/112', '2001:db8:0:1::1', '2001:db8:0:1::fffe', 65534n],
    ['192.0.2.4/31', '192.0.2.5', '192.0.2.4', 0n],
  ];
  for (const [prefix, first, last, count] of table) {
    it(`${prefix} has ${count} hosts from ${first}`, () => {
      expect(hostCount(prefix)).to.equal(count);
      expect(hostAddress(prefix, 1n)).to.equal(first);
      if (count > 0n) expect(hostAddress(prefix, count)).to.equal(last);
    });
  }

  it('tells who is inside', () => {
    expect(containsAddress('192.0.2.0/24', '192.0.2.9')).to.equal(true);
    expect(containsAddress('192.0.2.0/24', '192.0.3.9')).to.equal(false);
    expect(containsAddress('192.0.2.0/24', '2001:db8::9')).to.equal(false);
  });

  it('skips what is excepted', () =>
    expect(firstAddress('192.0.2.0/24', new Set(['192.0.2.1', '192.0.2.2']))).to.equal('192.0.2.3'));
});
