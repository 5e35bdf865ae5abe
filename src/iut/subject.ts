/**
 * An implementation as a run sees it before it is opened: its name, what it claims, the parameters it declares, and how
 * to open it. Simulated subjects open afresh for each case; live ones open once for all.
 */
import type { RealClock } from '../net/clock/real.js';
import type { Lab, LabPlan } from '../net/lab/lab.js';
import type { LinkCounters } from '../net/link/link.js';
import type { Claims } from '../suite/catalogue/applicability.js';
import type { PlanSettings } from '../suite/scenario/plan.js';
import type { FreshStart, IutSession } from './contract.js';
import type { Blackhole } from './control/blackhole.js';
import type { KernelReport } from './vm/kernel-report.js';

interface SubjectBase {
  /** As a user would name it with `--iut`, e.g. `embedded:robe-downgrade`. */
  readonly name: string;
  readonly claims: Claims;
  /** The interpreter's settings from the parameters, without the seed. */
  readonly settings: Omit<PlanSettings, 'seed'>;
}

export interface SimulatedSubject extends SubjectBase {
  readonly time: 'virtual';
  open(seed: string): IutSession;
}

export interface LiveSubject extends SubjectBase {
  readonly time: 'real';
  /** The lab that it needs, if any. */
  readonly lab?: Pick<LabPlan, 'paths' | 'iut' | 'tuning'>;
  /**
   * Fetches what it needs, before the lab exists, from which nothing can be fetched. Throws an error that names what is
   * missing.
   */
  prepare?(place: Pick<LivePlace, 'environment'>): Promise<void>;
  /** Restarts it after it died, if its user declared how; throws if that fails. Then `open` is called again. */
  readonly restart?: (place: LivePlace) => Promise<void>;
  /** Must be called inside the tester's namespace of that lab. */
  open(place: LivePlace): Promise<LiveSession>;
}

export interface LivePlace {
  readonly clock: RealClock;
  readonly lab?: Lab;
  /** The environment that programs are started in. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Seed of the run, for subjects that take one. */
  readonly seed: string;
  /** Stores the console output of the implementation as it comes. */
  readonly keep?: (octets: Uint8Array) => void;
  /** What starts this program again, for subjects that are a process of it: program and first arguments. */
  readonly program: readonly string[];
}

export type Subject = SimulatedSubject | LiveSubject;

/** A session on real time that can account for its own losses. */
export interface LiveSession extends IutSession {
  /** Counts lost frames, after every frame that the interfaces counted had time to appear. */
  settle(): Promise<LinkCounters>;
  /** Number of frames that were not sent because their destination is not the implementation. */
  withheld?(): number;
  /** Absent if control cannot do it. */
  readonly freshStart?: FreshStart;
  /**
   * How long the implementation has waited for a processor so far, in nanoseconds. Absent if unknown: it is no process of
   * this machine.
   */
  heldUp?(): bigint;
  /** The obstacle to client cases of MPTCP, if control reports one. */
  readonly blackhole?: Blackhole;
  /** The port at which it answered a SYN when it was opened: its server port, or else its closed port. */
  readonly serves?: boolean;
  /** Its reports about itself so far, in order; the last one may still grow. Absent if there is no console. */
  readonly reports?: readonly KernelReport[];
  /** What the control side calls itself. */
  readonly implementation?: string;
  /** Remarks on the path to it for the user, a sentence each: corrections and unusual settings. */
  readonly remarks: readonly string[];
  /** What was measured when it was opened, for the record. */
  readonly measured: Readonly<Record<string, string>>;
}
