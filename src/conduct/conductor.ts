/**
 * Who conducts a run: this program, on this machine, in this directory. A run reads neither clock nor process by itself;
 * what it needs of them stands here, and whoever starts the program fills it in.
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
  /** Throws what keeps this machine from any live run, before one leaves anything behind. */
  checkLive(): Promise<void>;
  /** The environment in which implementations are prepared. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The time of day. */
  now(): Date;
  /** Milliseconds since some moment, whatever is done to the time of day. */
  elapsed(): number;
}
