import { expect } from 'chai';
import { isAlive, nameNamespaces, nobody, parseNamespaceName, thisProcess } from './namespace-name.js';

describe('namespace names', () => {
  it('tell owner, tag and side', () => {
    const owner = { pid: 4711, start: 123_456 };
    const { tb, iut } = nameNamespaces(owner, '3');
    expect(parseNamespaceName(tb)).to.deep.equal({ owner, tag: '3', side: 'tb' });
    expect(parseNamespaceName(iut)).to.deep.equal({ owner, tag: '3', side: 'iut' });
  });

  for (const foreign of ['web', 'robe-tb', 'robe-12-x-tb', 'robe-12-x-1-lan', 'robe-a-x-1-tb', 'my-robe-12-x-1-tb']) {
    it(`${foreign} is not ours`, () => {
      expect(parseNamespaceName(foreign)).to.equal(undefined);
    });
  }

  for (const tag of ['', 'a-b', '../x', 'UP', 'x'.repeat(33)]) {
    it(`the tag "${tag}" is refused`, () => {
      expect(() => nameNamespaces(nobody, tag)).to.throw(RangeError, 'not a lab');
    });
  }

  it('this process is alive, the same id started at another time is not, nobody always is', () => {
    const owner = thisProcess();
    expect(isAlive(owner)).to.equal(true);
    expect(isAlive({ ...owner, start: owner.start + 1 })).to.equal(false);
    expect(isAlive({ pid: 2 ** 30, start: 1 })).to.equal(false);
    expect(isAlive(nobody)).to.equal(true);
  });
});
