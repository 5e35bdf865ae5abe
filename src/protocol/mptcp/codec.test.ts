/** Every MPTCP option as a value and as octets, both ways, then what is cut short or has a length that does not exist. */
import { expect } from 'chai';
import { fromHex, toHex } from '../bytes/hex.js';
import type { TcpOption } from '../wire/tcp-option.js';
import { decodeOptions, encodeOption, encodeOptions, writeOptions } from '../wire/tcp-options.js';
import { defaultDraftSubtypes, type MptcpOption } from './option.js';

const A = 0x0102030405060708n;
const B = 0x1112131415161718n;
const capable = { option: 'mp_capable', flags: 0x81 } as const;
const join = { option: 'mp_join', backup: false, reserved: 0 } as const;

const read = (hex: string, rst = false): readonly TcpOption[] => decodeOptions(fromHex(hex), { rst });

/** Where the octets come from stands in front: a document's vector, or a capture of the Linux kernel. */
const table: readonly [string, MptcpOption, string][] = [
  ['vector: MP_CAPABLE v0 SYN', { ...capable, version: 0, key: A }, '1e0c00810102030405060708'],
  ['vector: MP_CAPABLE v1 SYN', { ...capable, version: 1 }, '1e040181'],
  ['vector: MP_CAPABLE v0 SYN/ACK', { ...capable, version: 0, key: B }, '1e0c00811112131415161718'],
  ['vector: MP_CAPABLE v1 SYN/ACK', { ...capable, version: 1, key: B }, '1e0c01811112131415161718'],
  [
    'vector: MP_CAPABLE v0 ACK',
    { ...capable, version: 0, key: A, peerKey: B },
    '1e14008101020304050607081112131415161718',
  ],
  [
    'vector: MP_CAPABLE v1 ACK',
    { ...capable, version: 1, key: A, peerKey: B },
    '1e14018101020304050607081112131415161718',
  ],
  [
    'vector: MP_CAPABLE v1 with data',
    { ...capable, flags: 1, version: 1, key: A, peerKey: B, dataLength: 5 },
    '1e160101010203040506070811121314151617180005',
  ],
  [
    'vector: MP_CAPABLE v1 with data and checksum',
    { ...capable, version: 1, key: A, peerKey: B, dataLength: 5, checksum: 0xf0be },
    '1e180181010203040506070811121314151617180005f0be',
  ],
  [
    'vector: MP_JOIN v0 SYN',
    { ...join, form: 'syn', addressId: 2, token: 0x3383d918, nonce: 0x0a0b0c0d },
    '1e0c10023383d9180a0b0c0d',
  ],
  [
    'vector: MP_JOIN v1 SYN',
    { ...join, form: 'syn', addressId: 2, token: 0xccad45ac, nonce: 0x0a0b0c0d },
    '1e0c1002ccad45ac0a0b0c0d',
  ],
  [
    'a backup MP_JOIN SYN with reserved bits',
    { option: 'mp_join', form: 'syn', backup: true, reserved: 5, addressId: 255, token: 0xffffffff, nonce: 0 },
    '1e0c1bffffffffff00000000',
  ],
  [
    'vector: MP_JOIN v0 SYN/ACK',
    { ...join, form: 'syn/ack', addressId: 0, hmac: fromHex('2cc723c91a853eca'), nonce: 0x1a1b1c1d },
    '1e1010002cc723c91a853eca1a1b1c1d',
  ],
  [
    'vector: MP_JOIN v1 SYN/ACK',
    { ...join, form: 'syn/ack', addressId: 0, hmac: fromHex('58397cd6aaa86e37'), nonce: 0x1a1b1c1d },
    '1e10100058397cd6aaa86e371a1b1c1d',
  ],
  [
    'vector: MP_JOIN v0 ACK',
    { option: 'mp_join', form: 'ack', reserved: 0, hmac: fromHex('ba0af79ab810aaed76c771860eb95afb8cd0e956') },
    '1e181000ba0af79ab810aaed76c771860eb95afb8cd0e956',
  ],
  [
    'vector: MP_JOIN v1 ACK',
    { option: 'mp_join', form: 'ack', reserved: 0, hmac: fromHex('7a9d6fb3a43f2adaa2f117547f238fd21a6838ca') },
    '1e1810007a9d6fb3a43f2adaa2f117547f238fd21a6838ca',
  ],
  [
    'vector: DSS v0 map with checksum',
    { option: 'dss', flags: 0x0c, dsn: 0x3a95ed6e4ebb4ad6n, ssn: 1, dataLength: 5, checksum: 0x68af },
    '1e14200c3a95ed6e4ebb4ad600000001000568af',
  ],
  [
    'vector: DSS v1 map with checksum',
    { option: 'dss', flags: 0x0c, dsn: 0xf5a101d3d29d6f73n, ssn: 1, dataLength: 5, checksum: 0xf0be },
    '1e14200cf5a101d3d29d6f73000000010005f0be',
  ],
  ['vector: Data ACK v0', { option: 'dss', flags: 3, ack: 0x3a95ed6e4ebb4adbn }, '1e0c20033a95ed6e4ebb4adb'],
  ['vector: Data ACK v1', { option: 'dss', flags: 3, ack: 0xf5a101d3d29d6f78n }, '1e0c2003f5a101d3d29d6f78'],
  ['DSS with nothing but reserved bits', { option: 'dss', reserved: 0xf, flags: 0xe0 }, '1e042fe0'],
  ['DSS with 32-bit Data ACK', { option: 'dss', flags: 1, ack: 0x01020304n }, '1e08200101020304'],
  [
    'DSS with 32-bit forms and no checksum',
    { option: 'dss', flags: 5, ack: 1n, dsn: 2n, ssn: 3, dataLength: 4 },
    '1e122005000000010000000200000003' + '0004',
  ],
  [
    'captured: DSS with everything and DATA_FIN',
    {
      option: 'dss',
      flags: 0x1f,
      ack: 0x44d3500b13b06c7an,
      dsn: 0x149df4dee2d6760fn,
      ssn: 0,
      dataLength: 1,
      checksum: 0x9d9c,
    },
    '1e1c201f44d3500b13b06c7a149df4dee2d6760f0000000000019d9c',
  ],
  [
    'captured: ADD_ADDR v1',
    { option: 'add_addr', nibble: 0, addressId: 1, address: fromHex('0ab10202'), hmac: fromHex('4243c086ddc17b95') },
    '1e1030010ab102024243c086ddc17b95',
  ],
  [
    'captured: ADD_ADDR v1 echo',
    { option: 'add_addr', nibble: 1, addressId: 1, address: fromHex('0ab10202') },
    '1e0831010ab10202',
  ],
  [
    'ADD_ADDR v0 with port',
    { option: 'add_addr', nibble: 4, addressId: 2, address: fromHex('0a000201'), port: 8080 },
    '1e0a34020a0002011f90',
  ],
  [
    'ADD_ADDR v0 IPv6 with port',
    { option: 'add_addr', nibble: 6, addressId: 2, address: fromHex('fd000000000000000000000000000001'), port: 1 },
    '1e163602fd0000000000000000000000000000010001',
  ],
  [
    'ADD_ADDR v1 IPv6 with port',
    {
      option: 'add_addr',
      nibble: 0,
      addressId: 3,
      address: fromHex('fd000000000000000000000000000001'),
      port: 443,
      hmac: fromHex('0102030405060708'),
    },
    '1e1e3003fd00000000000000000000000000000101bb0102030405060708',
  ],
  ['REMOVE_ADDR of two', { option: 'remove_addr', reserved: 0, addressIds: [1, 7] }, '1e05400107'],
  ['MP_PRIO v1', { option: 'mp_prio', backup: true, reserved: 0 }, '1e0351'],
  ['MP_PRIO v0 with address', { option: 'mp_prio', backup: false, reserved: 0, addressId: 4 }, '1e045004'],
  ['MP_FAIL', { option: 'mp_fail', reserved: 0, dsn: A }, '1e0c60000102030405060708'],
  ['vector: MP_FASTCLOSE', { option: 'mp_fastclose', reserved: 0, peerKey: B }, '1e0c70001112131415161718'],
  ['MP_TCPRST', { option: 'mp_tcprst', flags: 1, reason: 3 }, '1e048103'],
  ['vector: ROBE_eSIM_EN', { option: 'robe_esim_en', reserved: 0 }, '1e049000'],
  ['ROBE_eSIM_EN with reserved bits', { option: 'robe_esim_en', reserved: 0xabc }, '1e049abc'],
  [
    'vector: MP_JOIN_CAP v0',
    { option: 'mp_join_cap', reserved: 0, addressId: 2, key: A, mac: fromHex('5b6cb17b715aac98cc51c72a') },
    '1e18a00201020304050607085b6cb17b715aac98cc51c72a',
  ],
  [
    'vector: MP_JOIN_CAP v1',
    { option: 'mp_join_cap', reserved: 0, addressId: 2, key: A, mac: fromHex('0014ec80c8c1d73443163b2a') },
    '1e18a00201020304050607080014ec80c8c1d73443163b2a',
  ],
  ['vector: L_RTT_EN 0', { option: 'l_rtt_en', reserved: 0, rtt: 0n, octets: 4 }, '1e08b00000000000'],
  ['vector: L_RTT_EN 20000', { option: 'l_rtt_en', reserved: 0, rtt: 20000n, octets: 4 }, '1e08b00000004e20'],
  ['L_RTT_EN in 64 bits', { option: 'l_rtt_en', reserved: 0, rtt: 20000n, octets: 8 }, '1e0cb0000000000000004e20'],
  [
    'L_RTT_EN in three words',
    { option: 'l_rtt_en', reserved: 0, rtt: (1n << 95n) | 1n, octets: 12 },
    '1e10b000800000000000000000000001',
  ],
  ['an unknown subtype', { option: 'mptcp_unknown', subtype: 0xf, nibble: 5, data: fromHex('0102') }, '1e05f50102'],
  [
    'an unknown subtype without data',
    { option: 'mptcp_unknown', subtype: 0xf, nibble: 0, data: fromHex('') },
    '1e03f0',
  ],
];

