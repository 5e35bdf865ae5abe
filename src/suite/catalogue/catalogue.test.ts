import { expect } from 'chai';
import { flowsNamed } from '../language/flow-names.js';
import { loadCatalogue } from './catalogue.js';
import { printProblem } from './problem.js';

const head = `- id: test.server.case
  title: A case made for a test
  requirements: [TEST-X-01]
  role: server
  profiles: [tcp]
`;
const load = (text: string) => loadCatalogue([{ file: 'a.yaml', text }]);

describe('catalogue, defaults of a file', () => {
  const rest = '  title: A case made for a test\n  requirements: [TEST-X-01]\n  steps: [{wait: 1s}]\n';
  const text = `- defaults: {role: server, profiles: [tcp], ip: 4, paths: 2}
- id: test.server.taken
${rest}- id: test.server.overridden
  paths: 3
  ip: [4]
${rest}`;

  it('are what a case says that says nothing else', () => {
    const { catalogue, problems } = load(text);
    expect(problems).to.deep.equal([]);
    expect(catalogue.cases.map(({ id, role, profiles, paths }) => ({ id, role, profiles, paths }))).to.deep.equal([
      { id: 'test.server.taken', role: 'server', profiles: ['tcp'], paths: 2 },
      { id: 'test.server.overridden.ip4', role: 'server', profiles: ['tcp'], paths: 3 },
    ]);
  });
});

describe('catalogue, fragments', () => {
  const ladder = (name: string, text: string) => ({ file: `cases/fragments/ladders/${name}.yaml`, text });
  const one = ladder(
    'one',
    '- fragment: S(path)\n  steps: [{send: {on: $path, segment: SYN, window: 1}}, {use: end}]\n- fragment: end\n  steps: [{wait: 1s}]\n',
  );
  const two = ladder(
    'two',
    '- fragment: S(path)\n  steps: [{send: {on: $path, segment: SYN, window: 2}}]\n- fragment: end\n  steps: [{wait: 2s}]\n',
  );
  const stepsOf = (defaults: string, steps: string) => {
    const text = `${defaults}${head}  ip: 4\n  paths: 2\n  steps:\n    - run: ${steps}\n`;
    const { catalogue, problems } = loadCatalogue([one, two, { file: 'a.yaml', text }]);
    const shown = catalogue.cases[0]?.steps.map((step) => {
      if (step.step === 'wait') return `wait ${step.for / 1_000_000_000n}`;
      if (step.step !== 'send') return step.step;
      const { window } = step.segment.fields;
      return `${flowsNamed(step.on)[0]?.name} ${window?.is === 'value' ? window.text : ''}`;
    });
    return problems.length > 0 ? problems.map(printProblem) : shown;
  };

  it('of a ladder are there for files that list it, the first listed before the others', () => {
    expect(stepsOf('- defaults: {ladder: two}\n', 'S(1) S(2)')).to.deep.equal(['1 2', '2 2']);
    expect(stepsOf('- defaults: {ladder: [one, two]}\n', 'S(2) end')).to.deep.equal(['2 1', 'wait 1', 'wait 1']);
    expect(stepsOf('', 'S(1)')).to.deep.equal([
      'a.yaml:9:7: there is no fragment "S" without `ladder: one or two` in the defaults',
    ]);
  });

  it('mean the same wherever they are used', () => {
    const own = '- fragment: end\n  steps: [{wait: 9s}]\n';
    expect(stepsOf(`- defaults: {ladder: one}\n${own}`, 'S(1) end')).to.deep.equal(['1 1', 'wait 1', 'wait 9']);
  });

  it('take arguments in order, and names of a path', () => {
    const text = `- fragment: J(path of first)
  parameters: {first: 1}
  steps: [{send: {on: $path, segment: SYN, mp_capable: {key: A.$path, peer_key: A.$first}}}]
${head}  mptcp: 0
  ip: 4
  paths: 3
  steps:
    - run: J(2) J(3 of 2)
    - use: {fragment: J(1), with: {first: 3}}
`;
    const { catalogue, problems } = load(text);
    expect(problems).to.deep.equal([]);
    const keys = catalogue.cases[0]?.steps.map((step) => {
      const [option] = step.step === 'send' ? step.segment.options : [];
      const fields = option?.pattern.presence === 'present' ? option.pattern.fields : {};
      return Object.values(fields).map((field) => (field.is === 'value' ? field.text : ''));
    });
    expect(keys).to.deep.equal([
      ['A2', 'A'],
      ['A3', 'A2'],
      ['A', 'A3'],
    ]);
  });
});

describe('catalogue, matrices', () => {
  const idsOf = (text: string) => load(text).catalogue.cases.map((c) => c.id);

  it('gives each combination a readable suffix', () => {
    const text = `${head}  mptcp: [0, 1]\n  ip: 4\n  for-each:\n    order: {in-order: a, reverse: b}\n    bit: [0, 63]\n  steps: [{wait: 1s}]\n`;
    expect(idsOf(text)).to.include.members([
      'test.server.case.in-order.bit-0.v0',
      'test.server.case.reverse.bit-63.v1',
    ]);
    expect(idsOf(text)).to.have.length(8);
  });

  it('gives a scalar dimension no suffix and leaves excepted cells out', () => {
    const text = `${head}  mptcp: 1\n  ip: [4, 6]\n  for-each: {n: [1, 2]}\n  except: [{n: 2, ip: 6}]\n  steps: [{wait: 1s}]\n`;
    expect(idsOf(text)).to.deep.equal([
      'test.server.case.n-1.ip4',
      'test.server.case.n-1.ip6',
      'test.server.case.n-2.ip4',
    ]);
  });

  it('takes of each version what is written for it, fields, options and steps', () => {
    const { catalogue, problems } = load(`${head}  mptcp: [0, 1]
  ip: 4
  steps:
    - send: {on: 1, segment: SYN, mp_capable: {a: 1, key: {v0: A}}, mp_fail: {v1: {dsn: 1}}}
    - v0: [{wait: 1s}]
      v1: [{wait: 2s}, {wait: 3s}]
`);
    expect(problems).to.deep.equal([]);
    const written = catalogue.cases.map(({ steps }) =>
      steps.map((step) =>
        step.step === 'send'
          ? step.segment.options.flatMap(({ name, pattern }) =>
              pattern.presence === 'present' ? [name, ...Object.keys(pattern.fields)] : [],
            )
          : step.title,
      ),
    );
    expect(written).to.deep.equal([
      [['mp_capable', 'a', 'key'], '2'],
      [['mp_capable', 'a', 'mp_fail', 'dsn'], '2', '3'],
    ]);
  });

  it('puts variables in, whole or inside text, and runs fragments by name', () => {
    const text = `- fragment: S\n  steps: [{send: {on: 1, segment: SYN, window: $size}}]\n${head}  ip: 4\n  for-each: {size: [512]}\n  steps:\n    - run: S\n    - expect: {on: 1, segment: SYN/ACK, ack: isn + $size}\n`;
    const { catalogue, problems } = load(text);
    expect(problems).to.deep.equal([]);
    const [send, expectation] = catalogue.cases[0]?.steps ?? [];
    expect(send).to.have.nested.property('segment.fields.window.text', '512');
    expect(expectation).to.have.nested.property('segment.fields.ack.text', 'isn + 512');
  });
});
