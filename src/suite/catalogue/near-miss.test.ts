import { expect } from 'chai';
import { didYouMean, nearMiss } from './near-miss.js';

describe('a near miss', () => {
  const table: [word: string, candidates: string[], near: string | undefined][] = [
    ['expct', ['expect', 'send'], 'expect'],
    ['exepct', ['expect', 'send'], 'expect'],
    ['Send', ['expect', 'send'], 'send'],
    ['mp-capable', ['mp_capable', 'mp_join'], 'mp_capable'],
    ['zebra', ['expect', 'send'], undefined],
    ['on', ['in', 'an'], 'an'],
    ['ROBE-P1-S-021', ['ROBE-P1-S-02', 'ROBE-P1-C-01'], 'ROBE-P1-S-02'],
    ['', ['a'], 'a'],
    ['tcp.server.syn', ['mptcp.server.join', 'tcp.server.syn-answered'], 'tcp.server.syn-answered'],
    ['se', ['set-of-everything', 'send'], undefined],
    ['x', [], undefined],
  ];
  for (const [word, candidates, near] of table) {
    it(`${JSON.stringify(word)} among ${candidates.join(', ')} is ${near ?? 'none of them'}`, () => {
      expect(nearMiss(word, candidates)).to.equal(near);
    });
  }
  it('is asked about in words', () => {
    expect(didYouMean('snd', ['send'])).to.equal(', did you mean "send"?');
    expect(didYouMean('zebra', ['send'])).to.equal('');
  });
});
