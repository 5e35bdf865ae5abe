/** Trials on a piece of code with four mutants, written as Stryker writes them. */
import { expect } from 'chai';
import type { Exercise, Observation } from './exercise.js';
import { type Instrumented, measureReaches } from './reach.js';
import { StepCounter } from './step-counter.js';
import { Trials } from './trial.js';

/** What instrumented code does where a mutant is: counts that it was reached, and says whether it is switched on. */
const passing =
  ({ context, counter }: Instrumented) =>
  (mutant: string) => {
    const test = context.currentTestId;
    let hits = counter.static;
    if (test !== undefined) {
      hits = counter.perTest[test] ?? {};
      counter.perTest[test] = hits;
    }
    hits[mutant] = (hits[mutant] ?? 0) + 1;
    return context.activeMutant === mutant;
  };

const bench = () => {
  const instrumented: Instrumented = { context: {}, counter: new StepCounter() };
  const isActive = passing(instrumented);
  const performed: string[] = [];
  const exercise = (test: string, declaration: string, perform: () => Observation): Exercise => ({
    test,
    name: `${test} on ${declaration}`,
    key: test,
    perform: () => {
      performed.push(`${test} on ${declaration}`);
      return perform();
    },
  });
  const greet = (): Observation =>
    isActive('0') ? { verdict: 'fail', frames: 'RST' } : { verdict: 'pass', frames: 'SYN/ACK' };
  const part = (): Observation => ({ verdict: 'pass', frames: isActive('1') ? 'FIN' : 'FIN/ACK' });
  const idle = (): Observation => {
    isActive('2');
    return { frames: 'none' };
  };
  const circle = (): Observation => {
    try {
      while (isActive('3')) performed.pop();
    } catch {
      return { verdict: 'fail', frames: 'none' };
    }
    return { verdict: 'pass', frames: 'FIN' };
  };
  const reaches = measureReaches(
    [
      exercise('greet', 'a', greet),
      exercise('greet', 'b', greet),
      exercise('part', 'a', part),
      exercise('idle', 'a', idle),
      exercise('circle', 'a', circle),
    ],
    instrumented,
  );
  performed.length = 0;
  return { reaches, trials: new Trials(reaches, instrumented), performed };
};

describe('trials of mutants', () => {
  it('leave out a case that sees and reaches the same under another declaration', () => {
    const { reaches } = bench();
    expect(reaches.map(({ exercise }) => exercise.name)).to.deep.equal([
      'greet on a',
      'part on a',
      'idle on a',
      'circle on a',
    ]);
  });

  it('tell what each exercise reaches', () => {
    const { reaches } = bench();
    expect(reaches.map(({ hits }) => hits)).to.deep.equal([{ '0': 1 }, { '1': 1 }, { '2': 1 }, { '3': 1 }]);
  });

  it('end with the first case that notices', () => {
    const { trials, performed } = bench();
    const outcome = trials.try('0', 'greet.ts');
    expect(outcome).to.include({ outcome: 'noticed', says: 'fail greet on a', performed: 1 });
    expect(performed).to.deep.equal(['greet on a']);
  });

  it('tell a change of packets that nobody minds', () => {
    const { trials } = bench();
    expect(trials.try('1', 'part.ts')).to.deep.equal({
      outcome: 'unnoticed',
      changed: ['part on a'],
      performed: 1,
    });
  });

  it('tell that no packet changed', () => {
    const { trials } = bench();
    expect(trials.try('2', 'idle.ts')).to.deep.equal({ outcome: 'no packet changed', performed: 1 });
  });

  it('end code that goes round in circles', () => {
    const { trials } = bench();
    expect(trials.try('3', 'circle.ts')).to.include({ outcome: 'noticed', says: 'fail circle on a' });
  });

  it('perform only the tests asked for', () => {
    const { trials, performed } = bench();
    expect(trials.try('0', 'greet.ts', new Set(['part'])).outcome).to.equal('no packet changed');
    expect(performed).to.deep.equal([]);
  });
});
