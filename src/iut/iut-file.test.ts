import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readIutFile } from './iut-file.js';
import { remoteSubject } from './remote.js';

const document = readFileSync(new URL('../../docs/iut-file.md', import.meta.url), 'utf8');
const example = /```yaml\n([\s\S]*?)```/.exec(document)?.[1] ?? '';

const problemsIn = (text: string): readonly string[] => {
  const read = readIutFile({ file: 'iut.yaml', text });
  return 'problems' in read ? read.problems.map(({ line, message }) => `${line}: ${message}`) : [];
};

describe('iut.yaml', () => {
  it('is as documented, and claims only what can be reached', () => {
    expect(problemsIn(example)).to.deep.equal([]);
    const read = readIutFile({ file: 'iut.yaml', text: example });
    if ('problems' in read) throw new Error('the example has problems');
    const { claims, name, time } = remoteSubject(read.file);
    expect({ name, time }).to.deep.equal({ name: 'my-stack', time: 'real' });
    // Its second path has no IPv6 address.
    expect(claims).to.deep.include({ ip: [4], paths: 2, control: 2, profiles: ['tcp', 'mptcp-v1'] });
    expect(claims.parameters).to.deep.equal({ 'mpc.syn_before_tcp': 3 });
  });

  const wrong: readonly (readonly [what: string, from: string | RegExp, to: string, told: RegExp])[] = [
    ['an unknown key', 'timing:', 'timings:', /unknown key "timings".*timing/],
    ['no path', /paths:[\s\S]*?server:/, 'paths: []\nserver:', /paths/],
    ['a port out of range', 'port: 80', 'port: 80000', /port/],
    ['two kinds of control', 'shim: [./l', "socket: 'a:1', shim: [./l", /control/],
    ['an IPv6 address for IPv4', 'ipv4: 192.0.2.1,', "ipv4: '2001:db8::1',", /IPv4 address/],
    ['a prefix with bits after its length', '192.0.2.128/25', '192.0.2.130/25', /prefix/],
    ['a version nobody has', 'versions: [1]', 'versions: [2]', /versions/],
  ];
  for (const [what, from, to, told] of wrong) {
    it(`refuses ${what}`, () => {
      const problems = problemsIn(example.replace(from, to));
      expect(problems.length).to.be.greaterThan(0);
      expect(problems.join('\n')).to.match(told);
    });
  }

  it('refuses a parameter value that no reading of the sources allows', () => {
    const read = readIutFile({ file: 'iut.yaml', text: example.replace('mpc.syn_before_tcp: 3', 'esim.crc: none') });
    if ('problems' in read) throw new Error(read.problems.map(({ message }) => message).join());
    expect(() => remoteSubject(read.file)).to.throw(RangeError, 'esim.crc must be one of arc');
  });
});
