/**
 * A run of a few cases, all of which pass, with one fault: its outcome, and what is wrong with it. The correct outcome:
 * no pass that a run without the fault lacks; no implementation judged not conformant; readable results or none; exit
 * code 0 only with all results, otherwise 3, 4 or 5 (2 if the results could not be started); nothing left behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { exitCodes } from '../gate/exit-code.js';
import { listNamespaces } from '../net/lab/sweep.js';
import { results } from '../suite/verdict/results.js';
import { errors, type Fault, type FaultyProcess, processes } from './fault.js';

const program = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const cases = ['tcp.server.connection', 'tcp.server.old-duplicate-syn'];
const passes = 4;
/** Longer than any run takes on a busy machine. */
const patience = 90_000;

export interface Ground {
  /** What is judged. */
  readonly iut: 'embedded:tcp' | 'lab:linux';
  /** The preload, built. */
  readonly library: string;
  /** The folder for the files of trials. */
  readonly folder: string;
}

export interface Trial {
  readonly code: number | null;
  /** Whether there are results. */
  readonly kept: boolean;
  readonly wrong: readonly string[];
  readonly said: string;
}

interface Run {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly mark: string;
}

const start = ({ iut, library, folder }: Ground, fault: Fault | FaultyProcess, counts: string): Run => {
  const own = mkdtempSync(join(folder, 'trial-'));
  mkdirSync(join(own, 'tmp'));
  const faulty = typeof fault === 'string' ? fault : fault.process;
  const { line, after } = processes[faulty];
  const child = spawn(
    process.execPath,
    [program, 'run', ...cases, '--iut', iut, '--seed', '1', '--out', join(own, 'out')],
    {
      cwd: own,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        TMPDIR: join(own, 'tmp'),
        LD_PRELOAD: library,
        ROBE_FAULT: typeof fault === 'string' ? 'open:0:0' : `${fault.call}:${fault.number}:${errors[fault.error]}`,
        ROBE_FAULT_IN: line,
        ROBE_FAULT_AFTER: after,
        ROBE_FAULT_COUNTS: counts,
        ROBE_FAULT_TRIAL: own,
      },
    },
  );
  return { child, folder: own, mark: `ROBE_FAULT_TRIAL=${own}` };
};

/** How often a run without a fault makes each call, in one of its processes. */
export const countCalls = async (ground: Ground, faulty: FaultyProcess) => {
  const file = join(ground.folder, 'counts');
  const { child, folder } = start(ground, faulty, file);
  child.stdout?.resume();
  child.stderr?.resume();
  await once(child, 'close');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  rmSync(folder, { recursive: true, force: true });
  rmSync(file, { force: true });
  return text
    .split('\n')
    .filter(Boolean)
    .map((each) => {
      const [call = '', count = '0'] = each.split(' ');
      return { process: faulty, call, count: Number(count) };
    });
};

export const tryFault = async (ground: Ground, fault: Fault): Promise<Trial> => {
  const run = start(ground, fault, '/dev/null');
  const { child, folder } = run;
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
  let hung = false;
  const killer = setTimeout(() => {
    hung = true;
    child.kill('SIGKILL');
  }, patience);
  await once(child, 'close');
  clearTimeout(killer);
  const file = join(folder, 'out', 'results.json');
  const kept = existsSync(file);
  const wrong = [
    ...(hung ? [`it did not end within ${patience / 1000} s`] : []),
    ...judge(child, kept ? readFileSync(file, 'utf8') : undefined, said),
    ...(await leftBy(run)),
  ];
  rmSync(folder, { recursive: true, force: true });
  return { code: child.exitCode, kept, wrong, said };
};

const judge = ({ exitCode, signalCode }: ChildProcess, text: string | undefined, said: string): readonly string[] => {
  const wrong: string[] = [];
  const allowed: readonly (number | null)[] = Object.values(exitCodes).filter((code) => code !== exitCodes.red);
  if (!allowed.includes(exitCode)) wrong.push(`exit code ${exitCode ?? signalCode}`);
  if (/^\s+at .*\.js:\d+/m.test(said)) wrong.push('a stack trace is shown');
  if (text === undefined) {
    if (exitCode === exitCodes.holds) wrong.push('exit code 0 without results');
    return wrong;
  }
  const parsed = results.safeParse(parse(text));
  if (!parsed.success) return [...wrong, 'the results cannot be read'];
  const { totals } = parsed.data;
  if ((totals.fail ?? 0) + (totals.nonstrict ?? 0) > 0) wrong.push(`${totals.fail ?? totals.nonstrict} not conformant`);
  if (exitCode === exitCodes.holds && totals.pass !== passes) wrong.push(`exit code 0 with ${totals.pass ?? 0} passes`);
  return wrong;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Checks repeatedly: a process that was told to end may need a moment. */
const leftBy = async ({ child, folder, mark }: Run): Promise<readonly string[]> => {
  let left: readonly string[] = [];
  for (let attempt = 0; attempt < 40; attempt += 1) {
    left = [
      ...listNamespaces().flatMap(({ name, owner }) => (owner.pid === child.pid ? [`namespace ${name} is left`] : [])),
      ...processesWith(mark).map((pid) => `process ${pid} is left`),
      ...readdirSync(join(folder, 'tmp')).map((name) => `folder ${name} is left`),
    ];
    if (left.length === 0) return [];
    await sleep(100);
  }
  for (const pid of processesWith(mark)) process.kill(pid, 'SIGKILL');
  return left;
};

/** The processes whose environment marks them as part of this trial. */
const processesWith = (mark: string): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
