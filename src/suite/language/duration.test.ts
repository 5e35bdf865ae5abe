import { expect } from 'chai';
import { durationText, parseDuration } from './duration.js';

describe('durations', () => {
  const table: readonly (readonly [text: string, nanoseconds: bigint])[] = [
    ['0', 0n],
    ['41 µs', 41_000n],
    ['20 ms', 20_000_000n],
    ['1.013 s', 1_013_000_000n],
    ['-1.5 ms', -1_500_000n],
  ];
  for (const [text, nanoseconds] of table)
    it(`tells ${nanoseconds} ns as ${text}`, () => {
      expect(durationText(nanoseconds)).to.equal(text);
    });

  it('tells in as many digits as are asked for', () => {
    expect(durationText(1_200_050_000n)).to.equal('1.2 s');
    expect(durationText(1_200_050_000n, 7)).to.equal('1.20005 s');
    expect(durationText(2_004_000_000n, 2)).to.equal('2 s');
  });

  it('reads times of case files, and nothing else', () => {
    expect(parseDuration('1.5s')).to.equal(1_500_000_000n);
    for (const text of ['', '5', '-5s', '5 s', '1m']) expect(parseDuration(text), text).to.equal(undefined);
  });
});
