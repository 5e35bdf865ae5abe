import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { readIutFile } from '../../iut/iut-file.js';
import { type Answers, declarationText, readPath } from './declaration.js';
import { askForAnswers } from './questions.js';

const answers: Answers = {
  name: 'yes',
  roles: ['server', 'client'],
  versions: [0, 1],
  profiles: ['tcp', 'mptcp-v0', 'mptcp-v1'],
  parameters: [],
  paths: [
    { interface: 'eth1', address: { ipv4: '192.0.2.1' }, tester: { ipv4: '192.0.2.128/25' }, mac: '02:00:00:00:00:0e' },
    { interface: 'eth2.7', address: { ipv6: '2001:db8::1' }, tester: { ipv6: '2001:db8:1::/80' } },
  ],
  port: 80,
  closed: 81,
  control: { kind: 'none' },
  transport: { kind: 'local' },
};

describe('robe init', () => {
  const written: readonly (readonly [about: string, Partial<Answers>, expected: object])[] = [
    ['a black box', {}, { name: 'yes', server: { port: 80, closed: 81 }, transport: 'local' }],
    ['a name that YAML would read otherwise', { name: '1e3: #x' }, { name: '1e3: #x' }],
    [
      'a plain TCP host',
      { versions: [], profiles: ['tcp'] },
      { claims: { roles: ['server', 'client'], versions: [], profiles: ['tcp'] } },
    ],
    [
      'a shim over ssh',
      { control: { kind: 'shim', command: ['python3', "it's", '-x=1'] }, transport: { kind: 'ssh', host: 'root@dut' } },
      { control: { shim: ['python3', "it's", '-x=1'] }, transport: { ssh: { host: 'root@dut' } } },
    ],
    [
      'hooks in a namespace',
      { control: { kind: 'hooks', hooks: { connect: ['./c', '7'] } }, transport: { kind: 'netns', name: 'dut' } },
      { control: { hooks: { connect: ['./c', '7'] } }, transport: { netns: 'dut' } },
    ],
    [
      'what kind of host it is',
      {
        parameters: [
          ['mpc.checksum', 'false'],
          ['join.limit', '2'],
          ['tcp.repeats', 'once'],
        ],
      },
      { parameters: { 'mpc.checksum': false, 'join.limit': 2, 'tcp.repeats': 'once' } },
    ],
    ['a socket', { control: { kind: 'socket', place: '[::1]:7000' } }, { control: { socket: '[::1]:7000' } }],
  ];
  for (const [about, change, expected] of written)
    it(`writes ${about} as the reader takes it`, () => {
      const text = declarationText({ ...answers, ...change }, '# schema');
      const read = readIutFile({ file: 'iut.yaml', text });
      if ('problems' in read) throw new Error(read.problems.map(({ message }) => message).join('\n'));
      expect(read.file).to.deep.include(expected);
      expect(read.file.paths.map((path) => path.interface)).to.deep.equal(['eth1', 'eth2.7']);
      expect(text.startsWith('# schema\n')).to.equal(true);
    });

  const paths: readonly (readonly [string, RegExp])[] = [
    ['', /a path is written as/],
    ['eth1', /a path is written as/],
    ['eth1 192.0.2.300', /no address/],
    ['eth1 192.0.2.1', /an address of ipv4 only/],
    ['eth1 2001:db8::/64', /a prefix for the tester of ipv6 only/],
  ];
  for (const [text, told] of paths) it(`refuses the path "${text}"`, () => expect(readPath(text)).to.match(told));

  it('asks until it can take the answer', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const said: string[] = [];
    // What is asked beside these is left at its usual value.
    const replies: readonly (readonly [question: string, ...replies: string[]])[] = [
      ['Name', 'mine'],
      ['Roles', 'servant', 'server'],
      ['State before the third segment', 'stateless'],
      ['How often a SYN', 'twice', 'once'],
      ['Joins', '2'],
      ['Path 1', 'eth1', 'eth1 192.0.2.1 192.0.2.128/25'],
      ['Port at which it listens', '0', '8080'],
      ['Control', 'shim', 'shim a b'],
      ['Its commands run', 'ssh dut'],
    ];
    const given = new Map<string, number>();
    output.setEncoding('utf8').on('data', (text: string) => {
      said.push(text);
      if (!text.endsWith(': ')) return;
      const [question, ...own] = replies.find(([begins]) => text.startsWith(begins)) ?? [text];
      const times = given.get(question) ?? 0;
      given.set(question, times + 1);
      setImmediate(() => input.write(`${own[times] ?? ''}\n`));
    });
    const asked = askForAnswers(input, output);
    expect(await asked).to.deep.equal({
      name: 'mine',
      roles: ['server'],
      versions: [1],
      profiles: ['tcp', 'mptcp-v1'],
      parameters: [
        ['tcp.listener', 'stateless'],
        ['tcp.repeats', 'once'],
        ['join.limit', '2'],
      ],
      paths: [{ interface: 'eth1', address: { ipv4: '192.0.2.1' }, tester: { ipv4: '192.0.2.128/25' } }],
      port: 8080,
      closed: 8081,
      control: { kind: 'shim', command: ['a', 'b'] },
      transport: { kind: 'ssh', host: 'dut' },
    });
    for (const complaint of [
      'expected server, client or both',
      'tcp.repeats is any, once, got twice',
      'a path is written as',
      'expected a port from 1',
      'expected none, or a word',
    ])
      expect(said.join('')).to.contain(complaint);
  });

  it('gives up when the terminal is closed', async () => {
    const input = new PassThrough();
    const asked = askForAnswers(input, new PassThrough()).catch(String);
    input.end('mine\n');
    expect(await asked).to.contain('nothing was written');
  });
});
