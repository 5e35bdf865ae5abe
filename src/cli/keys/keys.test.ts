/** `robe keys`: every derived value, and every argument that can be wrong. */
import { expect } from 'chai';
import { deriveValues } from './derived-values.js';
import { readKeyRequest } from './key-request.js';

const given = { version: '1', 'key-a': '0x0102030405060708', 'key-b': '0x1112131415161718' };

const derive = (
  more: Partial<Record<'version' | 'nonce-a' | 'nonce-b' | 'key-b2', string>> = {},
): Record<string, string> => {
  const request = readKeyRequest({ ...given, ...more });
  if ('length' in request) return expect.fail(request.join('; '));
  return Object.fromEntries(deriveValues(request).map(({ name, value }) => [name, value]));
};

describe('robe keys', () => {
  it('derives tokens and DSNs from two keys', () => {
    expect(derive()).to.deep.equal({
      key_a: '0x0102030405060708',
      token_a: '0x66840dda',
      idsn_a: '0xf5a101d3d29d6f72',
      first_dsn_a: '0xf5a101d3d29d6f73',
      key_b: '0x1112131415161718',
      token_b: '0xccad45ac',
      idsn_b: '0x535beea38e087c8e',
      first_dsn_b: '0x535beea38e087c8f',
    });
    expect(derive({ version: '0' })).to.include({ token_a: '0xdd5783bc', token_b: '0x3383d918' });
  });

  it('derives HMACs when there are nonces', () => {
    expect(derive({ 'nonce-a': '0x0a0b0c0d', 'nonce-b': '437984285' })).to.include({
      hmac_a_160: '7a9d6fb3a43f2adaa2f117547f238fd21a6838ca',
      hmac_b_64: '58397cd6aaa86e37',
    });
  });

  it("derives MACs when there is a Key-B'", () => {
    const values = derive({ 'key-b2': '0x2122232425262728' });
    expect(values).to.include({
      fast_hash_b: '0x32a',
      token_b2: '0xacc19696',
      join_cap_mac_96: '0014ec80c8c1d73443163b2a',
      join_cap_mac_128: '0014ec80c8c1d73443163942b925c32a',
      'join_cap_mac_split_bb2|a': 'a829019a8028eac617f0df2a',
      join_cap_mac_crc_x25: '0014ec80c8c1d73443163ab1',
    });
  });

  const wrong: readonly [Partial<Parameters<typeof readKeyRequest>[0]>, string][] = [
    [{ version: '2' }, '--version: 0 or 1 was expected, not 2'],
    [{ 'key-a': 'secret' }, '--key-a: a number such as 0x1f was expected, not secret'],
    [{ 'key-b': '0x10000000000000000' }, '--key-b: 0x10000000000000000 does not fit into 64 bits'],
    [{ 'key-b2': '-1' }, '--key-b2: a number such as 0x1f was expected, not -1'],
    [{ 'nonce-a': '0x100000000', 'nonce-b': '1' }, '--nonce-a: 0x100000000 does not fit into 32 bits'],
    [{ 'nonce-b': '1' }, '--nonce-a and --nonce-b: the HMACs need both'],
  ];
  for (const [more, problem] of wrong)
    it(`refuses: ${problem}`, () => {
      expect(readKeyRequest({ ...given, ...more })).to.deep.equal([problem]);
    });
});
