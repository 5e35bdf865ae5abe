/**
 * The interface of the interpreter: events in, actions out. A driver (live, simulated, recorded) gives it events and
 * carries out its actions; the interpreter itself is pure. Times are nanoseconds. Frames are whole Ethernet frames.
 */

export type ScenarioEvent =
  | { readonly event: 'started'; readonly at: bigint }
  /** A frame from the IUT for one of this case's tester addresses. `error`: how much too late `at` may be. */
  | {
      readonly event: 'frame';
      readonly at: bigint;
      readonly error: bigint;
      readonly path: number;
      readonly frame: Uint8Array;
    }
  /** `at` is the time the timer was armed for: drivers merge timers and frames by time, not by when a callback ran. */
  | { readonly event: 'timer'; readonly at: bigint; readonly timer: string }
  | { readonly event: 'control'; readonly at: bigint; readonly call: number; readonly answer: ControlAnswer }
  /**
   * A segment of the tester was sent this much later than the event it answers: times measured from it have this error.
   */
  | { readonly event: 'held-up'; readonly at: bigint; readonly lag: bigint }
  /** Something that makes the evidence unreliable: a capture drop, a frame older than a timer that already fired. */
  | { readonly event: 'disturbed'; readonly at: bigint; readonly why: string };

export type ScenarioAction =
  | { readonly action: 'send'; readonly path: number; readonly frame: Uint8Array }
  | { readonly action: 'arm'; readonly timer: string; readonly at: bigint }
  | { readonly action: 'cancel'; readonly timer: string }
  | { readonly action: 'control'; readonly call: number; readonly command: ControlCommand }
  | { readonly action: 'finished' };

/** Requests to the control side of an IUT (tiers 1 and 2). All are asynchronous. */
export type ControlCommand =
  | {
      readonly verb: 'connect';
      /** The suite's own name for the connection, unique in the run. */
      readonly connection: string;
      readonly to: { readonly address: string; readonly port: number };
      /** Path numbers the client may use, e.g. [1, 2]. */
      readonly paths: readonly number[];
      readonly version?: 0 | 1;
      readonly profile?: string;
    }
  /** Connection `accepted:<address>` is the connection the IUT accepted from that tester address. */
  | { readonly verb: 'send'; readonly connection: string; readonly octets: Uint8Array }
  | { readonly verb: 'close'; readonly connection: string }
  | { readonly verb: 'abort'; readonly connection: string }
  /** Announces an address of the IUT to the peer: ADD_ADDR, with the port if one is given. */
  | {
      readonly verb: 'announce';
      readonly connection: string;
      readonly address: string;
      readonly port?: number;
    }
  /** Withdraws the address: REMOVE_ADDR. */
  | { readonly verb: 'withdraw'; readonly connection: string; readonly address: string }
  /** Requests that the peer use the flow from that address as backup, or as a regular one again: MP_PRIO. */
  | {
      readonly verb: 'prioritise';
      readonly connection: string;
      readonly address: string;
      readonly backup: boolean;
    }
  /** State of one connection: established or not, MPTCP or not, octets received. */
  | { readonly verb: 'info'; readonly connection: string }
  /** How many connections from these tester addresses the listener's application accepted, and how often each closed. */
  | { readonly verb: 'accepted'; readonly from: readonly string[] }
  /** Alive and able to answer. */
  | { readonly verb: 'health' };

export type ControlAnswer =
  | { readonly answer: 'ok'; readonly result: Readonly<Record<string, string | number | boolean>> }
  | { readonly answer: 'unsupported' }
  | { readonly answer: 'failed'; readonly why: string }
  /** The control channel itself broke: the process is gone or does not speak the protocol. */
  | { readonly answer: 'lost'; readonly why: string };

/** The surroundings of a case: addresses, ports and facts that the driver allocated for this case alone. */
export interface Surroundings {
  readonly paths: readonly SurroundingsPath[];
  /** Address and port at which the IUT serves (role server); `second` are others at which it serves as well. */
  readonly server: ServerPlace;
  /** A port on the IUT at which nothing listens: a SYN to it draws a reset. */
  readonly closedPort: number;
  /** Address and port at which the tester serves this case (role client), the same on every path; `second`: another address. */
  readonly testerServer: { readonly address: string; readonly port: number; readonly second?: string };
  /** The same surroundings in the other IP version, for a case whose flows use both. */
  readonly otherVersion?: OtherVersion;
  /** First of a block of 64 local ports that only this case uses. */
  readonly firstPort: number;
}

export interface ServerPlace {
  readonly address: string;
  readonly port: number;
  readonly second?: { readonly address?: string; readonly port?: number };
}

export interface OtherVersion {
  readonly paths: readonly SurroundingsPath[];
  readonly server: ServerPlace;
  readonly testerServer: Surroundings['testerServer'];
}

export interface SurroundingsPath {
  readonly path: number;
  readonly testerMac: string;
  readonly iutMac: string;
  /** The IUT's own address on this path (source of its flows in role client). */
  readonly iutAddress: string;
  /** Tester addresses on this path, one for each tester host a case may play; at least two. */
  readonly testerAddresses: readonly string[];
}
