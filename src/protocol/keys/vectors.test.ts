/** The derivations against vectors computed by an independent program and cross-checked with openssl, tcpdump and tshark. */
import { expect } from 'chai';
import { fromHex, toHex } from '../bytes/hex.js';
import { addAddrHmac } from './add-addr-hmac.js';
import { type CrcVariant, crc16, crcVariants } from './crc16.js';
import { deriveOctets } from './derive-octets.js';
import { dssChecksum } from './dss-checksum.js';
import { hmac, type MptcpVersion } from './hash.js';
import {
  carriedFastHash,
  defaultJoinCapLayout,
  fastHash,
  type JoinCapLayout,
  joinCapDigest,
  joinCapMac,
} from './join-cap-mac.js';
import { joinHmac, joinHmac64, joinHmac160 } from './join-hmac.js';
import { initialDsn, keyDigest, token } from './key-digest.js';

const A = 0x0102030405060708n;
const B = 0x1112131415161718n;
const b2 = 0x2122232425262728n;
const a2 = 0x3132333435363738n;
const b3 = 0x4142434445464748n;
const ra = 0x0a0b0c0d;
const rb = 0x1a1b1c1d;

describe('keys: token and IDSN', () => {
  const table: readonly [string, bigint, MptcpVersion, number, bigint][] = [
    ['A', A, 0, 0xdd5783bc, 0x3a95ed6e4ebb4ad5n],
    ['A', A, 1, 0x66840dda, 0xf5a101d3d29d6f72n],
    ['B', B, 0, 0x3383d918, 0x9e1ae42f702627a9n],
    ['B', B, 1, 0xccad45ac, 0x535beea38e087c8en],
    ["B'", b2, 0, 0x6ef192d4, 0x820fff2d88d3f330n],
    ["B'", b2, 1, 0xacc19696, 0xc90d7d8c3e2d8eban],
    ["A'", a2, 0, 0x7c222fb2, 0x34e8932480637c0dn],
    ["A'", a2, 1, 0xef797c81, 0xc95c5ed7a898a64fn],
    ["B''", b3, 0, 0xc15eb4b5, 0x15bee42e62b3e576n],
    ["B''", b3, 1, 0x9ac2197d, 0x928b91be4283fc48n],
    ['whose IDSN is about to wrap', 0x0000000000113c69n, 0, 0xcb65f6ff, 0x3120661affffffe2n],
    ['whose IDSN is about to wrap', 0x0000000000242df2n, 1, 0xdda87208, 0x85e31fe8ffffffbbn],
  ];
  for (const [name, key, version, expectedToken, idsn] of table)
    it(`of key ${name} in v${version}`, () => {
      expect(token(version, key)).to.equal(expectedToken);
      expect(initialDsn(version, key)).to.equal(idsn);
    });

  const collisions: readonly [MptcpVersion, bigint, bigint, number][] = [
    [0, 0xcc012f18c89a042an, 0xca429f47e328aeaen, 0x1910f5aa],
    [0, 0xbf065b16507bc179n, 0xae3d26d95fb601f7n, 0x75dbcbc1],
    [1, 0xd4fb203083d8d3dan, 0x661868e858aa0a46n, 0xf8dc5f67],
    [1, 0xe7f789d3952d7331n, 0x79bf264b86406e86n, 0x11ad1a57],
  ];
  for (const [version, one, other, shared] of collisions)
    it(`two v${version} keys share token ${shared.toString(16)}`, () => {
      expect([token(version, one), token(version, other)]).to.deep.equal([shared, shared]);
    });

  it('keeps leading zeros of a token', () => {
    expect(token(0, 0x00000000000121e2n)).to.equal(0x0000ddaf);
    expect(token(1, 0x000000000000775cn)).to.equal(0x0000beb9);
  });

  it('hashes the key as eight octets in network order', () => {
    expect(toHex(keyDigest(0, A))).to.equal('dd5783bcf1e9002bc00ad5b83a95ed6e4ebb4ad5');
    expect(toHex(keyDigest(1, B))).to.equal('ccad45ac0b2662a91df84d7b5948daea157adc20dea7734a535beea38e087c8e');
  });
});

