import { expect } from 'chai';
import { answerFinding, unfitFor } from './preflight.js';

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
      const [finding] = answerFinding(
        { path: 2, ip: 6, port: 'closed', ...(checksum !== undefined && { checksum }) },
        true,
      );
      expect(finding?.kind).to.equal(kind);
      if (text !== undefined) expect(finding?.text).to.match(text);
    });
  }

  it('a fault says what to do', () => {
    expect(answerFinding({ path: 1, ip: 4, port: 'server', checksum: 'partial' }, true)[0]?.remedy).to.contain(
      'ethtool -K',
    );
  });

  it('a server that refuses is a fault where it claims to serve, and the closed port may refuse', () => {
    const answer = { path: 1, ip: 4, checksum: 'valid', refused: true } as const;
    const kinds = (port: 'server' | 'closed', serves: boolean) =>
      answerFinding({ ...answer, port }, serves).map(({ kind }) => kind);
    expect(kinds('server', true)).to.deep.equal(['fault']);
    expect(kinds('server', false)).to.deep.equal([]);
    expect(kinds('closed', true)).to.deep.equal([]);
  });

  it('is one error with every fault and every remedy, or none', () => {
    const fault = { kind: 'fault', path: 1, text: 'is broken', remedy: 'mend it' } as const;
    expect(unfitFor({ findings: [fault, { kind: 'note', text: 'is odd' }] })).to.include({
      message: 'path 1: is broken',
      remedy: 'mend it',
    });
    expect(unfitFor({ findings: [{ kind: 'mended', text: 'was wrong' }] })).to.equal(undefined);
  });
});
