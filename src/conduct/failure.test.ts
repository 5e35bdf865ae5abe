/** What a person is told of something that was thrown. */
import { expect } from 'chai';
import { LinkError } from '../net/link/link.js';
import { failureOf, tellFailure } from './failure.js';

describe('a failure', () => {
  const table: readonly (readonly [what: string, cause: unknown, told: string])[] = [
    ['an error with a remedy', new LinkError('no such interface: eth9', 'ip link'), 'no such interface: eth9; ip link'],
    ['an error without one', new RangeError('too long'), 'too long'],
    ['what is no error', 'by hand', 'by hand'],
  ];
  for (const [what, cause, told] of table) {
    it(`${what} is told as it is`, () => {
      expect(tellFailure(failureOf(cause))).to.equal(told);
    });
  }
});
