import { expect } from 'chai';
import { embeddedSubject } from '../iut/embedded-subject.js';
import { serverCase } from '../suite/testing/dialogue.js';
import { totalsOf } from '../suite/verdict/results.js';
import { openLedger, type RunEnd } from './ledger.js';
import { notApplicable, noVerdict } from './result.js';

const subject = embeddedSubject('tcp');
const [one, two, three] = ['one', 'two', 'three'].map((id) => ({
  ...serverCase('- send: {on: 1, segment: SYN}\n- expect: {on: 1, segment: SYN/ACK}'),
  id,
}));
const cases = [one, two, three].filter((each) => each !== undefined);
const elsewhere = cases
  .slice(0, 1)
  .map((each) => notApplicable('tcp', { ...each, id: 'other' }, 'role client is not claimed'));

const open = (journal: (line: string) => void = () => {}) => openLedger([{ subject, cases }], elsewhere, journal);

describe('ledger', () => {
  const ends: readonly (readonly [end: RunEnd, verdict: string, sentence: RegExp])[] = [
    [{ end: 'complete' }, 'error', /the run ended without one/],
    [{ end: 'interrupted' }, 'not-run', /the run was interrupted/],
    [{ end: 'failed', why: 'tester1 vanished' }, 'error', /tester1 vanished/],
  ];
  for (const [end, verdict, sentence] of ends) {
    it(`gives what is missing the verdict ${verdict} when the run is ${end.end}`, () => {
      const ledger = open();
      const [first] = cases;
      if (first !== undefined)
        ledger.finished({ ...noVerdict(subject.name, first, ''), verdict: 'pass', sentence: 'As expected.' });
      const results = ledger.close(end);
      expect(results.map((each) => each.verdict)).to.deep.equal(['pass', verdict, verdict, 'not-applicable']);
      expect(results[1]?.sentence).to.match(sentence);
      expect(totalsOf(results)).to.deep.equal({ pass: 1, [verdict]: 2, 'not-applicable': 1 });
    });
  }

  it('journals the plan first, then every step as one line of JSON', () => {
    const lines: string[] = [];
    const ledger = open((line) => lines.push(line));
    ledger.began(subject.name, 'one');
    const [first] = cases;
    if (first !== undefined) ledger.finished(noVerdict(subject.name, first, 'a\nb'));
    expect(lines.map((line) => Object.keys(JSON.parse(line)))).to.deep.equal([
      ['journal', 'planned'],
      ['began'],
      ['result'],
    ]);
    for (const line of lines) expect(line.indexOf('\n')).to.equal(line.length - 1);
  });

  it('stops at a journal that cannot be written, with the verdict kept', () => {
    let full = false;
    const ledger = open(() => {
      if (full) throw new Error('no space left on device');
    });
    full = true;
    const [first] = cases;
    if (first === undefined) throw new Error('no case');
    expect(() => ledger.finished({ ...noVerdict(subject.name, first, ''), verdict: 'fail' })).to.throw('no space left');
    expect(ledger.close({ end: 'failed', why: 'no space left on device' })[0]?.verdict).to.equal('fail');
  });
});
