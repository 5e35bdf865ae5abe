import { expect } from 'chai';
import type { Claims } from './applicability.js';
import { reviewClaims } from './claims-review.js';

const sound: Claims = {
  roles: ['server', 'client'],
  versions: [0, 1],
  profiles: ['tcp', 'mptcp-v0', 'mptcp-v1', 'robe-esim'],
  ip: [4, 6],
  paths: 2,
  control: 2,
  parameters: {},
};

describe('the static review of a declaration', () => {
  it('is content with one that fits together, and says with what', () => {
    const items = reviewClaims(sound);
    expect(items.filter(({ status }) => status !== 'met')).to.deep.equal([]);
    expect(items.map(({ item }) => item)).to.deep.equal([
      'profile tcp',
      'an IP version',
      'profile mptcp-v0',
      'profile mptcp-v1',
      'robe-esim: MPTCP',
      'robe-esim: paths',
      'role client: control',
      "robe-esim: the draft's subtypes",
    ]);
  });
  it('asks for nothing that follows from what is not claimed', () => {
    const plain: Claims = { ...sound, roles: ['server'], versions: [], profiles: ['tcp'], control: 0, paths: 1 };
    expect(reviewClaims(plain).map(({ item, status }) => [item, status])).to.deep.equal([
      ['profile tcp', 'met'],
      ['an IP version', 'met'],
    ]);
  });

  const wrong: readonly (readonly [Partial<Claims>, item: string, status: string, told: RegExp])[] = [
    [{ profiles: ['mptcp-v0', 'mptcp-v1'] }, 'profile tcp', 'unmet', /add tcp/],
    [{ ip: [] }, 'an IP version', 'unmet', /none reaches/],
    [{ ip: [6] }, 'an IP version', 'limited', /IPv6 only/],
    [{ versions: [0] }, 'profile mptcp-v1', 'unmet', /add 1 to claims.versions/],
    [{ profiles: ['tcp', 'mptcp-v1'] }, 'profile mptcp-v0', 'unmet', /add mptcp-v0/],
    [{ versions: [], profiles: ['tcp', 'robe-sim'] }, 'robe-sim: MPTCP', 'unmet', /extension of MPTCP/],
    [{ paths: 1 }, 'robe-esim: paths', 'limited', /one path/],
    [{ control: 0 }, 'role client: control', 'limited', /without control/],
    [{ parameters: { 'esim.subtypes.en': 2 } }, "robe-esim: the draft's subtypes", 'unmet', /belong to options/],
    [{ parameters: { 'esim.subtypes.en': 10 } }, "robe-esim: the draft's subtypes", 'unmet', /share a subtype/],
  ];
  for (const [change, item, status, told] of wrong)
    it(`finds ${item} ${status} with ${JSON.stringify(change)}`, () => {
      const found = reviewClaims({ ...sound, ...change }).find((each) => each.item === item);
      expect(found?.status).to.equal(status);
      expect(found?.sentence).to.match(told);
    });
});
