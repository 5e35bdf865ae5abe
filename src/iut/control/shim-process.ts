/**
 * A shim as a child process speaking over its stdin and stdout. Its standard error is kept (the last of it) to explain
 * an early end. The child is told to end by the end of its input, which also happens when this process dies.
 */
import type { ChildProcess } from 'node:child_process';
import { printable } from '../../protocol/bytes/printable.js';
import { type ControlChannel, ControlError } from './shim-control.js';

/** How long a child may take to end by itself before it is killed, in milliseconds. */
const patience = 1500;
/** How long its output may take to arrive after its end. Processes that it left may hold its pipes for ever. */
const lastWords = 300;
const keptStderr = 2000;

/** The channel to a child that was started with three pipes. `name` is its name in messages. */
export const shimChannel = (child: ChildProcess, name: string): ControlChannel => {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new ControlError(`${name} was started without pipes`);
  let complaints = '';
  stderr.setEncoding('utf8');
  stderr.on('data', (text: string) => {
    complaints = (complaints + text).slice(-keptStderr);
  });
  const gone = new Promise<string>((resolve) => {
    const tell = (code: number | null, signal: NodeJS.Signals | null): void => {
      const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
      const said = complaints.trim().split('\n').at(-1) ?? '';
      for (const pipe of [stdin, stdout, stderr]) pipe.destroy();
      resolve(`the control process (${name}) ${how}${said === '' ? '' : `: ${printable(said, 300)}`}`);
    };
    const soon = (code: number | null, signal: NodeJS.Signals | null): void => {
      setTimeout(() => tell(code, signal), lastWords);
    };
    child.once('error', (error) => resolve(`${name} could not be started: ${error.message}`));
    child.once('close', tell);
    // It may have ended before a listener was attached.
    if (child.exitCode !== null || child.signalCode !== null) soon(child.exitCode, child.signalCode);
    else child.once('exit', soon);
  });
  return {
    input: stdin,
    output: stdout,
    gone,
    close: async () => {
      stdin.end();
      const killer = setTimeout(() => child.kill('SIGKILL'), patience);
      await gone;
      clearTimeout(killer);
    },
  };
};
