/**
 * Live runs without root: the program starts itself again inside a user namespace in which it may create a lab, if the
 * kernel permits it and the command needs a lab. Nothing changes for root, or if the kernel does not permit it; then the
 * command itself reports what is missing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { findPrivilege, inUserNamespace } from '../net/lab/privilege.js';

/**
 * Whether a command line needs a lab: `start`, `lab haap` and `lab race` do, `run --iut lab:…` or `vm:…`, and `experiment
 * … --live`.
 */
export const asksForLab = (given: {
  readonly _: readonly (string | number)[];
  readonly iut?: unknown;
  readonly live?: unknown;
}): boolean =>
  given._[0] === 'start' ||
  (given._[0] === 'lab' && (given._[1] === 'haap' || given._[1] === 'race')) ||
  (given._[0] === 'experiment' && given.live === true) ||
  ((given._[0] === 'run' || given._[0] === 'replay') && typeof given.iut === 'string' && /^(lab|vm):/.test(given.iut));

/** Runs this program again inside, and returns its exit code; `undefined` if it is to continue in place. */
export const runInUserNamespace = async (): Promise<number | undefined> => {
  if ((await findPrivilege()).privilege !== 'userns') return undefined;
  const [program, argv] = inUserNamespace([process.execPath, ...process.execArgv, ...process.argv.slice(1)]);
  const inside = spawn(program, argv, { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; the one inside removes its lab and ends.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => inside.kill('SIGTERM'));
  const [code, signal] = (await once(inside, 'exit')) as [number | null, NodeJS.Signals | null];
  // As a shell reports it.
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
};
