/**
 * `npm run implementations`: judges every implementation that can be had here by the whole catalogue, and writes what each keeps
 * and breaks into docs/implementations.md, below what people wrote there. Names of implementations after `--` replace the usual
 * ones; directories of runs are taken as they are. Takes some minutes for each, more on a machine that is busy.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { home, say } from './prepare.mjs';

const usual = [
  ...['vm:debian-6.1', 'vm:debian-6.12', 'lab:linux', 'lab:gvisor', 'lab:lwip', 'lab:passt', 'lab:slirp4netns'],
  'embedded:mptcp',
];
const robe = (...argv) =>
  spawnSync(process.execPath, [join(home, 'dist/cli/main.js'), ...argv], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'],
  });

const document = join(home, 'docs/implementations.md');
const mark = '<!-- Everything below is made by `npm run implementations`. -->\n';

const folder = mkdtempSync(join(tmpdir(), 'robe-implementations-'));
try {
  const asked = process.argv.slice(2);
  const runs = (asked.length > 0 ? asked : usual).flatMap((name) => {
    if (existsSync(join(name, 'results.json'))) return [name];
    const out = join(folder, name.replaceAll(/[^A-Za-z0-9.]/g, '-'));
    say(`judging ${name}`);
    robe('run', '--iut', name, '--seed', '1', '--out', out);
    if (existsSync(join(out, 'results.json'))) return [out];
    say(`${name} could not be judged; it is left out`);
    return [];
  });
  const made = join(folder, 'matrix.md');
  if (robe('compare', '--matrix', ...runs, '--markdown', made).status !== 0) process.exitCode = 1;
  else {
    const [written] = readFileSync(document, 'utf8').split(mark);
    writeFileSync(document, `${written}${mark}\n${readFileSync(made, 'utf8')}`);
    say(`${document} is written`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
