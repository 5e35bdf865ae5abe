/**
 * `npm run pack-check`: the tarball that `npm pack` makes, installed in an empty folder by somebody with another home and
 * an empty cache of npm, does what the checkout does: judges an embedded case, and a live one where this machine can,
 * completes schemas, writes reports, lists and explains its catalogue. With `--git` the last commit is installed from the
 * repository instead. Needs the network, for the packages that it depends on.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { home, say } from './prepare.mjs';

const folder = mkdtempSync(join(tmpdir(), 'robe-pack-'));
const user = join(folder, 'user');
const project = join(folder, 'project');
const fromGit = process.argv.includes('--git');

const fail = (why) => {
  throw new Error(why);
};

/** What is set for this user and for the npm around this program does not reach the installation. */
const strangers = () => {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_|^INIT_CWD$|^NODE_OPTIONS$/i.test(name));
  return { ...Object.fromEntries(own), HOME: user, npm_config_cache: join(user, 'cache') };
};

const command = (program, argv, cwd, env = strangers()) => {
  const { status, stdout, stderr } = spawnSync(program, argv, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status, stdout, stderr };
};

const must = (program, argv, cwd, env) => {
  const { status, stdout, stderr } = command(program, argv, cwd, env);
  return status === 0 ? stdout : fail(`${program} ${argv.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
};

const pack = () => {
  const argv = ['pack', '--silent', '--pack-destination', folder];
  const tarball = join(folder, must('npm', argv, home, process.env).trim().split('\n').at(-1));
  say(`${tarball.split('/').at(-1)}: ${(statSync(tarball).size / 1e6).toFixed(2)} MB`);
  return tarball;
};

const robe = (...words) => command('npx', ['--no-install', 'robe', ...words], project);

const holds = (words, ...said) => {
  const { status, stdout, stderr } = robe(...words);
  if (status !== 0)
    fail(`robe ${words.join(' ')} ended with ${status}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
  for (const text of said)
    if (!stdout.includes(text)) fail(`robe ${words.join(' ')} does not say "${text}"\n${stdout.slice(-2000)}`);
  say(`holds: robe ${words.join(' ')}`);
};

/** A live case, where doctor says that one can be run; cap must be there wherever all is there that builds it. */
const judgeLive = () => {
  const { things, availability } = JSON.parse(robe('doctor', '--json').stdout);
  const found = (id) => things.find((each) => each.id === id);
  const [cap, compiler] = [found('cap'), found('compiler')];
  if (!cap.there && compiler.there) fail(`cap was not built, though everything for it is there: ${cap.found}`);
  if (!availability.find(({ iut }) => iut === 'lab:reference').available) {
    say(
      `no live case here: ${things
        .filter((each) => !each.there)
        .map((each) => each.found)
        .join('; ')}`,
    );
    return;
  }
  holds(['run', '--iut', 'lab:reference:tcp', 'tcp.server.syn-answered.ip4', '--out', 'live'], 'Every case');
};

const lies = (...files) => {
  for (const file of files) if (!existsSync(join(project, file))) fail(`${file} is not there`);
};

try {
  mkdirSync(user);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private":true}\n');
  const source = fromGit ? `git+file://${home}` : pack();
  must('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', source], project);
  holds(['--version'], JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version);
  holds(
    ['run', 'tcp.server.syn-answered', '--out', 'embedded', '--junit', 'junit.xml'],
    'Every case that was judged behaves as required',
  );
  lies('embedded/results.json', 'embedded/report.html', 'junit.xml');
  judgeLive();
  holds(['report', 'embedded', '--tap', '-'], 'TAP version 14');
  holds(['lint']);
  holds(['schema', 'iut.schema.json'], '$schema');
  holds(['list', 'robe-downgrade.server', '--json'], '"id"');
  holds(['explain', 'ROBE-P1-S-02'], 'ROBE-P1-S-02');
  holds(['init', '--name', 'mine', '--path', 'eth1 192.0.2.1 192.0.2.128/25']);
  const shipped = 'node_modules/robe-conformance';
  const files = [
    'src/iut/shim/linux-mptcp.py',
    'src/iut/shim/linux-mptcp.c',
    'src/iut/shim/robe-ctl.h',
    'src/engine/program/engine.h',
    'src/engine/program/race.c',
    'fixtures/iut/linux-over-ssh.yaml',
    'docs/ci.md',
    'CHANGELOG.md',
  ];
  lies(...files.map((file) => join(shipped, file)));
  // The comment by which editors find the schema.
  lies(readFileSync(join(project, 'iut.yaml'), 'utf8').split('\n')[0].replace(/.*=/, ''));
  say('What was installed is what a user needs.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
