/**
 * `npm run runtimes [MAJOR ...]`: the same on every version of Node. Fetches Node 20, 22, 24 and 26 from npm into a temporary
 * folder, runs the embedded catalogue on each with one seed, and a few live cases where this machine can; compares the
 * verdicts, prints one table, and ends with 1 where versions differ. Needs the network.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { home, say } from './prepare.mjs';

const asked = process.argv.slice(2).filter((word) => /^\d+$/.test(word));
const majors = asked.length > 0 ? asked : ['20', '22', '24', '26'];
const seed = 'runtimes';
/** Handshakes, data, a join and the end of connections, on real interfaces. */
const liveCases = ['tcp.server.syn-answered', 'mptcp.server.data-fin', 'mptcp.server.fin-of-one-subflow.joined'];

const folder = mkdtempSync(join(tmpdir(), 'robe-runtimes-'));
const program = join(home, 'dist/cli/main.js');

/**
 * The program of a version. What npm's package `node` would install for this machine is taken directly, since it needs no
 * script to be installed; it has Node's headers as well, with which cap is built.
 */
const fetchNode = (major) => {
  const place = join(folder, `node-${major}`);
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{"private":true}\n');
  const name = `node-${process.platform}-${process.arch}`;
  const argv = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', place, `${name}@${major}`];
  const { status, stderr } = spawnSync('npm', argv, { cwd: place, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm could not fetch ${name}@${major}: ${stderr.trim().split('\n')[0]}`);
  return join(place, 'node_modules', name, 'bin/node');
};

/** Verdict and signature of every case, and how long the run took, in seconds. */
const judge = (node, name, argv) => {
  const out = join(folder, name);
  const began = performance.now();
  const { stderr } = spawnSync(node, [program, 'run', ...argv, '--seed', seed, '--out', out], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const seconds = (performance.now() - began) / 1000;
  try {
    const { cases, run } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
    const verdicts = new Map(
      cases.map((each) => [`${each.subject} ${each.id}`, `${each.verdict} ${each.signature ?? ''}`]),
    );
    return { verdicts, seconds, problem: run.problem };
  } catch {
    return { verdicts: new Map(), seconds, problem: stderr.trim().split('\n').at(-1) };
  }
};

const readDoctor = (node) => {
  const { stdout, stderr } = spawnSync(node, [program, 'doctor', '--mend', '--json'], { encoding: 'utf8' });
  return { ...JSON.parse(stdout), mended: stderr.trim() };
};

/** The live cases, or why there are none. */
const judgeLive = (node, major) => {
  const { things, availability, mended } = readDoctor(node);
  const { available, lacks } = availability.find(({ iut }) => iut === 'lab:reference');
  const why = lacks.includes('cap') ? mended : things.find(({ id }) => id === lacks[0])?.found;
  if (!available) return { verdicts: new Map(), problem: why };
  return judge(node, `live-${major}`, ['--iut', 'lab:reference:mptcp', ...liveCases]);
};

/** What one version says otherwise than the first. */
const differences = (first, other) =>
  [...new Set([...first.keys(), ...other.keys()])].filter((each) => first.get(each) !== other.get(each));

const count = (verdicts, pattern) => [...verdicts.values()].filter((each) => pattern.test(each)).length;

const tryVersion = (major) => {
  const node = fetchNode(major);
  const { stdout } = spawnSync(node, ['-p', "process.version + ' ' + process.versions.modules"], { encoding: 'utf8' });
  const [version, abi] = stdout.trim().split(' ');
  say(`Node ${version}, ABI ${abi} …`);
  const embedded = judge(node, `embedded-${major}`, ['--iut', 'embedded']);
  return { version, abi, embedded, live: judgeLive(node, major) };
};

const tell = ({ verdicts, problem }, reference) => {
  if (problem !== undefined) return `none: ${problem}`;
  const green = `${count(verdicts, /^(pass|info|nonstrict) /)} of ${count(verdicts, /^(?!not-applicable )/)}`;
  const otherwise = differences(reference.verdicts, verdicts).length;
  return otherwise === 0 ? green : `${green}, ${otherwise} otherwise`;
};

const table = (tried) => {
  const [{ embedded, live }] = tried;
  const rows = tried.map((each) => [
    each.version,
    each.abi,
    tell(each.embedded, embedded),
    `${each.embedded.seconds.toFixed(1)} s`,
    tell(each.live, live),
  ]);
  const all = [['Node', 'ABI', 'embedded green', 'took', 'live green'], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
};

try {
  const tried = majors.map(tryVersion);
  for (const line of ['', ...table(tried)]) say(line);
  const [first, ...others] = tried;
  const otherwise = others.flatMap(({ version, embedded, live }) =>
    [
      ...differences(first.embedded.verdicts, embedded.verdicts),
      ...differences(first.live.verdicts, live.verdicts),
    ].map((each) => `${version} judges otherwise than ${first.version}: ${each}`),
  );
  for (const line of otherwise.slice(0, 20)) say(line);
  if (otherwise.length > 0 || first.embedded.verdicts.size === 0) process.exitCode = 1;
  else say(`Every version gives the same ${first.embedded.verdicts.size} embedded verdicts (seed ${seed}).`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