describe('keys: HMAC', () => {
  it('is that of RFC 2202 and RFC 4231, test case 1', () => {
    const key = new Uint8Array(20).fill(0x0b);
    const message = new TextEncoder().encode('Hi There');
    expect(toHex(hmac('sha1', key, message))).to.equal('b617318655057264e28bc0b6fb378c8ef146be00');
    expect(toHex(hmac('sha256', key, message))).to.equal(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    );
  });

  const fromA = { localKey: A, remoteKey: B, localNonce: ra, remoteNonce: rb };
  const fromB = { localKey: B, remoteKey: A, localNonce: rb, remoteNonce: ra };

  it('of MP_JOIN in v0', () => {
    expect(toHex(joinHmac160(0, fromA))).to.equal('ba0af79ab810aaed76c771860eb95afb8cd0e956');
    expect(toHex(joinHmac64(0, fromB))).to.equal('2cc723c91a853eca');
    expect(toHex(joinHmac(0, fromB))).to.equal('2cc723c91a853ecadef24429c13aa99567c8f418');
  });

  it('of MP_JOIN in v1', () => {
    expect(toHex(joinHmac160(1, fromA))).to.equal('7a9d6fb3a43f2adaa2f117547f238fd21a6838ca');
    expect(toHex(joinHmac64(1, fromB))).to.equal('58397cd6aaa86e37');
    expect(toHex(joinHmac(1, fromB))).to.equal('58397cd6aaa86e37cc750ac474afb52a61f9dc276ef1f76bbaa94649fb877ad5');
  });

  it('of ADD_ADDR, as the Linux kernel sent it', () => {
    const [a, b] = [0xedbd97aa0dd1f033n, 0x189ce8b2b72169bbn];
    const mac = addAddrHmac({ localKey: b, remoteKey: a, addressId: 1, address: fromHex('0ab10202') });
    expect(toHex(mac)).to.equal('4243c086ddc17b95');
  });
});

describe('keys: DSS checksum', () => {
  const payload = new TextEncoder().encode('RobE!');
  it('of the first payload', () => {
    expect(dssChecksum({ dsn: 0x3a95ed6e4ebb4ad6n, ssn: 1, dataLength: 5 }, payload)).to.equal(0x68af);
    expect(dssChecksum({ dsn: 0xf5a101d3d29d6f73n, ssn: 1, dataLength: 5 }, payload)).to.equal(0xf0be);
  });
});

describe('keys: CRC-16', () => {
  // Check values of the catalogue of parametrised CRC algorithms: the CRC of the digits 1 to 9.
  const checks: Record<CrcVariant, number> = {
    arc: 0xbb3d,
    'ccitt-false': 0x29b1,
    xmodem: 0x31c3,
    kermit: 0x2189,
    x25: 0x906e,
    modbus: 0x4b37,
  };
  const digits = new TextEncoder().encode('123456789');
  for (const variant of crcVariants)
    it(`${variant} has its catalogue's check value`, () => {
      expect(crc16(variant, digits)).to.equal(checks[variant]);
    });

  const hashes: Record<CrcVariant, readonly [number, number, number]> = {
    arc: [0x32a, 0x347, 0x39e],
    'ccitt-false': [0x205, 0x0bc, 0x1ef],
    xmodem: [0x33b, 0x182, 0x0d1],
    kermit: [0x1c2, 0x07c, 0x300],
    x25: [0x2b1, 0x30f, 0x073],
    modbus: [0x06a, 0x007, 0x0de],
  };
  for (const variant of crcVariants)
    it(`gives the fast hashes of B, B' and B'' in ${variant}`, () => {
      expect([B, b2, b3].map((key) => fastHash(variant, key))).to.deep.equal(hashes[variant]);
    });

  it('has keys with the same fast hash and a key whose fast hash is 0', () => {
    const same = [0x500d7537c03c43c9n, 0x731c587af8a030fbn, 0x32710d6b1b0218c3n];
    expect(same.map((key) => fastHash('arc', key))).to.deep.equal([0x32a, 0x32a, 0x32a]);
    expect(fastHash('arc', 0xfc8f1eb342960682n)).to.equal(0);
  });
});

