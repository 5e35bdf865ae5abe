import { expect } from 'chai';
import { compareChecksums } from './probe-result.js';
import type { SynAnswer } from './syn-question.js';

const answered = (asksForChecksums: boolean): SynAnswer => ({
  answer: 'syn/ack',
  mptcp: 1,
  asksForChecksums,
  checksum: 'valid',
});

describe('what an answer shows beside what is declared', () => {
  const table: readonly (readonly [about: string, declared: string | boolean | undefined, SynAnswer, string[]])[] = [
    ['checksums as declared', true, answered(true), ['yes']],
    ['checksums waived as declared', false, answered(false), ['yes']],
    ['checksums although waived', false, answered(true), ['no']],
    ['no checksums although declared', true, answered(false), ['no']],
    ['nothing declared', undefined, answered(true), []],
    ['anything declared', 'any', answered(true), []],
    ['no answer', true, { answer: 'nothing' }, []],
    ['an answer without MPTCP', true, { answer: 'syn/ack', checksum: 'valid' }, []],
  ];
  for (const [about, declared, answer, outcomes] of table)
    it(about, () => {
      const found = compareChecksums('path 1 IPv4', 1, declared, answer);
      expect(found.map(({ outcome }) => outcome)).to.deep.equal(outcomes);
      for (const { outcome, remedy } of found) expect(remedy !== undefined).to.equal(outcome === 'no');
    });
});
