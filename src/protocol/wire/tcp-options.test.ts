/** TCP options other than MPTCP, and lists that lead nowhere. */
import { expect } from 'chai';
import { fromHex, toHex } from '../bytes/hex.js';
import type { TcpOption } from './tcp-option.js';
import { decodeOptions, encodeOptions } from './tcp-options.js';

const read = (hex: string): readonly TcpOption[] => decodeOptions(fromHex(hex), { rst: false });

const table: readonly [string, readonly TcpOption[], string][] = [
  ['nothing', [], ''],
  [
    'the options of a SYN',
    [
      { option: 'mss', value: 1460 },
      { option: 'sack_permitted' },
      { option: 'timestamps', value: 100, echo: 0xffffffff },
      { option: 'nop' },
      { option: 'window_scale', shift: 7 },
    ],
    '020405b4' + '0402' + '080a00000064ffffffff' + '01' + '030307',
  ],
  [
    'selective acknowledgements',
    [
      { option: 'nop' },
      { option: 'nop' },
      {
        option: 'sack',
        blocks: [
          { left: 1, right: 2 },
          { left: 0xfffffff0, right: 16 },
        ],
      },
    ],
    '0101' + '0512' + '0000000100000002' + 'fffffff000000010',
  ],
  ['an unknown kind', [{ option: 'unknown', kind: 253, data: fromHex('f989') }], 'fd04f989'],
  ['an end of list with padding', [{ option: 'nop' }, { option: 'eol', padding: fromHex('0000') }], '01000000'],
  ['an end of list with something after it', [{ option: 'eol', padding: fromHex('aabbcc') }], '00aabbcc'],
];

describe('TCP option list', () => {
  for (const [name, options, hex] of table)
    it(`${name}, both ways`, () => {
      expect(toHex(encodeOptions(options))).to.equal(hex);
      expect(read(hex)).to.deep.equal(options);
    });

  it('is padded with zeros to a whole word', () => {
    expect(toHex(encodeOptions([{ option: 'window_scale', shift: 1 }]))).to.equal('03030100');
  });

  it('writes raw octets and duplicates as they are given', () => {
    const mss: TcpOption = { option: 'mss', value: 1 };
    const raw: TcpOption = { option: 'raw', octets: fromHex('1eff0001') };
    expect(toHex(encodeOptions([mss, raw, mss]))).to.equal('020400011eff000102040001');
  });

  /** Octets, index, kind, octets kept, path, offset and reason. */
  const wrong: readonly [string, number, number, string, string, number, string][] = [
    ['0101011e', 3, 30, '1e', 'tcp/options/3/length', 3, '0 octets left, 1 needed'],
    ['011e0081', 1, 30, '1e0081', 'tcp/options/1/length', 1, 'length 0, at least 2 needed'],
    ['1e010181', 0, 30, '1e010181', 'tcp/options/0/length', 0, 'length 1, at least 2 needed'],
    ['01021e0c10023383', 1, 2, '021e0c10023383', 'tcp/options/1/length', 1, 'length 30, 7 octets left'],
    ['0203050101010101', 0, 2, '020305', 'tcp/options/0/mss/length', 0, 'length 3, 4 possible'],
    ['03040700', 0, 3, '03040700', 'tcp/options/0/window_scale/length', 0, 'length 4, 3 possible'],
    ['04030001', 0, 4, '040300', 'tcp/options/0/sack_permitted/length', 0, 'length 3, 2 possible'],
    ['05050000', 0, 5, '05050000', 'tcp/options/0/length', 0, 'length 5, 4 octets left'],
    [
      '0505000000000000',
      0,
      5,
      '0505000000',
      'tcp/options/0/sack/length',
      0,
      'length 5, 2 and a multiple of 8 possible',
    ],
    ['0808000000000000', 0, 8, '0808000000000000', 'tcp/options/0/timestamps/length', 0, 'length 8, 10 possible'],
  ];
  for (const [hex, index, kind, kept, path, offset, why] of wrong)
    it(`${hex}: ${why}`, () => {
      const options = read(hex);
      const expected = { option: 'malformed', kind, octets: fromHex(kept), malformed: { path, offset, why } };
      expect(options[index]).to.deep.equal(expected);
      expect(toHex(encodeOptions(options))).to.equal(hex);
    });

  it('goes on after an option whose length fits no layout', () => {
    expect(read('0203050101010101').map(({ option }) => option)).to.deep.equal([
      'malformed',
      'nop',
      'nop',
      'nop',
      'nop',
      'nop',
    ]);
  });
});
