/** The running engine: a process of its own, which ends with the program that started it, because its input ends then. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Variables } from '../net/lab/cache-folder.js';
import { configurationLines, type EngineConfiguration, pathLines } from './configuration.js';
import { engineProgram } from './engine-program.js';
import type { EnginePath } from './find-paths.js';

/** It could not start or continue; `code` is the system's name of the error, if there is one. */
export class EngineError extends Error {
  constructor(
    message: string,
    readonly code?: string,
  ) {
    super(message);
    this.name = 'EngineError';
  }
}

export interface Engine {
  /** Whether this kernel's MPTCP carries the connections; otherwise plain TCP does. */
  readonly hasMptcp: boolean;
  readonly pid: number;
  use(paths: readonly EnginePath[]): void;
  /** Settles, with the reason, if the engine ends before it is closed. */
  readonly broken: Promise<EngineError>;
  close(): Promise<void>;
}

/**
 * Builds the engine if necessary, starts it and waits until it listens. The outcomes of connections go to standard error.
 * Throws a LabError (no compiler) or an EngineError.
 */
export const startEngine = async (environment: Variables, configuration: EngineConfiguration): Promise<Engine> => {
  const program = await engineProgram(environment);
  const child = spawn(program, ['proxy'], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const ended = new Promise<EngineError>((tell) => {
    child.once('error', (error) => tell(new EngineError(error.message)));
    child.once('exit', (code, signal) => tell(new EngineError(`the engine ended ${howEnded(code, signal)}`)));
  });
  child.stdin.on('error', () => {
    // It ended; its exit gives the reason.
  });
  child.stdin.write(`${configurationLines(configuration).join('\n')}\n`);
  const said = await Promise.race([firstLine(child), ended]);
  if (said instanceof EngineError) throw said;
  const [, number, why] = /^failed (\d+) (.+)$/.exec(said) ?? [];
  if (why !== undefined) throw new EngineError(why, codeOf(Number(number)));
  return {
    hasMptcp: said === 'ready mptcp',
    pid: child.pid ?? 0,
    use: (paths) => {
      child.stdin.write(`${pathLines(paths).join('\n')}\n`);
    },
    broken: ended,
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
};

const firstLine = async ({ stdout }: ChildProcess): Promise<string | EngineError> => {
  // Without output its end is what tells.
  if (stdout === null) return new Promise(() => {});
  for await (const line of createInterface({ input: stdout })) return line;
  return new Promise(() => {});
};

const howEnded = (code: number | null, signal: NodeJS.Signals | null): string =>
  code === null ? `by ${signal}` : `with code ${code}`;

const codeOf = (number: number): string | undefined =>
  Object.entries(constants.errno).find(([, value]) => value === number)?.[0];
