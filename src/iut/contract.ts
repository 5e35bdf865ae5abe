/**
 * An implementation under test. It opens into a session: a link to it, a clock, optional control, and the facts needed to
 * lay out addresses. Embedded sessions are made afresh for each case (virtual time); live ones serve all cases at once.
 */
import type { Clock } from '../net/clock/clock.js';
import type { Link } from '../net/link/link.js';
import type { ControlAnswer, ControlCommand, Surroundings } from '../suite/scenario/contract.js';

/** Control over the application side; `answered` is called exactly once, never before `perform` returned. */
export interface Control {
  perform(command: ControlCommand, answered: (answer: ControlAnswer) => void): void;
  /** Settles, with the reason, when control has broken; never for control that cannot break. */
  readonly broken?: Promise<string>;
  close(): Promise<void>;
}

/** Resets an implementation to its state after a start. */
export interface FreshStart {
  /** Its scope: the named peers, so that other cases may continue; or all, so that no case may be under way. */
  readonly reach: 'peers' | 'everybody';
  /** `peers` are tester addresses. */
  begin(peers: readonly string[]): Promise<ControlAnswer>;
}

/** One path as the run sees it; the tester lays out its own addresses inside the prefixes. */
export interface SessionPath {
  readonly path: number;
  readonly testerMac: string;
  readonly iutMac: string;
  /** The IUT's own address per IP version. */
  readonly iutAddress: { readonly 4?: string; readonly 6?: string };
  /** Prefix (CIDR) from which the tester takes client addresses, on-link for the IUT on this path. */
  readonly testerPrefix: { readonly 4?: string; readonly 6?: string };
}

export interface SessionFacts {
  readonly paths: readonly SessionPath[];
  /**
   * Where the IUT listens, reachable over every path; `second` are another address and another port at which it also
   * listens.
   */
  readonly server: {
    readonly address: { readonly 4?: string; readonly 6?: string };
    readonly port: number;
    readonly second?: { readonly address?: { readonly 4?: string; readonly 6?: string }; readonly port?: number };
  };
  readonly closedPort: number;
  /** Prefix (CIDR) from which the tester takes the addresses it serves at, on-link for the IUT on every path. */
  readonly testerServerPrefix: { readonly 4?: string; readonly 6?: string };
}

export interface IutSession {
  readonly facts: SessionFacts;
  /** The fixed surroundings of every case, if there are any: nothing is allocated then. */
  readonly surroundings?: Surroundings;
  readonly link: Link;
  readonly clock: Clock;
  readonly control?: Control;
  /** Runs virtual time until `done()`; absent on real sessions, where time runs by itself. */
  advance?(done: () => boolean): void;
  close(): Promise<void>;
}
