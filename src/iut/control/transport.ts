/**
 * Where control commands (shim and hooks) run: on this machine, inside one of its network namespaces, or on another
 * machine over ssh. The bytes of a shim's stdin and stdout, and the exit status of a hook, are the same over each. If a
 * hook is killed, all its child processes are killed as well, wherever it runs.
 *
 * ssh: one connection is made at the beginning and shared by all commands (OpenSSH's ControlMaster), so that a hook costs
 * a few milliseconds; ssh never prompts (BatchMode), so a missing key is an error at once. The user's ssh configuration
 * applies. Its exit status 255 means that ssh itself failed, whatever the command did.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Time } from '../../net/clock/clock.js';
import { milliseconds } from '../../net/clock/clock.js';
import { printable } from '../../protocol/bytes/printable.js';
import { quoteForShell } from '../../protocol/bytes/shell-word.js';
import { ControlError } from './shim-control.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export type TransportPlan =
  | { readonly kind: 'local' }
  | { readonly kind: 'netns'; readonly name: string }
  | { readonly kind: 'ssh'; readonly host: string; readonly options: readonly string[] };

export interface Transport {
  /** Starts a program (no shell) that lives until its input ends, a shim, with three pipes. */
  start(command: readonly string[]): ChildProcess;
  /** Runs a command (program and arguments, no shell) that ends by itself, a hook; `variables` join its environment. */
  run(command: readonly string[], variables: Readonly<Record<string, string>>): RunningCommand;
  /** The exit status that reports a failure of the transport itself, if it has one. */
  readonly brokenExit?: number;
  close(): Promise<void>;
}

export interface RunningCommand {
  /** With pipes for its standard output and error. */
  readonly child: ChildProcess;
  /** Kills it with all its child processes. */
  end(): void;
}

/** Throws a ControlError with the remedy if the other side cannot be reached. */
export const openTransport = async (
  plan: TransportPlan,
  clock: Clock,
  environment: Environment,
): Promise<Transport> => {
  switch (plan.kind) {
    case 'local':
      return startingHere(environment, []);
    case 'netns':
      return startingHere(environment, ['nsenter', `--net=/run/netns/${plan.name}`, '--']);
    case 'ssh':
      return await openSsh(plan, clock, environment);
  }
};

const startingHere = (environment: Environment, prefix: readonly string[]): Transport => ({
  start: (command) => {
    const [program = '', ...args] = [...prefix, ...command];
    return spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...environment } });
  },
  run: (command, variables) => {
    const [program = '', ...args] = [...prefix, ...command];
    const env = { ...environment, ...variables };
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env, detached: true });
    return { child, end: () => endGroup(child) };
  },
  close: async () => {},
});

/** A detached child leads a group of its own, which also holds what it has started. */
const endGroup = (child: ChildProcess): void => {
  const { pid, exitCode, signalCode } = child;
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody in the group may be signalled: the child tells why, as an error of its own.
    child.kill('SIGKILL');
  }
};

/** How long the login may take, and how often it is looked after. */
const loginDeadline: Time = milliseconds(15_000);
const loginPause: Time = milliseconds(50);
const keptComplaints = 2000;
/** ssh(1): `ssh exits with the exit status of the remote command or with 255 if an error occurred`. */
const sshFailed = 255;

const openSsh = async (
  { host, options }: Extract<TransportPlan, { kind: 'ssh' }>,
  clock: Clock,
  environment: Environment,
): Promise<Transport> => {
  const directory = mkdtempSync(join(tmpdir(), 'robe-ssh-'));
  // As an option of its own, in which blanks may stand; percent signs have a meaning in it.
  const masterPath = join(directory, 'master').replaceAll('%', '%%');
  const common = [...options, '-o', 'BatchMode=yes', '-S', masterPath];
  const keepAlive = ['-o', 'ServerAliveInterval=5', '-o', 'ServerAliveCountMax=2', '-o', 'ConnectTimeout=10'];
  const master = spawn('ssh', [...common, ...keepAlive, '-o', 'ControlMaster=yes', '-N', host], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...environment },
  });
  let complaints = '';
  master.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-keptComplaints);
  });
  let ended: string | undefined;
  const gone = new Promise<void>((resolve) => {
    master.once('error', (error) => {
      ended = `ssh could not be started: ${error.message}`;
      resolve();
    });
    master.once('close', (code) => {
      ended ??= `ssh ${host} ended with ${code}: ${printable(complaints.trim().split('\n').at(-1) ?? '', 300)}`;
      resolve();
    });
  });
  const close = async (): Promise<void> => {
    master.kill('SIGTERM');
    await gone;
    rmSync(directory, { recursive: true, force: true });
  };
  const ssh = (args: readonly string[]): ChildProcess =>
    spawn('ssh', [...common, '-o', 'ControlMaster=no', ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...environment },
    });
  const until = clock.now() + loginDeadline;
  while (!(await succeeds(ssh(['-O', 'check', host])))) {
    if (ended === undefined && clock.now() < until) {
      await new Promise<void>((resolve) => clock.at(clock.now() + loginPause, resolve));
      continue;
    }
    const why = ended ?? `ssh ${host} was not ready within ${loginDeadline / 1_000_000_000n} s`;
    await close();
    throw new ControlError(`${why}; try: ssh -o BatchMode=yes ${host} true`);
  }
  return {
    brokenExit: sshFailed,
    start: (command) => ssh([host, '--', commandLine(command)]),
    run: (command, variables) => {
      const assigned = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
      const child = ssh([host, '--', commandLine(['env', ...assigned, 'sh', '-c', guardedScript, 'sh', ...command])]);
      child.stdin?.on('error', () => {});
      return { child, end: () => void child.kill('SIGKILL') };
    },
    close,
  };
};

const commandLine = (words: readonly string[]): string => words.map(quoteForShell).join(' ');

/**
 * Runs its arguments as a command until that ends or its own input does, which is when ssh is gone at this end: sshd leaves
 * a command without terminal running then. With setsid the command leads a group, and all of it is killed.
 */
const guardedScript = `
leader=$(command -v setsid)
exec 3<&0 </dev/null
$leader "$@" 3<&- &
command=$!
(while read -r _; do :; done; kill -s KILL -- -$command || kill -s KILL $command) <&3 >/dev/null 2>&1 &
guard=$!
exec 3<&-
wait $command
status=$?
kill -s KILL $guard 2>/dev/null
exit $status
`;

const succeeds = (child: ChildProcess): Promise<boolean> =>
  new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
