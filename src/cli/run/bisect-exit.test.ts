import { expect } from 'chai';
import { exitCodes } from '../../gate/exit-code.js';
import { bisectExitFor } from './bisect-exit.js';

describe('exit codes for git bisect run', () => {
  const table: readonly (readonly [name: keyof typeof exitCodes, code: number])[] = [
    ['holds', 0],
    ['red', 1],
    ['error', 125],
    ['inconclusive', 125],
    ['incomplete', 125],
    ['usage', 128],
    ['interrupted', 128],
  ];
  for (const [name, code] of table) {
    it(`${name}: ${code}`, () => {
      expect(bisectExitFor(exitCodes[name])).to.equal(code);
    });
  }
});
