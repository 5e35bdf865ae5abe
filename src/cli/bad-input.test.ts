/**
 * What users get wrong, typed as they would: one clear message each, the right exit code, nothing left behind. What a
 * message says is asked of the command line inside this process; that the program prints it and ends with 2, of programs.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { UsageError } from '../conduct/usage-error.js';
import { results } from '../suite/verdict/results.js';
import { commandLine } from './command-line.js';

const program = fileURLToPath(new URL('main.js', import.meta.url));

const goodCase = `
- id: mine.server.handshake
  title: A listener answers a SYN
  requirements: [RFC9293-3.10.7-01]
  role: server
  profiles: [tcp]
  ip: 4
  steps:
    - send: {on: 1, segment: SYN}
    - expect: {on: 1, segment: SYN/ACK}
`;

describe('bad input', () => {
  let directory: string;
  const workingDirectory = process.cwd();
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'robe-bad-input-'));
    process.chdir(directory);
    written('good.yaml', goodCase);
  });
  after(() => {
    process.chdir(workingDirectory);
    rmSync(directory, { recursive: true, force: true });
  });

  const robe = (...args: readonly string[]): SpawnSyncReturns<string> =>
    spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

  /** What the command line says when it refuses these words. */
  const refusal = async (...words: readonly string[]): Promise<string> => {
    try {
      await (await commandLine(words)).parseAsync();
    } catch (cause) {
      if (cause instanceof UsageError) return cause.message;
      throw cause;
    }
    return expect.fail(`robe ${words.join(' ')} was carried out`);
  };

  const written = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return name;
  };

  const commandLines: readonly (readonly [what: string, args: readonly string[], told: RegExp])[] = [
    ['no command', [], /name a command/],
    ['an option without its value', ['run', '--seed'], /Not enough arguments following: seed/],
    ['cases for coverage that are not there', ['coverage', '--cases', 'nowhere'], /nowhere does not exist/],
    ['a directory without evidence', ['judge', '.'], /neither trace.json nor trace.pcapng/],
    ['an unknown command', ['runn'], /"runn" is no command, did you mean "run"\? `robe --help` lists them/],
    ['a command without what it is about', ['judge'], /^judge needs EVIDENCE\n`robe judge --help`/],
    ['a command that is none', ['frobnicate'], /"frobnicate" is no command; `robe --help` lists them/],
    [
      'a baseline that is not there',
      ['run', 'tcp.server.syn-answered', '--baseline', 'nowhere.yaml'],
      /nowhere\.yaml cannot be read: ENOENT.*\n`robe baseline update nowhere\.yaml --from/,
    ],
    ['an unknown option', ['run', '--bogus'], /[Uu]nknown argument: bogus/],
    ['an option given twice', ['run', '--seed', '1', '--seed', '2'], /--seed was given more than once/],
    ['no number of jobs', ['run', '--jobs', 'many'], /--jobs: expected a number, got "many"/],
    ['too few jobs', ['run', '--jobs', '0'], /--jobs must be a whole number from 1, got 0/],
    ['no budget', ['run', '--max-inconclusive=few'], /--max-inconclusive: expected a number, got "few"/],
    ['evidence in a directory of something else', ['show', '.'], /holds no evidence: expected the directory of a case/],
    [
      'results in a file',
      ['run', '--cases', 'good.yaml', '--out', 'good.yaml'],
      /good\.yaml: a file, a directory was expected/,
    ],
    [
      'an id that selects nothing',
      ['run', 'mine.server.handshak', '--cases', 'good.yaml'],
      /"mine.server.handshak" selects no case, did you mean "mine.server.handshake"\? `robe list`/,
    ],
    ['a profile not quite named', ['run', 'robe-downgrad'], /did you mean "robe-downgrade"\?/],
    ['an implementation not quite named', ['run', '--iut', 'embeded'], /did you mean "embedded"\?/],
    ['a mutant nobody knows', ['run', '--iut', 'mutant:none-such'], /no mutant "none-such"; `robe mutants` lists them/],
    ['a lab of nothing', ['run', '--iut', 'lab:linux:v1'], /there is no lab for "linux:v1": expected lab:linux/],
    ['a selection without common cases', ['run', 'tcp.server', '--role', 'client'], /the selection is empty/],
    [
      'a requirement nobody knows',
      ['run', '--requirement', 'RFC0000-1-01', '--cases', 'good.yaml'],
      /"RFC0000-1-01" selects no case/,
    ],
    ['a profile nobody knows', ['run', '--profile', 'robe-magic'], /robe-magic/],
    [
      'an implementation nobody knows',
      ['run', '--cases', 'good.yaml', '--iut', 'embedded:magic'],
      /no profile "magic"/,
    ],
    ['a lab nobody knows', ['run', '--cases', 'good.yaml', '--iut', 'lab:windows'], /no lab for "windows"/],
    [
      'an IUT file that is not there',
      ['run', '--cases', 'good.yaml', '--iut', 'mine.yaml'],
      /--iut mine.yaml names nothing known/,
    ],
    ['cases that are not there', ['run', '--cases', 'nowhere'], /nowhere does not exist/],
    [
      'an explanation of nothing',
      ['explain', 'RFC9293-3.10.7-0', '--cases', 'good.yaml'],
      /is no case, requirement, rule, variant, mutant, fragment, parameter or open point/,
    ],
    ['evidence that is not there', ['judge', 'nowhere'], /nowhere does not exist: expected/],
    [
      'results where nothing can be written',
      ['run', '--cases', 'good.yaml', '--out', '/proc/robe'],
      /results cannot be kept in \/proc\/robe/,
    ],
  ];
  for (const [what, args, told] of commandLines) {
    it(`refuses ${what}`, async () => expect(await refusal(...args)).to.match(told));
  }

  it('prints what it refuses, and nothing of the code, and ends with 2', () => {
    const { stdout, stderr, status } = robe('run', '--bogus');
    expect([stdout, stderr, status]).to.deep.equal([
      '',
      'robe: Unknown argument: bogus\nrobe: `robe run --help` says what it takes\n',
      2,
    ]);
  });

  it('quotes what it refuses without what a terminal would obey', () => {
    const { stderr } = robe('run', '--cases', 'good.yaml', 'tcp.\u001b]0;x\u0007');
    expect(stderr).to.contain('"tcp.\\x1b]0;x\\x07" selects no case');
  });

  const caseFiles: readonly (readonly [what: string, text: string, told: RegExp])[] = [
    [
      'a requirement nobody knows',
      goodCase.replace('RFC9293-3.10.7-01', 'RFC9293-3.10.7-99'),
      /broken\.yaml:2:\d+: mine\.server\.handshake: the requirement RFC9293-3\.10\.7-99 is not known/,
    ],
    ['a broken YAML', '- id: [\n', /broken\.yaml:\d+:\d+: not valid YAML/],
    ['an unknown field', goodCase.replace('title:', 'titel:'), /broken\.yaml:3:3: .*unknown key "titel".*title/],
    ['an id used twice', goodCase + goodCase, /broken\.yaml:12:\d+: the id mine\.server\.handshake\S* is used twice/],
    [
      'a step that can never run',
      goodCase.replace('on: 1, segment: SYN/ACK', 'on: 2, segment: SYN/ACK'),
      /broken\.yaml:10:\d+/,
    ],
    [
      'a name used before it is bound',
      goodCase.replace('SYN/ACK}', 'SYN/ACK, ack: nowhere + 1}'),
      /broken\.yaml:10:\d+: .*nowhere/,
    ],
  ];
  for (const [what, text, told] of caseFiles) {
    it(`refuses cases with ${what}, with file, line and column`, async () =>
      expect(await refusal('run', '--cases', written('broken.yaml', text))).to.match(told));
  }

  it('lint names a requirement nobody knows, and ends with 2', () => {
    const unfounded = goodCase.replace('RFC9293-3.10.7-01', 'RFC9293-3.10.7-99');
    const { stdout, status } = robe('lint', written('broken.yaml', unfounded));
    expect(stdout).to.match(/^broken\.yaml:2:\d+: .*RFC9293-3\.10\.7-99/m);
    expect(status).to.equal(2);
  });

  const iutFile = `
name: mine
claims: {roles: [server], versions: [], profiles: [tcp]}
paths:
  - interface: robe-nowhere0
    address: {ipv4: 192.0.2.1}
    mac: 02:00:00:00:00:01
    tester: {ipv4: 192.0.2.128/25}
server: {port: 80, closed: 81}
`;
  const iutFiles: readonly (readonly [what: string, text: string, told: RegExp])[] = [
    ['a claim nobody knows', iutFile.replace('[tcp]', '[tpc]'), /iut\.yaml:3:\d+/],
    ['an unknown field', iutFile.replace('closed: 81', 'close: 81'), /iut\.yaml:9:\d+.*"close".*closed/],
    ['an address that is none', iutFile.replace('192.0.2.1}', '192.0.2.256}'), /iut\.yaml:6:\d+.*IPv4 address/],
    ['a prefix that is none', iutFile.replace('192.0.2.128/25', '192.0.2.129/25'), /iut\.yaml:8:\d+.*prefix/],
    ['a parameter nobody knows', `${iutFile}parameters: {esim.mood: good}\n`, /iut\.yaml:10:\d+.*esim\.mood/],
  ];
  for (const [what, text, told] of iutFiles) {
    it(`refuses an IUT file with ${what}`, async () =>
      expect(await refusal('run', '--cases', 'good.yaml', '--iut', written('iut.yaml', text))).to.match(told));
  }

  it('gives error verdicts and exit code 3 for an interface that does not exist', () => {
    const done = robe('run', '--iut', written('iut.yaml', iutFile), '--cases', 'good.yaml', '--out', 'gone');
    expect(done.status, done.stderr).to.equal(3);
    const kept = results.parse(JSON.parse(readFileSync(join(directory, 'gone/results.json'), 'utf8')));
    expect(kept.totals).to.deep.equal({ error: 1 });
    expect(kept.run.problem).to.match(/robe-nowhere0|privilege|libpcap|cap/);
  });

  it("runs good cases of one's own, and writes JSON that its schema admits", () => {
    const done = robe('run', '--cases', 'good.yaml', '--iut', 'embedded:tcp', '--out', 'fine', '--json');
    expect(done.status, done.stderr).to.equal(0);
    const printed = results.parse(JSON.parse(done.stdout));
    expect(printed.totals).to.deep.equal({ pass: 1 });
    expect(printed).to.deep.equal(JSON.parse(readFileSync(join(directory, 'fine/results.json'), 'utf8')));
  });

  it('gives the same results for the same seed', () => {
    const run = (): unknown => {
      const done = robe(
        'run',
        '--cases',
        'good.yaml',
        '--iut',
        'embedded:tcp',
        '--seed',
        '7',
        '--out',
        'same',
        '--json',
      );
      return results.parse(JSON.parse(done.stdout)).cases;
    };
    expect(run()).to.deep.equal(run());
  });

  it('prints plain lines into a pipe, without escapes', () => {
    const { stdout } = robe('run', '--cases', 'good.yaml', '--iut', 'embedded:tcp', '--out', 'plain');
    expect(stdout).not.to.contain('\u001b');
    expect(stdout).to.match(/Results: plain\/results\.json/);
  });
});
