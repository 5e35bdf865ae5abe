/**
 * Times on the wire, in a lab against this machine's kernel: from a SYN that the tester sends to the SYN/ACK in its hands,
 * beside a C program that does the same with a packet socket; and from an answer in hand to the next segment that a
 * case sends because of it (the tester's own reaction).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { flagsOfRunner } from '../cli/run/runner-program.js';
import { createLab, type Lab } from '../net/lab/lab.js';
import { baselineProgram } from './baseline-program.js';
import { percentile, tellTimes } from './percentile.js';

const probe = fileURLToPath(new URL('wire-probe.js', import.meta.url));
const exchanges = 5000;

const probed = z.object({
  exchange: z.array(z.number()),
  reaction: z.array(z.number()),
  baseline: z.array(z.number()).optional(),
});

export const benchWire = async (print: (line: string) => void): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'robe-bench-'));
  const lab = await createLab({ paths: 2, iut: 'kernel' });
  try {
    const baseline = compileBaseline(directory);
    const argv = [
      process.execPath,
      ...flagsOfRunner,
      probe,
      JSON.stringify(lab.namespaces),
      String(exchanges),
      ...baseline,
    ];
    const measured = probed.parse(JSON.parse(await outputOf(lab, argv)));
    print(`SYN to SYN/ACK: ${tellTimes(measured.exchange)}`);
    const theirs = measured.baseline;
    if (theirs === undefined) print('no C compiler: the baseline is left out');
    else {
      print(`C with a packet socket: ${tellTimes(theirs)}`);
      const ratio = (part: number): string =>
        (percentile(measured.exchange, part) / percentile(theirs, part)).toFixed(2);
      print(`ratio: ${ratio(0.5)} at p50, ${ratio(0.99)} at p99`);
    }
    print(`tester's reaction, answer in hand to next segment sent: ${tellTimes(measured.reaction)}`);
  } finally {
    await lab.remove();
    rmSync(directory, { recursive: true, force: true });
  }
};

/** In a session of its own, so that it can go before others without taking this one with it. */
const outputOf = (lab: Lab, argv: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = lab.exec('tb', argv, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    let output = '';
    let complaint = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${argv[1]} ended with ${code}: ${complaint.trim().split('\n').at(-1) ?? ''}`));
    });
  });

/** The C program, compiled: its path, or nothing without a compiler. */
const compileBaseline = (directory: string): readonly string[] => {
  const source = join(directory, 'baseline.c');
  const program = join(directory, 'baseline');
  writeFileSync(source, baselineProgram);
  const compiled = spawnSync('cc', ['-O2', '-o', program, source], { encoding: 'utf8' });
  if (compiled.error !== undefined) return [];
  if (compiled.status !== 0) throw new Error(`the baseline does not compile: ${compiled.stderr}`);
  return [program];
};
