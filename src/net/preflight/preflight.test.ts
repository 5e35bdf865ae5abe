import { expect } from 'chai';
import { answerFinding } from './preflight.js';

describe('what the preflight makes of an answer', () => {
  const table = [
    ['valid', undefined, undefined],
    ['partial', 'fault', /leaves the TCP checksum to its interface \(IPv6\)/],
    ['invalid', 'note', /wrong TCP checksum/],
    ['unverifiable', 'note', /cannot be verified/],
    [undefined, 'note', /draws no answer/],
  ] as const;
  for (const [checksum, kind, text] of table) {
    it(`a checksum that is ${checksum ?? 'missing, with all the rest'}: ${kind ?? 'nothing'}`, () => {
      const [finding] = answerFinding({ path: 2, ip: 6, ...(checksum !== undefined && { checksum }) });
      expect(finding?.kind).to.equal(kind);
      if (text !== undefined) expect(finding?.text).to.match(text);
    });
  }

  it('a fault says what to do', () => {
    expect(answerFinding({ path: 1, ip: 4, checksum: 'partial' })[0]?.remedy).to.contain('ethtool -K');
  });
});