describe('MPTCP options', () => {
  for (const [name, value, hex] of table) {
    it(`${name}: value to octets`, () => {
      expect(toHex(encodeOption(value))).to.equal(hex);
    });
    it(`${name}: octets to value`, () => {
      expect(read(hex)).to.deep.equal([value]);
    });
  }

  it('writes every octet of a buffer that was not empty', () => {
    for (const [name, value, hex] of table) {
      const buffer = new Uint8Array(48).fill(0xa5);
      const end = writeOptions([value], buffer, 4, defaultDraftSubtypes);
      const padding = '00'.repeat((4 - ((hex.length / 2) % 4)) % 4);
      expect(toHex(buffer.subarray(4, end)), name).to.equal(hex + padding);
      expect(toHex(buffer.subarray(0, 4)) + toHex(buffer.subarray(end)), name).to.equal('a5'.repeat(4 + 48 - end));
    }
  });

  it('takes the subtypes of the draft as they are declared', () => {
    const subtypes = { esimEn: 0xc, joinCap: 0xd, lRtt: 0xe };
    expect(toHex(encodeOption({ option: 'robe_esim_en', reserved: 0 }, subtypes))).to.equal('1e04c000');
    expect(decodeOptions(fromHex('1e04c000'), { rst: false }, subtypes)[0]).to.include({ option: 'robe_esim_en' });
    expect(decodeOptions(fromHex('1e049000'), { rst: false }, subtypes)[0]).to.include({ option: 'mptcp_unknown' });
  });

  it('reads subtype 8 as MP_TCPRST on a RST even when the draft uses the number, too', () => {
    const subtypes = { ...defaultDraftSubtypes, esimEn: 8 };
    expect(decodeOptions(fromHex('1e048001'), { rst: true }, subtypes)[0]).to.include({ option: 'mp_tcprst' });
    expect(decodeOptions(fromHex('1e048001'), { rst: false }, subtypes)[0]).to.include({ option: 'robe_esim_en' });
  });
});

