import { expect } from 'chai';
import { pack, unpack } from './packed.js';

const same = (name: string) => name;
const back = (value: unknown): unknown => unpack(pack(value), same);

describe('packed values', () => {
  const values: readonly (readonly [string, unknown])[] = [
    ['texts and numbers', ['', 'a', -1, 0, 1.5, true, false, null]],
    ['bigints of any width', [0n, -1n, 2n ** 64n - 1n]],
    ['octets', { one: Uint8Array.of(0, 255), none: new Uint8Array(0) }],
    ['maps with the same keys in another order', [{ a: 1, b: 2 }, { b: 2, a: 1 }, {}]],
    ['lists in lists', [[], [[]], [['n', 'x', 'm']], ['n', '7']]],
    ['a Map', new Map([['a', { b: new Map([[1, 'c']]) }]])],
  ];
  for (const [what, value] of values)
    it(`come back: ${what}`, () => {
      expect(back(value)).to.deep.equal(value);
    });

  it('leave out what is undefined, as maps do that have no such key', () => {
    expect(back({ a: undefined, b: 1 })).to.deep.equal({ b: 1 });
  });

  it('hold once what is there twice', () => {
    const [one, other] = back([{ key: [1, 2] }, { key: [1, 2] }]) as readonly unknown[];
    expect(one).to.equal(other);
  });

  it('call files by the names that they have where they are read', () => {
    const value = { origin: { file: 'cases/a.yaml', line: 1 }, title: 'cases/a.yaml' };
    expect(unpack(pack(value), (name) => `/home/${name}`)).to.deep.equal({
      origin: { file: '/home/cases/a.yaml', line: 1 },
      title: 'cases/a.yaml',
    });
  });

  it('are plain', () => {
    expect(() => pack({ a: () => 1 })).to.throw('function');
    expect(() => pack([Number.NaN])).to.throw('number NaN');
  });
});
