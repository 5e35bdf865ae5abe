import { expect } from 'chai';
import { inPrefix, nthAddress, prefixSize } from './addresses.js';

describe('addresses in a prefix', () => {
  const table: readonly (readonly [prefix: string, n: number | bigint, address: string])[] = [
    ['10.201.64.0/18', 0, '10.201.64.0'],
    ['10.201.64.0/18', 1, '10.201.64.1'],
    ['10.201.64.0/18', 256, '10.201.65.0'],
    ['10.201.64.0/18', 16_383, '10.201.127.255'],
    ['255.255.255.255/32', 0, '255.255.255.255'],
    ['0.0.0.0/0', 4_294_967_295, '255.255.255.255'],
    ['fd52:6f62:6500:1:1::/80', 0, 'fd52:6f62:6500:1:1::'],
    ['fd52:6f62:6500:1:1::/80', 0x1_0000, 'fd52:6f62:6500:1:1:0:1:0'],
    ['fd52:6f62:6500:1:1::/80', (1n << 48n) - 1n, 'fd52:6f62:6500:1:1:ffff:ffff:ffff'],
    ['::/0', (1n << 128n) - 1n, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ];
  for (const [prefix, n, address] of table) {
    it(`${prefix} + ${n} = ${address}`, () => {
      expect(nthAddress(prefix, n)).to.equal(address);
      expect(inPrefix(prefix, address)).to.equal(true);
    });
  }

  const refused: readonly (readonly [prefix: string, n: number, why: string])[] = [
    ['10.201.64.0/18', 16_384, 'has no address 16384'],
    ['10.201.64.0/18', -1, 'has no address -1'],
    ['10.201.64.1/18', 0, 'bits set after its length'],
    ['10.201.64.0/33', 0, 'not a prefix'],
    ['10.201.64.0', 0, 'not a prefix'],
    ['10.201.64/18', 0, 'not an IP'],
    ['fd00::/129', 0, 'not a prefix'],
  ];
  for (const [prefix, n, why] of refused) {
    it(`${prefix} + ${n} is refused`, () => {
      expect(() => nthAddress(prefix, n)).to.throw(RangeError, why);
    });
  }

  it('counts every address of a prefix', () => {
    expect(prefixSize('10.0.0.0/8')).to.equal(1n << 24n);
    expect(prefixSize('fd00::/64')).to.equal(1n << 64n);
  });

  it('tells versions and neighbours apart', () => {
    expect(inPrefix('10.201.64.0/18', '10.201.128.0')).to.equal(false);
    expect(inPrefix('::/0', '10.201.64.1')).to.equal(false);
    expect(inPrefix('0.0.0.0/0', 'fd00::1')).to.equal(false);
  });
});
