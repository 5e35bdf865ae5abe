/**
 * A made-up MPTCP subtype, added to a copy of the sources: one new file, and its name in the list of `option.ts`. Everything else
 * follows from the description, or does not compile.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { mptcpLayouts } from './protocol/mptcp/option.js';

/** A number that no option has. */
const free = [13, 14, 12].find((number) => mptcpLayouts.every(({ subtype }) => subtype !== number)) ?? 15;

const optionFile = `/** MP_MADE_UP: \`30 | 8 | ${free}, twelve reserved bits | 32-bit number\`, an option of no source. */
import { number, spare } from '../layout/field.js';
import { mptcpOption } from './mptcp-option.js';

export const mpMadeUp = mptcpOption('mp_made_up', {
  subtype: ${free},
  meaning: 'MP_MADE_UP',
  fields: { reserved: spare(12), given: number(32, 'given number') },
});
`;

const caseWith = (fields: string): string => `- id: made-up.server.syn
  title: A SYN with an option of no source is answered
  version: 1
  requirements: [RFC9293-3.10.7-01]
  role: server
  profiles: [tcp]
  ip: 4
  steps:
    - send: {on: 1, segment: SYN, mp_made_up: {${fields}}}
    - expect: {on: 1, segment: SYN/ACK, mptcp: none}
`;

describe('a new MPTCP subtype', function () {
  this.timeout(120_000);
  let copy: string;
  const run = (program: string, ...words: readonly string[]) =>
    spawnSync(process.execPath, [program, ...words], { cwd: copy, encoding: 'utf8' });
  const robe = (...words: readonly string[]) => run(join('dist', 'cli', 'main.js'), ...words);

  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'robe-subtype-'));
    cpSync('src', join(copy, 'src'), { recursive: true, filter: (file) => !file.endsWith('.test.ts') });
    for (const name of ['node_modules', 'cases', 'docs', 'fixtures', 'package.json', 'tsconfig.json'])
      symlinkSync(join(process.cwd(), name), join(copy, name));
    const list = join(copy, 'src', 'protocol', 'mptcp', 'option.ts');
    writeFileSync(join(copy, 'src', 'protocol', 'mptcp', 'mp-made-up.ts'), optionFile);
    const text = readFileSync(list, 'utf8')
      .replace('import { mpPrio }', "import { mpMadeUp } from './mp-made-up.js';\nimport { mpPrio }")
      .replace('\n  mpPrio,', '\n  mpMadeUp,\n  mpPrio,');
    writeFileSync(list, text);
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  it('compiles with nothing else changed', () => {
    const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
    const { status, stdout } = run(compiler, '--incremental', 'false', '--sourceMap', 'false', '-p', '.');
    expect(status, stdout).to.equal(0);
  });

  it('can be said in a case, sent, shown, decoded and dissected', () => {
    writeFileSync(join(copy, 'good.yaml'), caseWith('given: 7'));
    const judged = robe('run', 'good.yaml', '--iut', 'embedded:tcp', '--keep-evidence', '--out', 'out');
    expect(judged.stdout, judged.stderr).to.contain('1 passed');
    const evidence = join('out', 'evidence', 'made-up.server.syn');
    expect(robe('show', evidence).stdout).to.contain('SYN  mp_made_up given 7');
    expect(robe('decode', join(evidence, 'trace.pcapng')).stdout).to.contain('mp_made_up given 7');
    const dissector = readFileSync(join(copy, evidence, 'robe.lua'), 'utf8');
    expect(dissector).to.contain('robe.mp_made_up.given');
  });

  it('has bounds and names in the language of cases', () => {
    writeFileSync(join(copy, 'wide.yaml'), caseWith('given: 99999999999'));
    expect(robe('lint', 'wide.yaml').stdout).to.contain('mp_made_up.given holds 32 bits');
    writeFileSync(join(copy, 'misspelt.yaml'), caseWith('gven: 7'));
    expect(robe('lint', 'misspelt.yaml').stdout).to.contain('unknown key "gven", did you mean "given"?');
  });
});
