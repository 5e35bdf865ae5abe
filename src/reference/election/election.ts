/**
 * How a client finds the initial subflow among several potential ones: one `Election` per profile. The attempt
 * (client/attempt.ts) is the same for all and asks the election at the points where the schemes differ.
 */
import type { IpAddress } from '../../protocol/wire/packet.js';
import type { Alarm } from '../alarms.js';
import type { EstablishmentProfile } from '../contract.js';
import type { CapableAnswer } from '../mptcp/capable.js';
import type { AnnouncedAddress, Connection, Member, Session } from '../mptcp/connection.js';
import type { Flow } from '../tcp/flow.js';

/** A flow whose SYN may make it the initial subflow. */
export interface Potential {
  readonly path: number;
  readonly flow: Flow;
  readonly keyA: bigint;
}

/** One connect of the application and its state. */
export interface Attempt {
  readonly connection: Connection;
  readonly election: Election;
  readonly profile: EstablishmentProfile;
  readonly version: 0 | 1;
  readonly address: IpAddress;
  readonly port: number;
  /** Paths that may be used, the default one first. */
  readonly paths: readonly number[];
  /** Key-A of the attempt, where one serves all flows. */
  readonly keyA: bigint;
  /** Flows whose SYN/ACK is expected. */
  readonly potentials: Map<Flow, Potential>;
  elected: { readonly potential: Potential; readonly answer: CapableAnswer | undefined } | undefined;
  /** Paths that carry a member, or were tried by MP_JOIN. */
  readonly covered: Set<number>;
  /** MP_JOIN goes out on every path, those included that carry a member (proposal 2). */
  joinsEverywhere: boolean;
  /** Paths that the application allows, where not all. */
  readonly allowed: readonly number[] | undefined;
  /** Announced addresses that are joined as soon as joins may be opened. */
  readonly announced: AnnouncedAddress[];
  /** Announced addresses that were joined or tried, see `placeOf`. */
  readonly tried: Set<string>;
  /** The earliest time for joins, after the gate has opened; nanoseconds. */
  joinsFrom: bigint | undefined;
  /** Paths on which MP_JOIN was sent. */
  readonly joined: Set<number>;
  /** SYNs sent, repetitions included. */
  syns: number;
  refusals: number;
  alarm: Alarm | undefined;
}

/** The inputs by which an election is chosen. */
export interface ElectionChoice {
  readonly profile: EstablishmentProfile;
  readonly version: 0 | 1;
  /** In the order in which they are to be used. */
  readonly paths: readonly number[];
}

/** Decides about the SYN/ACK of a flow after another one was elected. */
export type LaterVerdict = 'attach' | 'join-cap' | 'reset' | 'leave';

/** One scheme for one attempt. It gets the host's stack at its creation. */
export interface Election {
  /** Paths whose SYN leaves at once, in order. */
  start(attempt: Attempt): readonly number[];
  /** One Key-A for every flow (paper), or a fresh one each (draft). Only v0 shows it in the SYN. */
  readonly keys: 'shared' | 'fresh';
  /** Whether the flow repeats its SYN by itself, or the election decides when and where. */
  readonly repeats: 'flow' | 'election';
  /** Flows that were not elected: kept for their SYN/ACK, or dropped so that it draws a reset. */
  readonly losers: 'keep' | 'drop';
  /** The connection of another attempt to which a later SYN/ACK belongs by its receiver key. */
  sessionElsewhere?(attempt: Attempt, answer: CapableAnswer): Session | undefined;
  judgeLater(attempt: Attempt, potential: Potential, answer: CapableAnswer | undefined): LaterVerdict;
  /** The first SYNs are out. */
  begun?(attempt: Attempt): void;
  elected?(attempt: Attempt): void;
  /** A potential flow or a member ended. */
  flowEnded?(attempt: Attempt): void;
  memberAdded?(attempt: Attempt, member: Member): void;
}
