/**
 * `npm run faults [-- NUMBER]`: runs with one failing system call each, 500 by default, on the embedded reference and, if
 * the machine permits it, on its own kernel in a lab. Prints the failures, and the figures of docs/faults.md. Exit code 1
 * if there is any failure.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPrivilege } from '../net/lab/privilege.js';
import { chooseFaults, type Fault, tellFault } from './fault.js';
import { buildPreload } from './preload.js';
import { countCalls, type Ground, tryFault } from './trial.js';

const wanted = Number(process.argv[2] ?? 500);
/** The part of the faults that are tried in a lab. */
const inLab = 0.4;
const atOnce = 3;

const folder = mkdtempSync(join(tmpdir(), 'robe-campaign-'));
try {
  const library = buildPreload(folder);
  const mayLab = (await findPrivilege()).privilege === 'root';
  const live = mayLab ? Math.round(wanted * inLab) : 0;
  const embedded: Ground = { iut: 'embedded:tcp', library, folder };
  const lab: Ground = { iut: 'lab:linux', library, folder };
  const trials: { readonly ground: Ground; readonly fault: Fault }[] = [
    ...chooseFaults(await countCalls(embedded, 'program'), wanted - live).map((fault) => ({ ground: embedded, fault })),
    ...(live === 0
      ? []
      : chooseFaults([...(await countCalls(lab, 'runner')), ...(await countCalls(lab, 'program'))], live).map(
          (fault) => ({ ground: lab, fault }),
        )),
  ];
  const codes = new Map<string, number>();
  let kept = 0;
  let bad = 0;
  let done = 0;
  const tell = (): void => {
    const ended = [...codes].sort().map(([code, count]) => `${count} with ${code}`);
    process.stdout.write(
      `${done} of ${trials.length} faults (${live} of all in a lab): ${bad} with something wrong; ${kept} kept results; exit codes: ${ended.join(', ')}\n`,
    );
  };
  // Ordered so that the faults in a lab are spread evenly.
  const left = trials
    .map((trial, index) => ({ trial, place: (index * 7919) % 7907 }))
    .sort((a, b) => a.place - b.place)
    .map(({ trial }) => trial);
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const { ground, fault } = next;
      const trial = await tryFault(ground, fault);
      const code = String(trial.code ?? 'signal');
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (trial.kept) kept += 1;
      done += 1;
      if (done % 100 === 0) tell();
      if (trial.wrong.length === 0) continue;
      bad += 1;
      process.stdout.write(`${ground.iut} ${tellFault(fault)}: ${trial.wrong.join('; ')}\n`);
      if (process.argv.includes('--verbose')) process.stdout.write(`${trial.said}\n`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  tell();
  process.exitCode = bad === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