describe('keys: MAC of MP_JOIN_CAP', () => {
  const mac = (version: MptcpVersion, layout: Partial<JoinCapLayout>): string =>
    toHex(joinCapMac({ version, keyA: A, keyB: B, keyB2: b2, layout: { ...defaultJoinCapLayout, ...layout } }));

  const table: readonly [Partial<JoinCapLayout>, string, string][] = [
    [{}, '5b6cb17b715aac98cc51c72a', '0014ec80c8c1d73443163b2a'],
    [{ macBits: 128 }, '5b6cb17b715aac98cc51c4ee22758f2a', '0014ec80c8c1d73443163942b925c32a'],
    [{ macBits: 160 }, '5b6cb17b715aac98cc51c4ee22758e9682e3432a', '0014ec80c8c1d73443163942b925c17ab1ebc72a'],
    [{ split: 'abb2|' }, 'afecf0ee292bb487b674932a', '4f01597cbc4d558a8681072a'],
    [{ split: 'bb2|a' }, '66562e7525b99a0bea777f2a', 'a829019a8028eac617f0df2a'],
    [{ split: 'b|ab2' }, '4d719e445704df7f41cff32a', 'c91fb0a625341e0c7d7aab2a'],
    [{ split: 'hash' }, 'bed80397bee770f3bfae1b2a', '87dab7be5972986c5f522f2a'],
    [{ crc: 'ccitt-false' }, '5b6cb17b715aac98cc51c605', '0014ec80c8c1d73443163a05'],
    [{ crc: 'xmodem' }, '5b6cb17b715aac98cc51c73b', '0014ec80c8c1d73443163b3b'],
    [{ crc: 'kermit' }, '5b6cb17b715aac98cc51c5c2', '0014ec80c8c1d734431639c2'],
    [{ crc: 'x25' }, '5b6cb17b715aac98cc51c6b1', '0014ec80c8c1d73443163ab1'],
    [{ crc: 'modbus' }, '5b6cb17b715aac98cc51c46a', '0014ec80c8c1d7344316386a'],
    // The whole digest's low bits fall to truncation: what is left is the plain MAC.
    [{ place: 'before-truncation' }, '5b6cb17b715aac98cc51c4ee', '0014ec80c8c1d73443163942'],
    // 0x32a as the ten highest bits: 0xca8 | (octet 1 & 0x3f).
    [{ place: 'msb' }, 'caacb17b715aac98cc51c4ee', 'ca94ec80c8c1d73443163942'],
  ];
  for (const [layout, v0, v1] of table)
    it(`in the layout ${JSON.stringify(layout)}`, () => {
      expect([mac(0, layout), mac(1, layout)]).to.deep.equal([v0, v1]);
    });

  it('takes the hash that the layout names', () => {
    expect(mac(0, { hash: 'sha256' })).to.equal(mac(1, {}));
    expect(mac(1, { hash: 'sha1' })).to.equal(mac(0, {}));
  });

  it('is cut from these digests', () => {
    const secrets = { keyA: A, keyB: B, keyB2: b2, layout: defaultJoinCapLayout };
    expect(toHex(joinCapDigest({ version: 0, ...secrets }))).to.equal('5b6cb17b715aac98cc51c4ee22758e9682e341ad');
    expect(toHex(joinCapDigest({ version: 1, ...secrets }))).to.equal(
      '0014ec80c8c1d73443163942b925c17ab1ebc7cc3eaf1cd47e1b8f94169f3b85',
    );
  });

  it('carries the fast hash where the layout puts it', () => {
    const read = (layout: Partial<JoinCapLayout>) =>
      carriedFastHash(fromHex(mac(1, layout)), { ...defaultJoinCapLayout, ...layout });
    expect([read({}), read({ macBits: 160 }), read({ place: 'msb' })]).to.deep.equal([0x32a, 0x32a, 0x32a]);
    expect(read({ place: 'before-truncation' })).to.equal(undefined);
  });
});

describe('keys: derived octets', () => {
  // printf 'key-a\0\0\0\0' | openssl dgst -sha256 -hmac seed
  it('are HMAC-SHA-256 over label and block counter', () => {
    expect(toHex(deriveOctets('seed', 'key-a', 8))).to.equal('f9c61f4e1fc1feae');
  });
  it('repeat for the same arguments, and differ between seeds, labels and blocks', () => {
    const long = deriveOctets('seed', 'x', 100);
    expect(toHex(deriveOctets('seed', 'x', 100))).to.equal(toHex(long));
    expect(long.length).to.equal(100);
    expect(toHex(deriveOctets('seed', 'x', 40))).to.equal(toHex(long.subarray(0, 40)));
    const others = [deriveOctets('seed', 'y', 32), deriveOctets('tree', 'x', 32), long.subarray(32, 64)];
    for (const other of others) expect(toHex(other)).not.to.equal(toHex(long.subarray(0, 32)));
  });
});
