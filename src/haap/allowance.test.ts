import { expect } from 'chai';
import { isAllowed, loopbackAllowances, readAllowance, readTarget } from './allowance.js';

const target = (host: string, address: string, port = 80) => ({ host, address, port });

describe('what an aggregation point connects to', () => {
  const table: readonly (readonly [allowed: readonly string[], ReturnType<typeof target>, boolean])[] = [
    [loopbackAllowances, target('127.0.0.1', '127.0.0.1'), true],
    [loopbackAllowances, target('localhost', '::1'), true],
    [loopbackAllowances, target('::ffff:127.0.0.1', '::ffff:127.0.0.1'), true],
    [loopbackAllowances, target('example.org', '192.0.2.1'), false],
    [loopbackAllowances, target('10.0.0.1', '10.0.0.1'), false],
    [['example.org'], target('Example.org', '192.0.2.1', 443), true],
    [['example.org:443'], target('example.org', '192.0.2.1', 80), false],
    [['example.org'], target('evil-example.org', '192.0.2.1'), false],
    [['192.0.2.0/24:80'], target('a', '192.0.2.7'), true],
    [['192.0.2.0/24'], target('a', '::ffff:192.0.2.7'), true],
    [['192.0.2.0/24'], target('a', '192.0.3.7'), false],
    [['2001:db8::/32'], target('a', '2001:db8::7'), true],
    [['[2001:db8::7]:443'], target('a', '2001:db8::7', 80), false],
    [['0.0.0.0/0'], target('a', '::1'), false],
    [[], target('127.0.0.1', '127.0.0.1'), false],
  ];
  for (const [allowed, asked, verdict] of table) {
    it(`${asked.host} (${asked.address}) port ${asked.port} with ${allowed.join(' ') || 'nothing'}: ${verdict}`, () => {
      expect(isAllowed(allowed.map(readAllowance), asked)).to.equal(verdict);
    });
  }

  for (const text of ['', 'a b', 'host:', 'host:0', 'host:70000', 'host:x', '10.0.0.0/33', '-a', '[::1']) {
    it(`an allowance ${JSON.stringify(text)} is refused`, () => {
      expect(() => readAllowance(text)).to.throw(RangeError);
    });
  }

  it('a target has a port', () => {
    expect(readTarget('[::1]:80')).to.deep.equal({ host: '::1', port: 80 });
    expect(readTarget('files:8000')).to.deep.equal({ host: 'files', port: 8000 });
    for (const text of ['files', '::1', ':80', 'files:0']) expect(() => readTarget(text)).to.throw(RangeError);
  });
});
