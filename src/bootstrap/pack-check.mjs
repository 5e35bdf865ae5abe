/**
 * `npm run pack-check`: the tarball that `npm pack` makes, installed in an empty folder as a user would, does what the
 * checkout does: judges the embedded reference, completes schemas, writes reports, lists and explains its catalogue.
 * `--with-scripts` also builds the optional cap, which live runs need. Needs the network for the packages it depends on.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { home, nodeHeaders, say } from './prepare.mjs';

const folder = mkdtempSync(join(tmpdir(), 'robe-pack-'));
const withScripts = process.argv.includes('--with-scripts');

const fail = (why) => {
  throw new Error(why);
};

const command = (program, argv, cwd) => {
  const env = { ...process.env, ...nodeHeaders() };
  const { status, stdout, stderr } = spawnSync(program, argv, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status, stdout, stderr };
};

const must = (program, argv, cwd) => {
  const { status, stdout, stderr } = command(program, argv, cwd);
  return status === 0 ? stdout : fail(`${program} ${argv.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
};

try {
  const tarball = must('npm', ['pack', '--silent', '--pack-destination', folder], home).trim().split('\n').at(-1);
  say(`${tarball}: ${(statSync(join(folder, tarball)).size / 1e6).toFixed(2)} MB`);
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const quiet = ['--no-audit', '--no-fund', '--loglevel', 'error'];
  const scripts = withScripts ? [] : ['--ignore-scripts'];
  must('npm', ['install', ...quiet, ...scripts, `./${tarball}`], folder);
  if (withScripts) {
    // npm passes over an optional package that could not be built.
    must('node', ['-e', "require('cap')"], folder);
    say('holds: cap was built and loads');
  }
  const robe = (...words) => command('npx', ['--no-install', 'robe', ...words], folder);
  const holds = (words, ...said) => {
    const { status, stdout, stderr } = robe(...words);
    if (status !== 0)
      fail(`robe ${words.join(' ')} ended with ${status}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
    for (const text of said)
      if (!stdout.includes(text)) fail(`robe ${words.join(' ')} does not say "${text}"\n${stdout.slice(-2000)}`);
    say(`holds: robe ${words.join(' ')}`);
  };
  holds(['--version'], JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version);
  holds(
    ['run', '--iut', 'embedded:robe-downgrade', '--out', 'whole', '--junit', 'junit.xml'],
    'Every case that was judged',
  );
  for (const file of ['whole/results.json', 'whole/report.html', 'junit.xml'])
    if (!existsSync(join(folder, file))) fail(`${file} was not written`);
  holds(['report', 'whole', '--tap', '-'], 'TAP version 14');
  holds(['lint']);
  holds(['schema', 'iut.schema.json'], '$schema');
  holds(['list', 'robe-downgrade.server', '--json'], '"id"');
  holds(['explain', 'ROBE-P1-S-02'], 'ROBE-P1-S-02');
  holds(['init', '--name', 'mine', '--path', 'eth1 192.0.2.1 192.0.2.128/25']);
  const shipped = join(folder, 'node_modules/robe-conformance');
  for (const file of [
    'src/iut/shim/linux-mptcp.py',
    'src/iut/shim/linux-mptcp.c',
    'fixtures/iut/linux-over-ssh.yaml',
    'docs/ci.md',
  ])
    if (!existsSync(join(shipped, file))) fail(`the tarball lacks ${file}`);
  const comment = readFileSync(join(folder, 'iut.yaml'), 'utf8').split('\n')[0].replace(/.*=/, '');
  if (!existsSync(join(folder, comment))) fail(`an editor would not find the schema ${comment}`);
  say('The tarball is what a user needs.');
} finally {
  rmSync(folder, { recursive: true });
}