describe('MPTCP options with a length that does not exist', () => {
  /** Octets, then path and reason. */
  const wrong: readonly [string, string, string][] = [
    ['1e02', 'tcp/options/0/mptcp/subtype', '2 octets left, 3 needed'],
    ['1e040081', 'tcp/options/0/mp_capable_v0/length', 'length 4, 12 or 20 possible'],
    [
      '1e16008101020304050607081112131415161718' + '0005',
      'tcp/options/0/mp_capable_v0/length',
      'length 22, 12 or 20 possible',
    ],
    ['1e0b01811112131415161700', 'tcp/options/0/mp_capable_v1/length', 'length 11, 4 or 12 or 20 or 22 or 24 possible'],
    ['1e0301', 'tcp/options/0/mp_capable_v1/length', 'length 3, 4 or 12 or 20 or 22 or 24 possible'],
    ['1e0b10023383d9180a0b0c', 'tcp/options/0/mp_join/length', 'length 11, 12 or 16 or 24 possible'],
    ['1e0d10023383d9180a0b0c0d00', 'tcp/options/0/mp_join/length', 'length 13, 12 or 16 or 24 possible'],
    ['1e13200c3a95ed6e4ebb4ad60000000100056800', 'tcp/options/0/dss/length', 'length 19, 18 or 20 possible'],
    ['1e0b20033a95ed6e4ebb4a', 'tcp/options/0/dss/length', 'length 11, 12 possible'],
    ['1e0320', 'tcp/options/0/dss/length', 'length 3, 4 possible'],
    [
      '1e0930010ab1020200',
      'tcp/options/0/add_addr/length',
      'length 9, 8 or 16 or 10 or 18 or 20 or 28 or 22 or 30 possible',
    ],
    ['1e0340', 'tcp/options/0/remove_addr/address_ids', '0 octets left, 1 needed'],
    ['1e05500400', 'tcp/options/0/mp_prio/length', 'length 5, 3 or 4 possible'],
    ['1e0b600001020304050607', 'tcp/options/0/mp_fail/length', 'length 11, 12 possible'],
    ['1e0b700001020304050607', 'tcp/options/0/mp_fastclose/length', 'length 11, 12 possible'],
    ['1e0380', 'tcp/options/0/mp_tcprst/length', 'length 3, 4 possible'],
    ['1e05900000', 'tcp/options/0/robe_esim_en/length', 'length 5, 4 possible'],
    ['1e0aa002010203040506', 'tcp/options/0/mp_join_cap/key', '6 octets left, 8 needed'],
    ['1e17a00201020304050607085b6cb17b715aac98cc51c7', 'tcp/options/0/mp_join_cap/mac', '11 octets left, 12 needed'],
    ['1e09b0000000000000', 'tcp/options/0/l_rtt_en/length', 'length 9, 8 or 12 or 16 possible'],
  ];
  for (const [hex, path, why] of wrong)
    it(`${hex}: ${why}`, () => {
      const length = Number.parseInt(hex.slice(2, 4), 16);
      const [option] = read(hex);
      expect(option).to.deep.equal({
        option: 'malformed',
        kind: 30,
        octets: fromHex(hex).subarray(0, length),
        malformed: {
          path,
          offset: path.includes('/key') ? 4 : path.includes('/mac') ? 12 : path.includes('address_ids') ? 3 : 0,
          why,
        },
      });
    });

  it('keeps its octets, so the list goes back as it came', () => {
    for (const [hex] of wrong) {
      const octets = fromHex(hex.padEnd(Math.ceil(hex.length / 8) * 8, '0'));
      expect(toHex(encodeOptions(decodeOptions(octets, { rst: false })))).to.equal(toHex(octets));
    }
  });

  it('any cut of any option is malformed or another option, and never lost', () => {
    for (const [name, , hex] of table)
      for (let length = 2; length < hex.length / 2; length++) {
        const cut = fromHex(hex).slice(0, length);
        cut[1] = length;
        const again = decodeOptions(cut, { rst: false });
        expect(toHex(encodeOptions(again)).slice(0, length * 2), `${name} cut to ${length}`).to.equal(toHex(cut));
      }
  });
});
