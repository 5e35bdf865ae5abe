/** HMAC as RFC 2202 and RFC 4231 have it, for keys shorter and longer than a block. */
import { expect } from 'chai';
import { fromHex, toHex } from '../bytes/hex.js';
import { digest, type HashName, hmac } from './hash.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

interface Vector {
  readonly name: string;
  readonly hash: HashName;
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly expected: string;
}

const vectors: readonly Vector[] = [
  {
    name: 'RFC 2202 case 2',
    hash: 'sha1',
    key: text('Jefe'),
    message: text('what do ya want for nothing?'),
    expected: 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
  },
  {
    name: 'RFC 2202 case 6, a key of 80 octets',
    hash: 'sha1',
    key: new Uint8Array(80).fill(0xaa),
    message: text('Test Using Larger Than Block-Size Key - Hash Key First'),
    expected: 'aa4ae5e15272d00e95705637ce8a3b55ed402112',
  },
  {
    name: 'RFC 4231 case 1',
    hash: 'sha256',
    key: new Uint8Array(20).fill(0x0b),
    message: text('Hi There'),
    expected: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  {
    name: 'RFC 4231 case 6, a key of 131 octets',
    hash: 'sha256',
    key: new Uint8Array(131).fill(0xaa),
    message: text('Test Using Larger Than Block-Size Key - Hash Key First'),
    expected: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  },
];

describe('hashes', () => {
  for (const { name, hash, key, message, expected } of vectors)
    it(name, () => expect(toHex(hmac(hash, key, message))).to.equal(expected));

  it('digests are those of FIPS 180-4', () => {
    expect(toHex(digest('sha1', text('abc')))).to.equal('a9993e364706816aba3e25717850c26c9cd0d89d');
    expect(digest('sha256', text('abc'))).to.deep.equal(
      fromHex('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'),
    );
  });
});
