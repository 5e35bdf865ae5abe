import { expect } from 'chai';
import type { ExpandedCase } from '../../suite/language/case.js';
import { bundledCatalogue } from '../testing/bundled-catalogue.js';
import { type LostEnd, type Round, Suspicion } from './suspicion.js';

const cases = (count: number, from = 0): readonly ExpandedCase[] => bundledCatalogue().cases.slice(from, from + count);

const lost = (about: Partial<LostEnd>): LostEnd => ({ end: 'lost', why: 'it died', suspects: [], left: [], ...about });

const shape = (rounds: readonly Round[]): readonly string[] =>
  rounds.map((round) => `${round.cases.length} at ${round.jobs}`);

describe('whom an implementation went away under', () => {
  const all: Round = { cases: [], jobs: 256 };

  it('many suspects run a few at a time, few of them alone; what had not begun comes after them', () => {
    const suspicion = new Suspicion(256);
    const many = lost({ suspects: cases(40), left: cases(100, 40) });
    expect(shape(suspicion.roundsAfter(many, all, []))).to.deep.equal(['40 at 8', '100 at 256']);
    expect(suspicion.tell(many, all)).to.equal(', and what was under way (40) is run once more, 8 at a time');
    const few = lost({ suspects: cases(8), left: cases(2, 8) });
    const later: readonly Round[] = [{ cases: cases(5, 20), jobs: 256 }];
    expect(shape(suspicion.roundsAfter(few, { cases: [], jobs: 8 }, later))).to.deep.equal([
      '8 at 1',
      '2 at 8',
      '5 at 256',
    ]);
    expect(suspicion.tell(few, all)).to.match(/one at a time/);
  });

  it('one that was alone explains what it was suspected of, and all others run together again', () => {
    const suspicion = new Suspicion(256);
    const suspects = cases(8);
    suspicion.note(lost({ suspects }));
    expect(suspicion.unexplained).to.equal('it died');
    const [guilty] = suspects;
    const alone = lost({ ...(guilty === undefined ? {} : { alone: guilty }), left: cases(3, 1) });
    suspicion.note(alone);
    expect(suspicion.unexplained).to.equal(undefined);
    const later: readonly Round[] = [
      { cases: cases(4, 20), jobs: 8 },
      { cases: cases(5, 30), jobs: 256 },
    ];
    expect(shape(suspicion.roundsAfter(alone, { cases: [], jobs: 1 }, later))).to.deep.equal(['12 at 256']);
  });

  it('what one was not among stays unexplained', () => {
    const suspicion = new Suspicion(4);
    suspicion.note(lost({ why: 'first', suspects: cases(2) }));
    const [other] = cases(1, 10);
    suspicion.note(lost(other === undefined ? {} : { alone: other }));
    expect(suspicion.unexplained).to.equal('first');
  });

  it('there is an end of it, sooner without a case to blame', () => {
    const without = new Suspicion(4);
    for (let times = 0; times < 5; times += 1) without.note(lost({}));
    expect(without.isHopeless).to.equal(false);
    without.note(lost({}));
    expect(without.isHopeless).to.equal(true);
    const blamed = new Suspicion(4);
    for (const alone of cases(25)) blamed.note(lost({ alone }));
    expect(blamed.isHopeless).to.equal(false);
    for (const alone of cases(1, 30)) blamed.note(lost({ alone }));
    expect(blamed.isHopeless).to.equal(true);
  });
});
