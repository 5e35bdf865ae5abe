/** What the code of a state tells apart, and what it does not. */
import { expect } from 'chai';
import { StateCode } from './state-code.js';

const states = new StateCode();

class Closed {
  readonly #inside: unknown;
  constructor(inside: unknown) {
    this.#inside = inside;
  }
  describe(): readonly unknown[] {
    return [this.#inside];
  }
}

class Untold {
  readonly shown = 1;
}

const circle = (name: string): unknown => {
  const host: { name: string; self?: unknown } = { name };
  host.self = host;
  return host;
};
const shared = { a: 1 };

describe('code of a state', () => {
  const alike: readonly (readonly [string, unknown, unknown])[] = [
    ['records of the same members', { a: 1, b: [2n] }, { a: 1, b: [2n] }],
    ['functions', { a: 1, act: () => 1 }, { a: 1, act: () => 2 }],
    ['circles', circle('x'), circle('x')],
    ['closed objects', new Closed([1]), new Closed([1])],
  ];
  for (const [what, one, other] of alike) {
    it(`${what} are alike`, () => expect(states.of(one)).to.equal(states.of(other)));
  }

  const apart: readonly (readonly [string, unknown, unknown])[] = [
    ['a number and its text', 1, '1'],
    ['a number and a big one', 1, 1n],
    ['undefined and absent', { a: undefined }, {}],
    ['text that looks like two', ['a', 'b'], ['a,1:b']],
    ['octets of another length', Uint8Array.of(1, 2), Uint8Array.of(1)],
    [
      'orders in a map',
      new Map([
        [1, 1],
        [2, 2],
      ]),
      new Map([
        [2, 2],
        [1, 1],
      ]),
    ],
    ['a set and an array', new Set([1]), [1]],
    ['one object twice and two alike', [shared, shared], [shared, { a: 1 }]],
    ['what is inside of closed objects', new Closed(1), new Closed(2)],
    ['circles of other content', circle('x'), circle('y')],
  ];
  for (const [what, one, other] of apart) {
    it(`${what}: told apart`, () => expect(states.of(one)).to.not.equal(states.of(other)));
  }

  it('an object of a class that does not describe itself is refused', () =>
    expect(() => states.of({ part: new Untold() })).to.throw(/Untold that does not describe itself/));

  it('a function alone is refused', () => expect(() => states.of([() => 1])).to.throw(/no state/));
});
