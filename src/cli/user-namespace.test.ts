import { expect } from 'chai';
import { asksForLab } from './user-namespace.js';

describe('a command line', () => {
  const table = [
    [{ _: ['start'] }, true],
    [{ _: ['run'], iut: 'lab:linux' }, true],
    [{ _: ['run', 'tcp.*'], iut: 'lab:reference:robe-sim' }, true],
    [{ _: ['run'], iut: 'embedded' }, false],
    [{ _: ['run'], iut: 'iut.yaml' }, false],
    [{ _: ['run'] }, false],
    [{ _: ['lab', 'up'], iut: 'kernel' }, false],
    [{ _: [] }, false],
  ] as const;
  for (const [given, asks] of table) {
    it(`${JSON.stringify(given)} ${asks ? 'asks' : 'does not ask'} for a lab`, () => {
      expect(asksForLab(given)).to.equal(asks);
    });
  }
});
