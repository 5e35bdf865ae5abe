import { expect } from 'chai';
import { loadCatalogue } from './catalogue.js';
import { printProblem } from './problem.js';

const head = `- id: test.server.case
  title: A case made for a test
  requirements: [TEST-X-01]
  role: server
  profiles: [tcp]
`;
const load = (text: string) => loadCatalogue([{ file: 'a.yaml', text }]);
const problemsOf = (text: string) => load(text).problems.map(printProblem);

/** A server case with these steps, and what the loader must say about it. */
const mistakes: readonly (readonly [string, string, string])[] = [
  ['broken YAML', `${head}  steps: [`, 'a.yaml:6:11: not valid YAML'],
  ['no list', 'id: x\n', 'expected a list of cases'],
  ['an unknown field', `${head}  color: red\n  steps: [{wait: 1s}]\n`, 'a.yaml:6:3: unknown key "color"'],
  [
    'an unknown step',
    `${head}  steps:\n    - sned: {on: 1, segment: SYN}\n`,
    'a.yaml:7:7: steps[0]: unknown key "sned", did you mean "send"?',
  ],
  [
    'an unknown segment field',
    `${head}  steps:\n    - send: {on: 1, segment: SYN, mp_capabel: {}}\n`,
    'unknown key "mp_capabel", did you mean "mp_capable"?',
  ],
  ['a bad time', `${head}  steps:\n    - wait: 1 second\n`, 'a.yaml:7:13'],
  [
    'a bad expression',
    `${head}  steps:\n    - send: {on: 1, segment: SYN, seq: 1 +}\n`,
    'expected a number, a name or a function but got `the end`',
  ],
  [
    'a number too large for its field',
    `${head}  steps:\n    - send: {on: 1, segment: SYN, mss: {value: 99999}}\n`,
    'a.yaml:7:7: test.server.case: mss.value holds 16 bits, at most 65535, got 99999',
  ],
  [
    'a function with too few arguments',
    `${head}  steps:\n    - send: {on: 1, segment: SYN, mp_join: {token: 1, nonce: RA}}\n    - expect: {on: 1, segment: SYN/ACK, mp_join: {hmac: hmac_a(RA)}}\n`,
    'a.yaml:8:7: test.server.case: `hmac_a(A, B, RA, RB)` takes 4 arguments, got 1',
  ],
  [
    'a role that is not that of the id',
    `${head.replace('role: server', 'role: client')}  steps:\n    - control: {verb: connect}\n    - expect: {on: 1, segment: SYN}\n`,
    'the id says server, the role is client',
  ],
  [
    'a client that nobody asks to connect',
    `${head.replaceAll('server', 'client')}  steps:\n    - expect: {on: 1, segment: SYN}\n`,
    'in role client the implementation opens flows when it is asked to: `control: {verb: connect}`',
  ],
  [
    'two steps under one dash',
    `${head}  steps:\n    - send: {on: 1, segment: SYN}\n      expect: {on: 1, segment: SYN/ACK}\n`,
    '"expect" cannot stand beside "send"; does it need a dash of its own?',
  ],
  [
    'a field without a value in what is sent',
    `${head}  steps:\n    - send: {on: 1, segment: SYN, seq: {min: 1, max: 2}}\n`,
    'seq leaves its value open, and a segment that is sent needs one value for each field',
  ],
  [
    'a title that says nothing',
    `${head.replace('A case made for a test', 'Short')}  steps:\n    - wait: 1s\n`,
    'title: expected text of at least 10 characters, got the text "Short"',
  ],
  [
    'half an octet',
    `${head}  steps:\n    - send: {on: 1, segment: SYN, unknown: {kind: 254, data: 012}}\n`,
    'expected octets as pairs of hex digits, such as 00ff or 00 ff, got `012`',
  ],
  [
    'an unknown function',
    `${head}  steps:\n    - send: {on: 1, segment: SYN, seq: tokn(1)}\n`,
    'there is no function `tokn`, did you mean "token"?',
  ],
  [
    'a name before it is bound',
    `${head}  steps:\n    - send: {on: 1, segment: SYN, mp_join: {token: token(B), nonce: RA}}\n`,
    'a.yaml:7:7: test.server.case: the name `B` is used before anything binds it',
  ],
  [
    'a flow nobody opened',
    `${head}  steps:\n    - expect: {on: 1, segment: SYN/ACK}\n`,
    'nothing can come on flow 1: the tester has not opened it',
  ],
  [
    'a path too many',
    `${head}  steps:\n    - send: {on: 2, segment: SYN}\n`,
    'path 2 is used, but the case says `paths: 1`',
  ],
  [
    'an unknown label',
    `${head}  steps:\n    - send: {on: 1, segment: SYN}\n    - expect: {on: 1, segment: SYN/ACK, within: 1s, since: start}\n`,
    'there is no step labelled "start"',
  ],
  [
    'a step that can never run',
    `${head}  steps:\n    - send: {on: 1, segment: SYN}\n    - one-of: [{outcome: fail, observation: rst, expect: {on: 1, segment: RST}}]\n    - wait: 1s\n`,
    'a.yaml:9:7: test.server.case: this step can never run',
  ],
  ['an unknown fragment', `${head}  steps:\n    - use: nothing\n`, 'there is no fragment "nothing"'],
  [
    'a fragment in itself',
    `- fragment: f\n  steps: [{use: f}]\n${head}  steps:\n    - use: f\n`,
    'fragment "f" contains itself: f > f',
  ],
  [
    'a missing fragment parameter',
    `- fragment: f\n  parameters: {on: ~}\n  steps: [{send: {on: $on, segment: SYN}}]\n${head}  steps:\n    - use: f\n`,
    'fragment "f" needs the parameter "on"',
  ],
  [
    'an unknown variable',
    `${head}  steps:\n    - send: {on: 1, segment: SYN, seq: $sequence}\n`,
    'there is no variable $sequence here',
  ],
  [
    'control without a tier',
    `${head}  steps:\n    - control: {verb: accepted, answer: {count: 1}}\n`,
    'a control step needs `control: 1`',
  ],
  [
    'a pattern that is sent',
    `${head}  steps:\n    - send: {on: 1, segment: SYN, seq: {not: 1}}\n`,
    'a segment that is sent needs one value',
  ],
  [
    'an id used twice',
    `${head}  steps: [{wait: 1s}]\n${head}  steps: [{wait: 1s}]\n`,
    'a.yaml:7:3: the id test.server.case is used twice; first at a.yaml:1',
  ],
  [
    'an id used twice, though the cases expand to others',
    `${head}  for-each: {n: {one: 1s}}\n  steps: [{wait: $n}]\n${head}  for-each: {n: {two: 2s}}\n  steps: [{wait: $n}]\n`,
    'the id test.server.case is used twice; first at a.yaml:1',
  ],
  [
    'an unknown profile',
    `${head.replace('[tcp]', '[tpc]')}  steps: [{wait: 1s}]\n`,
    'a.yaml:5:14: profiles[0]: expected one of tcp, ',
  ],
  [
    'an unknown claim that excludes',
    `${head}  unless: [mptpc-v1]\n  steps: [{wait: 1s}]\n`,
    'got the text "mptpc-v1", did you mean "mptcp-v1"?',
  ],
  [
    'an unknown parameter',
    `${head}  parameters: {p1.flag_mismach: mpc}\n  steps: [{wait: 1s}]\n`,
    'a.yaml:6:16: parameters: unknown key "p1.flag_mismach", did you mean "p1.flag_mismatch"?',
  ],
  [
    'an unknown kind of segment',
    `${head}  steps:\n    - send: {on: 1, segment: SYNACK}\n`,
    'steps[0].send.segment: expected one of SYN, SYN/ACK, ACK, DATA, FIN, RST, RST/ACK, any or a variable such as $name, got the text "SYNACK", did you mean "SYN/ACK"?',
  ],
  [
    'a flow on a path that cannot be',
    `${head}  steps:\n    - send: {on: 7, segment: SYN}\n`,
    'expected a flow such as 1 or 2/join, on a path from 1 to 4, got `7`',
  ],
  [
    'a time without its unit',
    `${head}  steps:\n    - wait: 3\n`,
    'a.yaml:7:13: steps[0].wait: expected a time such as 200ms or 1.5s, got the number 3',
  ],
  [
    'a value name that no id can hold',
    `${head}  for-each: {n: {'../../x': 1}}\n  steps: [{send: {on: 1, segment: SYN, seq: $n}}]\n`,
    'for-each.n: expected a name of letters, digits and - as a key, got "../../x"',
  ],
  [
    'a dimension that changes nothing',
    `${head}  for-each: {n: [1, 2]}\n  steps: [{wait: 1s}]\n`,
    'a.yaml:6:14: test.server.case: no step says $n, so its values change nothing',
  ],
  [
    'an exception of nothing',
    `${head}  except: [{ip: 7}]\n  steps: [{wait: 1s}]\n`,
    'a.yaml:6:11: test.server.case: this exception leaves nothing out: the matrix has no such combination',
  ],
  [
    'a flow that is set up and not used',
    `${head}  flows: {1/other: {port: closed}}\n  steps: [{send: {on: 1, segment: SYN}}]\n`,
    'a.yaml:6:11: test.server.case: no step uses flow 1/other; they use 1',
  ],
  [
    'an alternative that is neither',
    `${head}  steps:\n    - send: {on: 1, segment: SYN}\n    - one-of: [{outcome: pass, observation: x}]\n`,
    'an alternative has either `expect` or `nothing: true`',
  ],
  [
    'what neither the case nor the defaults of its file say',
    head.replace('  role: server\n', '').concat('  steps: [{wait: 1s}]\n'),
    'a.yaml:1:3: role is missing: expected one of server, client',
  ],
  [
    'defaults after a case',
    `${head}  steps: [{wait: 1s}]\n- defaults: {paths: 2}\n`,
    'a.yaml:7:3: defaults are the first entry of their file, and there once',
  ],
  [
    'an unknown default',
    `- defaults: {path: 2}\n${head}  steps: [{wait: 1s}]\n`,
    'a.yaml:1:14: defaults: unknown key "path", did you mean "paths"?',
  ],
  [
    'a default that no case takes',
    `- defaults: {role: client}\n${head}  steps: [{wait: 1s}]\n`,
    'a.yaml:1:14: each case of this file has `role` of its own, so this is of no use',
  ],
  [
    'what depends on the version of a case without one',
    `${head}  steps:\n    - send: {on: 1, segment: SYN, mp_capable: {key: {v0: A}}}\n`,
    'a.yaml:7:7: this depends on the MPTCP version, and the case has no `mptcp`',
  ],
  [
    'a version that is not there',
    `${head}  mptcp: 0\n  steps:\n    - send: {on: 1, segment: SYN, mp_capable: {key: {v0: A, v2: B}}}\n`,
    'a.yaml:8:61: steps[0].send.mp_capable.key: unknown key "v2"',
  ],
  [
    'a mistake in the steps of one version',
    `${head}  mptcp: [0, 1]\n  steps:\n    - v1:\n        - wait: 1s\n        - use: nothing\n`,
    'a.yaml:10:11: there is no fragment "nothing"',
  ],
  [
    'a count that is no number',
    `- fragment: f(n)\n  steps: [{send: {on: 1, segment: SYN, times: $n}}]\n${head}  steps:\n    - run: f(two)\n`,
    'a.yaml:2:11: `times` is a whole number from 1, got `two`',
  ],
  [
    'a call that nobody can read',
    `${head}  steps:\n    - run: S(1) Y(2\n`,
    'a.yaml:7:7: expected fragments such as `S(1) Y(1)`, got `Y(2`',
  ],
  [
    'too many arguments',
    `- fragment: S(path)\n  steps: [{send: {on: $path, segment: SYN}}]\n${head}  steps:\n    - run: S(1, 2)\n`,
    'fragment "S" is called as S(path), got S(1, 2)',
  ],
  [
    'an argument left out',
    `- fragment: S(path)\n  steps: [{send: {on: $path, segment: SYN}}]\n${head}  steps:\n    - run: S\n`,
    'fragment "S" needs the parameter "path"',
  ],
  [
    'a fragment that is there twice',
    `- fragment: f\n  steps: [{wait: 1s}]\n- fragment: f(n)\n  steps: [{wait: 1s}]\n`,
    'a.yaml:3:3: the fragment "f" is there twice',
  ],
  [
    'a fragment that nobody uses',
    `- fragment: f\n  steps: [{wait: 1s}]\n${head}  steps: [{wait: 1s}]\n`,
    'a.yaml:1:3: no case of this file uses fragment "f"',
  ],
  [
    'a flow that nothing found',
    `${head}  steps:\n    - send: {on: 1, segment: SYN}\n    - expect: {on: {any: [1], as: echo}, segment: DATA}\n    - send: {on: eco, segment: ACK}\n`,
    'a.yaml:9:7: test.server.case: no flow was found as eco before this, did you mean "echo"?',
  ],
  [
    'any of flows of which one is no flow',
    `${head}  steps:\n    - send: {on: 1, segment: SYN}\n    - expect: {on: {any: [1, echo]}, segment: DATA}\n`,
    'a.yaml:8:7: expected a flow such as 1 or 2/join, on a path from 1 to 4, got `echo`',
  ],
  [
    'a ladder that is not there',
    `- defaults: {ladder: esim}\n${head}  steps: [{wait: 1s}]\n`,
    'a.yaml:1:22: there is no ladder "esim"',
  ],
  [
    'within before after',
    `${head}  steps:\n    - send: {on: 1, segment: SYN}\n    - expect: {on: 1, segment: SYN/ACK, after: 2s, within: 1s}\n`,
    '`within` must be later than `after`',
  ],
];

describe('catalogue, what is wrong is told with its place', () => {
  for (const [what, text, message] of mistakes)
    it(what, () => {
      expect(problemsOf(text).join('\n')).to.contain(message);
    });

  it('tells a mistake in a matrix once', () => {
    const text = `${head}  for-each: {n: [1, 2, 3]}\n  steps:\n    - expect: {on: 1, segment: SYN/ACK, seq: $n}\n`;
    expect(problemsOf(text)).to.have.length(1);
  });

  it('shows what a terminal would obey as escapes', () => {
    expect(problemsOf(`${head}  "\\e[7mcolor": red\n  steps: [{wait: 1s}]\n`).join()).to.contain(
      'unknown key "\\x1b[7mcolor"',
    );
  });

  it('tells an id used twice once, not for each expansion', () => {
    const text = `${head}  steps: [{wait: 1s}]\n`;
    expect(problemsOf(text + text)).to.have.length(1);
  });
});
