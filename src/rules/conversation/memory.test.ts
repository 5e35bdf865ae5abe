import { expect } from 'chai';
import { Memory } from './memory.js';

interface Entry {
  readonly name: number;
  over: boolean;
}

const entry = (name: number, over = false): Entry => ({ name, over });
const memory = (size: number): Memory<number, Entry> => new Memory(size, ({ over }) => over);
/** Names from `from` on, `count` of them. */
const names = (from: number, count: number): readonly number[] => Array.from({ length: count }, (_, i) => from + i);

describe('a memory of flows', () => {
  it('still knows what was over a moment ago, and soon not any more', () => {
    const known = memory(320);
    for (const name of names(0, 10)) known.set(name, entry(name, true));
    expect(names(0, 10).filter((name) => known.get(name) === undefined)).to.deep.equal([]);
    for (const name of names(10, 100)) known.set(name, entry(name, true));
    expect(names(0, 10).filter((name) => known.get(name) !== undefined)).to.deep.equal([]);
    expect(known.forgotten).to.equal(0);
  });

  it('keeps what goes on, however much begins and ends beside it', () => {
    const known = memory(320);
    known.set(-1, entry(-1));
    for (const name of names(0, 10_000)) known.set(name, entry(name, true));
    expect(known.get(-1)?.name).to.equal(-1);
  });

  it('drops what was over by the time it was no longer new, not what ended later', () => {
    const known = memory(320);
    const late = entry(-1);
    known.set(-1, late);
    for (const name of names(0, 100)) known.set(name, entry(name, true));
    late.over = true;
    for (const name of names(100, 100)) known.set(name, entry(name, true));
    expect(known.get(-1)).to.equal(late);
  });

  it('holds at least so many that go on, and counts those it forgets', () => {
    const known = memory(320);
    for (const name of names(0, 5000)) known.set(name, entry(name));
    expect(names(5000 - 320, 320).filter((name) => known.get(name) === undefined)).to.deep.equal([]);
    const held = names(0, 5000).filter((name) => known.get(name) !== undefined).length;
    expect(held).to.be.at.most(2 * 320 + 2 * 10 + 2);
    expect(known.forgotten).to.be.within(5000 - held - 320, 5000 - held);
  });

  it('gives the newest of a name, also when that was over and an older one was not', () => {
    const known = memory(320);
    known.set(-1, entry(1));
    for (const name of names(0, 100)) known.set(name, entry(name, true));
    known.set(-1, entry(2, true));
    expect(known.get(-1)?.name).to.equal(2);
    for (const name of names(100, 100)) known.set(name, entry(name, true));
    expect(known.get(-1)).to.equal(undefined);
  });
});
