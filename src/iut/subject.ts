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
  /** What the interpreter must know of the parameters, without the seed. */
  readonly settings: Omit<PlanSettings, 'seed'>;
}

export interface SimulatedSubject extends SubjectBase {
  readonly time: 'virtual';
  open(seed: string): IutSession;
}

export interface LiveSubject extends SubjectBase {
  readonly time: 'real';
  /** The lab that must be there, if it lives in one. */
  readonly lab?: Pick<LabPlan, 'paths' | 'iut' | 'tuning'>;
  /** Gets what it needs, before there is a lab, in which nothing can be fetched. Throws what says what is missing. */
  prepare?(place: Pick<LivePlace, 'environment'>): Promise<void>;
  /** Starts it again after it went away, where its user told how; throws when that fails. Then `open` is called again. */
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
  /** Keeps what the implementation says on a console of its own, as it comes. */
  readonly keep?: (octets: Uint8Array) => void;
  /** What starts this program again, for subjects that are a process of it: program and first arguments. */
  readonly program: readonly string[];
}

export type Subject = SimulatedSubject | LiveSubject;

/** A session on real time that can account for its own losses. */
export interface LiveSession extends IutSession {
  /** Counts what was lost so far, when every frame that the interfaces counted had time to appear. */
  settle(): Promise<LinkCounters>;
  /** Frames that were not sent, as they would have gone to others than the implementation. */
  withheld?(): number;
  /** Absent where the control cannot do it. */
  readonly freshStart?: FreshStart;
  /**
   * For how long, so far, the implementation was kept from a processor, in nanoseconds. Absent where that is not known: it
   * is no process of this machine.
   */
  heldUp?(): bigint;
  /** What keeps client cases of MPTCP from meaning anything here, where its control knows of it. */
  readonly blackhole?: Blackhole;
  /** Where it answered a SYN when it was opened: at the port at which it serves, or else at its closed port. */
  readonly serves?: boolean;
  /** What it reported of its own state so far, in order; the last of them may still grow. Absent where that is not heard. */
  readonly reports?: readonly KernelReport[];
  /** What the control side calls itself. */
  readonly implementation?: string;
  /** What people should know of the way to it, a sentence each: what had to be mended, what is unusual. */
  readonly remarks: readonly string[];
  /** What was measured when it was opened, for the record. */
  readonly measured: Readonly<Record<string, string>>;
}
