import { expect } from 'chai';
import { OctetRange } from './octet-range.js';

describe('octet range', () => {
  const table: readonly (readonly [string, readonly (readonly [number, number])[], number, number])[] = [
    ['nothing', [], 0, 0],
    ['one range', [[0, 5]], 5, 5],
    [
      'a gap',
      [
        [0, 5],
        [7, 9],
      ],
      5,
      9,
    ],
    [
      'a gap that is filled',
      [
        [0, 5],
        [7, 9],
        [5, 7],
      ],
      9,
      9,
    ],
    [
      'ranges that overlap',
      [
        [0, 5],
        [3, 9],
      ],
      9,
      9,
    ],
    [
      'several gaps filled at once',
      [
        [4, 6],
        [8, 9],
        [6, 8],
        [0, 4],
      ],
      9,
      9,
    ],
    [
      'a repetition',
      [
        [0, 5],
        [0, 5],
      ],
      5,
      5,
    ],
    ['an empty range', [[3, 3]], 0, 0],
  ];
  for (const [what, ranges, contiguous, end] of table)
    it(`${what}: ${contiguous} without a gap, ${end} in all`, () => {
      const range = new OctetRange();
      for (const [from, to] of ranges) range.add(from, to);
      expect([range.contiguous, range.end]).to.deep.equal([contiguous, end]);
    });
});
