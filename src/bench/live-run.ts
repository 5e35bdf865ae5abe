/** The whole live catalogue against this machine's kernel: its wall time beside the longest single wait in it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSoundCatalogue } from '../conduct/load-catalogue.js';
import { unavoidableWait } from '../run/patience.js';
import { results } from '../suite/verdict/results.js';

const program = fileURLToPath(new URL('../cli/main.js', import.meta.url));

export const benchLive = async (print: (line: string) => void): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'robe-bench-'));
  try {
    const done = spawnSync(process.execPath, [program, 'run', '--iut', 'lab:linux', '--out', directory], {
      encoding: 'utf8',
    });
    const { run, cases, totals } = results.parse(JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8')));
    if (run.problem !== undefined) throw new Error(run.problem);
    const known = new Map(loadSoundCatalogue([], process.cwd()).cases.map((each) => [each.id, each]));
    const judged = cases.filter(({ verdict }) => verdict !== 'not-applicable');
    const wait = Math.max(0, ...judged.map(({ id }) => Number(unavoidableWait(known.get(id)?.steps ?? [])) / 1e9));
    const lasted = Math.max(...judged.map(({ duration }) => duration)) / 1000;
    print(
      `${judged.length} cases in ${(run.duration / 1000).toFixed(2)} s (exit ${done.status}; ${totals.fail ?? 0} failed, ${totals.error ?? 0} errors)`,
    );
    print(`longest wait written in a case ${wait.toFixed(2)} s, longest case ${lasted.toFixed(2)} s`);
    print(`wall time beyond the longest case: ${(run.duration / 1000 - lasted).toFixed(2)} s`);
    const serial = judged.reduce((sum, { duration }) => sum + duration, 0) / 1000;
    print(`one after the other they take ${serial.toFixed(0)} s: ratio ${(serial / (run.duration / 1000)).toFixed(0)}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
