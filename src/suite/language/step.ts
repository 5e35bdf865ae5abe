/**
 * The steps of a case after loading: a dialogue between the tester and the implementation under test, still symbolic.
 * Times are nanoseconds.
 */

import type { RankedVerdict } from '../verdict/verdict.js';
import type { Expression } from './expression.js';
import type { IcmpErrorName } from './icmp-errors.js';
import type { SegmentPattern } from './segment-pattern.js';

/** A flow is one 4-tuple. It is written `1` (the flow of path 1) or `1/name` (a further flow on path 1). */
export interface FlowName {
  readonly path: number;
  readonly name: string;
}

/** The flow that an earlier step found, by the name given there. */
export interface FoundFlow {
  readonly found: string;
}

/** The flow on which a step sends or listens. */
export type FlowRef = FlowName | FoundFlow;

/** Any of these flows; after the segment came, its flow has the name `as`. */
export interface AnyFlow {
  readonly any: readonly FlowName[];
  readonly as?: string;
}

interface StepBase {
  /** Position in the case from 1, with the label if there is one: `4` or `4 (late SYN)`. */
  readonly title: string;
  readonly label?: string;
  readonly origin: Origin;
}

/** Where a step or case is written. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** When a segment must come, measured from the end of the step before or from a labelled step. */
export interface Window {
  /** Not before this time; absent: no lower bound. */
  readonly after?: bigint;
  /** Not later than this time; absent: the run's reaction bound. A segment after that bound is missing, not late. */
  readonly within?: bigint;
  /** Label of the step from which times are measured. */
  readonly since?: string;
}

export interface Expectation {
  readonly on: FlowRef | AnyFlow;
  readonly segment: SegmentPattern;
}

/** The tester sends one segment; absent fields are computed from the state of the flow. */
export interface SendStep extends StepBase {
  readonly step: 'send';
  readonly on: FlowRef;
  readonly segment: SegmentPattern;
  /** Sent this many times, identically, back to back. */
  readonly times: number;
}

/** The next segment on a flow must be this one. `otherwise` is the verdict if it is not. */
export interface ExpectStep extends StepBase, Expectation {
  readonly step: 'expect';
  readonly window: Window;
  readonly otherwise: RankedVerdict;
}

/** All of these, in any order. */
export interface AnyOrderStep extends StepBase {
  readonly step: 'any-order';
  readonly expectations: readonly Expectation[];
  readonly window: Window;
}

/** One of several reactions, each with its grade; the first that matches counts. */
export interface OneOfStep extends StepBase {
  readonly step: 'one-of';
  readonly alternatives: readonly Alternative[];
  readonly window: Window;
}

export interface Alternative {
  readonly outcome: RankedVerdict;
  /** The recorded observation, e.g. `rst`. */
  readonly observation: string;
  /** It applies only to implementations with this declaration. */
  readonly declared?: Declaration;
  /** Absent: no segment within the window, closed by a sentinel. */
  readonly expectation?: Expectation;
  readonly next: readonly Step[];
  /** The case ends after it; later steps do not run. */
  readonly ends?: true;
}

/** Values of open points, by dotted name; one of them is declared. */
export type Declaration = Readonly<Record<string, readonly (string | number | boolean)[]>>;

/** Steps for implementations with this declaration, and others for those without. */
export interface DeclaredStep extends StepBase {
  readonly step: 'declared';
  readonly declared: Declaration;
  readonly steps: readonly Step[];
  readonly otherwise: readonly Step[];
}

/** No unexpected segment on these flows for a time; closed by a segment that must be answered (sentinel). */
export interface SilenceStep extends StepBase {
  readonly step: 'silence';
  readonly on: readonly FlowRef[];
  /** Absent: the time of the run's settings. */
  readonly for?: bigint;
  /** Segments that also break it, although they are otherwise ignored: repeated octets, joins. */
  readonly counted: readonly ('copy' | 'join')[];
}

/**
 * The tester reports, as a router or the other host would, an ICMP error about the latest segment of the implementation.
 */
export interface IcmpStep extends StepBase {
  readonly step: 'icmp';
  readonly on: FlowRef;
  readonly error: IcmpErrorName;
  /** Path MTU reported by `fragmentation-needed`. */
  readonly mtu: number;
  /** Sequence number in the quotation; absent: that of the segment itself. */
  readonly quotedSeq?: Expression;
  /** The tester's port and address in the quotation; absent: those of the segment itself. */
  readonly quotedPort?: Expression;
  readonly quotedAddress?: Expression;
}

export interface WaitStep extends StepBase {
  readonly step: 'wait';
  readonly for: bigint;
}

export const controlVerbs = [
  'connect',
  'send',
  'close',
  'abort',
  'announce',
  'withdraw',
  'prioritise',
  'info',
  'accepted',
] as const;
export type ControlVerb = (typeof controlVerbs)[number];

/** Verbs that make the implementation signal one of its addresses to its peer. */
export const signalVerbs: readonly string[] = ['announce', 'withdraw', 'prioritise'];

/** A request to the application side of the implementation. */
export interface ControlStep extends StepBase {
  readonly step: 'control';
  readonly verb: ControlVerb;
  /** The case's own name for the connection; `accepted` for the one that the listener accepted. */
  readonly connection: string;
  readonly paths: readonly number[];
  /** Port at which the tester serves the connection, or that is announced; absent: one of its own choice, or none. */
  readonly port?: number;
  /**
   * Which of the tester's addresses serves the connection, absent: the first; for an announcement, which server address.
   */
  readonly server?: number;
  /** The path whose address of the implementation is meant, where it is not a server address. */
  readonly path?: number;
  /** Flag B of the requested priority. */
  readonly backup?: boolean;
  readonly payload?: Uint8Array;
  /** The expected contents of the answer, if the case judges it. */
  readonly answer?: Readonly<Record<string, string | number | boolean>>;
  /** Hosts of the tester whose connections `accepted` counts. */
  readonly hosts: readonly number[];
}

export type Step =
  | SendStep
  | ExpectStep
  | AnyOrderStep
  | OneOfStep
  | SilenceStep
  | IcmpStep
  | WaitStep
  | ControlStep
  | DeclaredStep;
