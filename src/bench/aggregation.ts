/**
 * A file through connect proxy and aggregation point over an unimpaired lab of two paths, both ends as processes of this
 * machine, beside the processor time that each end took for it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const octets = 60_000_000;
/** Octets that one segment carries next to IPv4, timestamps and the largest DSS. */
const segmentOctets = 1500 - 20 - 20 - 12 - 28;
/** Unit of processor times in `/proc` (proc_pid_stat(5)): 100 a second on Linux, whatever the kernel's own. */
const ticksPerSecond = 100;

/**
 * Runs inside the lab, as a sister of both ends: fetches the file by curl and prints what curl measured and what each end
 * worked meanwhile, in ticks.
 */
const inside = `
const { readFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const sisters = readFileSync('/proc/' + process.ppid + '/task/' + process.ppid + '/children', 'latin1').trim().split(' ');
const ends = {};
for (const pid of sisters) {
  const command = readFileSync('/proc/' + pid + '/cmdline', 'latin1').split('\\0');
  for (const end of ['haap', 'connect-proxy']) if (command[2] === end) ends[end] = pid;
}
const ticks = (pid) => readFileSync('/proc/' + pid + '/stat', 'latin1').split(') ')[1].split(' ').slice(11, 13).map(Number);
const work = () => Object.fromEntries(Object.entries(ends).map(([end, pid]) => [end, ticks(pid)[0] + ticks(pid)[1]]));
const before = work();
const format = '{"code":%{http_code},"octets":%{size_download},"total":%{time_total},"first":%{time_starttransfer}}';
const curl = spawnSync('curl', ['-s', '-o', '/dev/null', '-w', format, 'http://127.0.0.1:8000/big'], { encoding: 'utf8' });
if (curl.error) throw curl.error;
const after = work();
console.log(JSON.stringify({ curl: JSON.parse(curl.stdout), haap: after.haap - before.haap, proxy: after['connect-proxy'] - before['connect-proxy'] }));
`;

interface Measured {
  readonly curl: { readonly code: number; readonly octets: number; readonly total: number; readonly first: number };
  readonly haap: number;
  readonly proxy: number;
}

export const benchAggregation = async (print: (line: string) => void): Promise<void> => {
  const files = mkdtempSync(join(tmpdir(), 'robe-bench-'));
  try {
    writeFileSync(join(files, 'big'), Buffer.alloc(octets, 'robe'));
    for (const profile of ['robe-downgrade', 'robe-esim', 'tcp']) print(line(profile, fetchBy(profile, files)));
  } finally {
    rmSync(files, { recursive: true, force: true });
  }
};

const fetchBy = (profile: string, files: string): Measured => {
  const argv = ['lab', 'haap', '--quiet', '--profile', profile, '--files', files, '--', process.execPath, '-e', inside];
  const { stdout, stderr, error } = spawnSync(process.execPath, [program, ...argv], { encoding: 'utf8' });
  if (error !== undefined || stdout === '') throw error ?? new Error(stderr.trim().split('\n').slice(0, 3).join(' '));
  const measured = JSON.parse(stdout) as Measured;
  const { code, octets: came } = measured.curl;
  if (code !== 200 || came !== octets) throw new Error(`curl got ${came} of ${octets} octets with code ${code}`);
  return measured;
};

const line = (profile: string, { curl, haap, proxy }: Measured): string => {
  const seconds = curl.total - curl.first;
  const segments = octets / segmentOctets;
  const ends = [['aggregation point', haap] as const, ['proxy', proxy] as const].map(([end, ticks]) => {
    const work = ticks / ticksPerSecond;
    return `${end} ${((work / segments) * 1e6).toFixed(0)} us a segment (${((work / seconds) * 100).toFixed(0)} % of a core)`;
  });
  return `${profile}: ${((octets * 8) / seconds / 1e6).toFixed(0)} Mbit/s by curl; ${ends.join(', ')}`;
};
