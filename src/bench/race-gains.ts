/**
 * What a user gains today: pages of twenty things, each over a connection of its own and six at once, by curl through the engine,
 * for several faults of the default path and each scheme; `classic` is MPTCP that begins on the default path alone.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ownProgram, untilReady } from '../cli/haap/lab-program.js';
import { openRaceLab, type RaceLab, raceServer } from '../cli/haap/lab-race.js';
import { percentile } from './percentile.js';

const things = 20;
const pages = 3;
const thingOctets = 20_000;
/** A person has left by then. */
const patienceSeconds = 5;

const weathers: readonly (readonly [what: string, impair: readonly string[]])[] = [
  ['both 20 ms', ['path1=delay:10ms', 'path2=delay:10ms']],
  ['default 80 ms, other 20 ms', ['path1=delay:40ms', 'path2=delay:10ms']],
  ['default loses 20 %', ['path1=delay:10ms,loss:20%', 'path2=delay:10ms']],
  ['default dead', ['path1=dead', 'path2=delay:10ms']],
];

const contenders: readonly (readonly [what: string, options: readonly string[]])[] = [
  ['classic', ['--interface', 'path1=tester1']],
  ['sim', ['--scheme', 'sim']],
  ['timer', ['--scheme', 'timer']],
  ['timer 300 ms', ['--scheme', 'timer', '--timer', '300ms']],
  ['timer,ips', ['--scheme', 'timer,ips']],
  ['sim,ips', ['--scheme', 'sim,ips']],
];

/** Prints a section of `npm run bench`. */
export const benchRaceGains = async (print: (line: string) => void): Promise<void> => {
  const files = mkdtempSync(join(tmpdir(), 'robe-bench-'));
  writeFileSync(join(files, 'thing'), Buffer.alloc(thingOctets, 'robe'));
  print('milliseconds to the first octet (median), to the whole page (median of three), things that never came');
  print(`${''.padEnd(28)}${contenders.map(([what]) => what.padStart(18)).join('')}`);
  try {
    for (const [what, impair] of weathers) {
      const lab = await openRaceLab({ far: 'server', paths: 2, scheme: ['sim'], impair, files, quiet: true }, () => {});
      try {
        await lab.ready;
        const cells: string[] = [];
        for (const [index, [, options]] of contenders.entries()) cells.push(await measure(lab, 1081 + index, options));
        print(`${what.padEnd(28)}${cells.map((cell) => cell.padStart(18)).join('')}`);
      } finally {
        await lab.close();
      }
    }
  } finally {
    rmSync(files, { recursive: true, force: true });
  }
};

const measure = async (lab: RaceLab, port: number, options: readonly string[]): Promise<string> => {
  const entry = `127.0.0.1:${port}`;
  const proxy = ['connect-proxy', '--engine', 'kernel', '--quiet', '--listen', entry, ...options];
  const child = lab.pair.exec('client', [...ownProgram, ...proxy], { stdio: ['ignore', 'ignore', 'pipe'] });
  await untilReady(child, { name: 'connect-proxy', isReady: (line) => line.includes(`${entry} to`), broke: () => {} });
  const first: number[] = [];
  const whole: number[] = [];
  let lost = 0;
  for (let page = 0; page < pages; page++) {
    const begun = process.hrtime.bigint();
    const said = await fetchPage(lab, entry);
    whole.push(Number(process.hrtime.bigint() - begun) / 1e6);
    const answered = said.filter(([code]) => code === 200);
    first.push(...answered.map(([, seconds = Number.NaN]) => 1000 * seconds));
    lost += things - answered.length;
  }
  child.kill('SIGTERM');
  const middle = (values: readonly number[]): string =>
    values.length === 0 ? '-' : percentile(values, 0.5).toFixed(0);
  return `${middle(first)} / ${lost === things * pages ? '-' : middle(whole)} / ${lost}`;
};

const fetchPage = async (lab: RaceLab, entry: string): Promise<readonly (readonly number[])[]> => {
  const curl = lab.pair.exec(
    'client',
    [
      ...[
        'curl',
        '-s',
        '-Z',
        '--parallel-immediate',
        '--parallel-max',
        '6',
        '-H',
        'Connection: close',
        '-o',
        '/dev/null',
      ],
      ...['--max-time', String(patienceSeconds), '-w', '%{http_code} %{time_starttransfer}\\n'],
      ...['-x', `socks5h://${entry}`, `http://${raceServer}/thing?[1-${things}]`],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const said = curl.stdout === null ? '' : await text(curl.stdout);
  return said
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' ').map(Number));
};
