import { expect } from 'chai';
import { printable } from './printable.js';

describe('printable', () => {
  const table: readonly (readonly [what: string, from: string, to: string])[] = [
    ['ordinary text stays', 'expected SYN/ACK, got nothing', 'expected SYN/ACK, got nothing'],
    ['a terminal escape is shown', '\u001b[31mred', '\\x1b[31mred'],
    ['lines become one', 'a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['a direction mark is shown', 'a\u202eb', 'a\\u{202e}b'],
    ['C1 controls are shown', 'a\u009bb', 'a\\x9bb'],
    ['letters beyond ASCII stay', 'größe …', 'größe …'],
    ['a character outside the basic plane stays', '🙂', '🙂'],
  ];
  for (const [what, from, to] of table) it(what, () => expect(printable(from)).to.equal(to));

  it('cuts what is too long and says how long it was', () =>
    expect(printable('abcdef', 3)).to.equal('abc… (6 characters)'));
});
