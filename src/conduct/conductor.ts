/**
 * The environment of a run: program, machine, directory and clock. A run reads neither clock nor process by itself; the
 * start of the program supplies this record.
 */
import type { EnvironmentRecord } from '../suite/verdict/results.js';

export interface Conductor {
  /** Name and version of the program, for the record. */
  readonly tool: string;
  readonly environment: EnvironmentRecord;
  /** Relative names of files are looked up from here. */
  readonly workingDirectory: string;
  /** Program and arguments that run live cases in a process of their own (see `runner.ts`). */
  readonly runner: readonly [program: string, ...argv: string[]];
  /** Throws the reason if this machine cannot do live runs, before a run creates anything. */
  checkLive(): Promise<void>;
  /** The environment in which implementations are prepared. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The time of day. */
  now(): Date;
  /** Monotonic milliseconds. */
  elapsed(): number;
}
