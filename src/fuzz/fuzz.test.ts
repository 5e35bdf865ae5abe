/** Inputs follow from their place alone, and what is wrong with a reader is found. What the readers promise is tried by the program itself. */
import { expect } from 'chai';
import { toHex } from '../protocol/bytes/hex.js';
import { hunts, readers } from './hunts.js';
import type { Reader } from './reader.js';
import { inputOf, tryBatch } from './try-batch.js';

describe('what reads what others write', function () {
  this.timeout(60_000);
  it('is given the same input for the same place, and another one for another', () => {
    for (const reader of readers) {
      const [one, again] = [1, 2].map(() => toHex(inputOf(reader, 's', 3, 17)));
      expect(one).to.equal(again);
      const others = new Set(Array.from({ length: 9 }, (_, at) => toHex(inputOf(reader, 's', 4, at))));
      expect(others.size, reader.name).to.be.above(5);
    }
  });

  it('is found out where it throws, and where a promise does not hold', async () => {
    const plain: Reader = {
      name: 'plain',
      promises: 'no input is odd',
      batch: 4,
      originals: () => [Uint8Array.of(1), Uint8Array.of(2)],
      damage: (original) => original,
      read: (input) => {
        if (input[0] === 1) throw new TypeError('of one');
        return 'a two';
      },
    };
    const finds = await tryBatch(plain, 'test', 0);
    expect(finds.map(({ at }) => at)).to.deep.equal([0, 1, 2, 3]);
    expect(new Set(finds.map(({ what }) => what))).to.deep.equal(new Set(['threw of one', 'a two']));
  });
});

describe('orders of arrival by chance', function () {
  this.timeout(60_000);
  it('are the same for the same seed and batch, and keep the invariants', async () => {
    const hunt = hunts.find(({ name }) => name === 'schedules-robe-esim');
    expect(await hunt?.tryBatch('test', 0)).to.deep.equal([]);
    expect(hunt?.again('test', 2, { at: 0, what: '' })).to.contain('--seed test/2');
  });
});
