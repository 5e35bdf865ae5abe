/**
 * What one end of the pair sent, heard and was told, as an observer at its wire keeps it (observer.ts), and what is violated. A
 * ledger is a value: taking a segment gives a new one. The numbers of the invariants are those of docs/exploration.md.
 */
import type { Side } from './pair.js';

export type Invariant =
  `INV-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20}`;

export interface Violation {
  readonly invariant: Invariant;
  readonly what: string;
  /** The end that did it; absent where the schedule does not tell. */
  readonly end?: Side;
  /** No violation once a SYN went out or arrived more than once, or once so much was lost that a host may have given up. */
  readonly unless?: 'repeated' | 'given-up';
}

/** What a SYN or SYN/ACK said. */
export interface Opening {
  readonly isn: number;
  /** MPTCP options in words; empty for a plain one. */
  readonly mptcp: string;
  readonly key: bigint | undefined;
}

export interface Third {
  /** MPTCP options in words. */
  readonly mptcp: string;
  /** The key that its MP_CAPABLE states as the client's own. */
  readonly key: bigint | undefined;
}

/** One 4-tuple, by the client's path and port. */
export interface LedgerFlow {
  readonly path: number;
  readonly port: number;
  readonly own: Opening | undefined;
  readonly peer: Opening | undefined;
  /** How often this end sent its SYN or SYN/ACK, the same or another. */
  readonly tries: number;
  /** When this end sent the first of them, by its own clock. */
  readonly since: bigint;
  /** A segment after SYN and SYN/ACK was sent by the client, or heard by the server. */
  readonly confirmed: boolean;
  /** The client heard more of the server than its SYN/ACK. */
  readonly answered: boolean;
  /** The third segment, sent or heard. */
  readonly third: Third | undefined;
  /** Octets or a FIN were carried: sequence numbers are not those of the handshake any more. */
  readonly carried: boolean;
  /** A reset was sent or heard. */
  readonly over: boolean;
  /** This end reset it while it was open. */
  readonly cut: boolean;
  /** It was over before and an old SYN began it anew: what happens to it now happens to no connection. */
  readonly again: boolean;
}

export interface Ledger {
  readonly sent: number;
  readonly resets: number;
  readonly flows: readonly LedgerFlow[];
  /** Expiries of this end's timers before its application was told anything of its connection. */
  readonly waits: number;
  /** A DSS was heard. */
  readonly dss: boolean;
  /** The flow that this end takes for the initial one: `path:port`. */
  readonly initial: string | undefined;
  /** Connections that the application of a server was handed. */
  readonly accepted: number;
  /** What the application was told last of its connection. */
  readonly told: string | undefined;
  /** Octets that the application was given. */
  readonly got: string;
  /** Octets of this end's data sequence that were sent at least once. */
  readonly mapped: number;
}

export const emptyLedger: Ledger = {
  sent: 0,
  resets: 0,
  flows: [],
  waits: 0,
  dss: false,
  initial: undefined,
  accepted: 0,
  told: undefined,
  got: '',
  mapped: 0,
};

export const flowName = ({ path, port }: Pick<LedgerFlow, 'path' | 'port'>): string => `${path}:${port}`;
