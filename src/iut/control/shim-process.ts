/**
 * A shim as a child process speaking over its stdin and stdout. Its standard error is kept (the last of it) to explain
 * an early end. The child is told to end by the end of its input, which also happens when this process dies.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { printable } from '../../protocol/bytes/printable.js';
import type { ControlChannel } from './shim-control.js';

/** How long a child may take to end by itself before it is killed, in milliseconds. */
const patience = 1500;
const keptStderr = 2000;

/** Starts `command` (a program and its arguments, no shell) and gives the channel to it. */
export const startShim = (
  command: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ControlChannel => {
  const [program = '', ...args] = command;
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...environment },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptStderr);
  });
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${program} could not be started: ${error.message}`));
    child.once('close', (code, signal) => {
      const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
      const said = stderr.trim().split('\n').at(-1) ?? '';
      resolve(`the control process (${program}) ${how}${said === '' ? '' : `: ${printable(said, 300)}`}`);
    });
  });
  return {
    input: child.stdin,
    output: child.stdout,
    gone,
    close: async () => {
      child.stdin.end();
      const killer = setTimeout(() => child.kill('SIGKILL'), patience);
      await gone;
      clearTimeout(killer);
    },
  };
};
