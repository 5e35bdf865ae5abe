/**
 * What the application sees as one connection: plain TCP over one flow, or MPTCP over any number of member flows with one
 * data sequence space in each direction (RFC 8684 section 3.3).
 *
 * | state       | entered by                                   | left by                                          |
 * |-------------|----------------------------------------------|--------------------------------------------------|
 * | connecting  | the application connects                     | an elected flow -> established, all failed       |
 * | established | first valid third segment, or elected SYN/ACK | either side closes -> closing, reset -> closed  |
 * | closing     | FIN or DATA_FIN wanted or received           | both directions ended -> closed                  |
 * | closed      | both directions ended, or reset              |                                                  |
 * | failed      | no flow could be opened                      |                                                  |
 */
import type { IpAddress } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Alarm } from '../alarms.js';
import type { EstablishmentProfile, HostConnectionInfo } from '../contract.js';
import type { Flow } from '../tcp/flow.js';

/** Octets with their place in the data sequence, kept until they are Data-ACKed. */
export interface Chunk {
  readonly dsn: bigint;
  readonly octets: Uint8Array;
  /** DATA_FIN goes with them. */
  readonly fin: boolean;
  /** Flows they were put on. */
  readonly carriers: Flow[];
}

/** A received mapping of subflow octets to the data sequence (RFC 8684 section 3.3.1). */
export interface Mapping {
  readonly dsn: bigint;
  readonly ssn: number;
  /** Octets of payload; the one of a DATA_FIN is not among them. */
  readonly length: number;
  /** The data-level length as it stood in the option, which the checksum covers. */
  readonly dataLength: number;
  readonly checksum: number | undefined;
}

/** An address of this host as it announces it. */
export interface OwnAddress {
  readonly address: IpAddress;
  readonly port?: number;
}

/** Where a join goes to. */
export interface JoinAddress {
  readonly address: IpAddress;
  readonly port: number;
}

/** An address of the peer as it was announced (RFC 8684 section 3.4.1). */
export interface AnnouncedAddress extends JoinAddress {
  readonly addressId: number;
  /** The path on which the announcement came. */
  readonly path: number;
}

/** When an end may announce its addresses: after its handshake, and after the first DSS of the peer. */
export type AnnouncementMoment = 'established' | 'confirmed';

/** A flow that belongs to an MPTCP connection. */
export interface Member {
  readonly flow: Flow;
  /** How it came to belong. */
  readonly by: 'capable' | 'join' | 'join-cap';
  /** Address ID of this host's end (RFC 8684 section 3.2). */
  readonly localId: number;
  /** Address ID of the peer's end; unknown on flows attached by proposal 1 (open point I-09). */
  readonly remoteId: number | undefined;
  backup: boolean;
  /** Not to be used for data yet: PRE_ESTABLISHED (RFC 8684 section 3.2), or awaiting proof. */
  awaiting: 'nothing' | 'ack' | 'dss';
  /** A DSS came on this very flow. */
  dssSeen: boolean;
  mappings: Mapping[];
  /** Octets in order that no complete mapping covers yet; the first has subflow sequence number `heldSeq`. */
  held: Uint8Array;
  heldSeq: number;
  /** A mapping came by it. */
  mapped: boolean;
  /** Options of the third segment, to be repeated while the peer repeats its SYN/ACK. */
  third: readonly TcpOption[];
  /** RTT last reported in L_RTT_EN, nanoseconds. */
  reportedRtt: bigint | undefined;
  /** Runs while a keepalive probes the flow of a removed address. */
  probe: Alarm | undefined;
}

/** The MPTCP side of a connection: keys and data sequence numbers. Gone after a fallback to TCP. */
export interface Session {
  readonly connection: Connection;
  readonly version: 0 | 1;
  readonly checksum: boolean;
  readonly localKey: bigint;
  /** In v1 a server learns it with the third segment. */
  readonly remoteKey: bigint;
  readonly localToken: number;
  readonly remoteToken: number;
  readonly idsnLocal: bigint;
  readonly idsnRemote: bigint;
  /** The peer's flag C (v1): no joins to its address and port. */
  readonly noJoin: boolean;
  /** L_RTT_EN was negotiated. */
  readonly remoteRtt: boolean;
  readonly members: Member[];
  /** Addresses that the peer announced and has not taken back, by Address ID. */
  readonly announced: Map<number, AnnouncedAddress>;
  /** Address IDs of this host's own addresses, as far as they have any. */
  readonly localIds: Map<IpAddress, number>;
  /** A DSS was received: the gate for further subflows (RFC 6824 section 3.1). */
  confirmed: boolean;
  /** A DSN of 64 bits came. */
  wideDsnCame: boolean;
  /** Moments at which addresses of this host may still be announced. */
  readonly announcements: AnnouncementMoment[];
  dataUna: bigint;
  dataNxt: bigint;
  /**
   * First octet of the data sequence beyond the peer's window: the farthest edge of a Data ACK plus window (RFC 8684
   * section 3.3.4). Without a Data ACK so far, the windows of the flows count from the first octet.
   */
  windowEnd: bigint | undefined;
  chunks: Chunk[];
  reinjections: Chunk[];
  /** Runs while octets wait for their Data ACK, where that is watched, and how often it has fired in a row. */
  dataAlarm: Alarm | undefined;
  dataExpirations: number;
  /** Own DATA_FIN: its number once it was sent. */
  ownFin: bigint | undefined;
  ownFinAcked: boolean;
  finAlarm: Alarm | undefined;
  rcvNxt: bigint;
  pieces: { readonly dsn: bigint; readonly octets: Uint8Array }[];
  peerFin: bigint | undefined;
  peerFinTaken: boolean;
  /** MP_FAIL was sent and the infinite mapping has not come. */
  failed: boolean;
  /** Ends a connection that stays without flows. */
  idleAlarm: Alarm | undefined;
  /** Next of the rotating scheduler. */
  turn: number;
}

export interface Connection {
  readonly id: string;
  readonly role: 'client' | 'server';
  readonly profile: EstablishmentProfile;
  readonly service: 'echo' | 'discard' | 'application';
  readonly peer: IpAddress;
  readonly peerPort: number;
  state: HostConnectionInfo['state'];
  why: string | undefined;
  session: Session | undefined;
  /** The one flow of a TCP connection. */
  plain: Flow | undefined;
  outbox: Uint8Array[];
  /** The application waits until the outbox is empty. */
  waiting: boolean;
  received: number;
  /** Octets given to an application that has not read them yet. */
  unread: number;
  /** The number of octets that windows have offered so far, if the application reads at its own pace. */
  offeredEnd: number;
  closeWanted: boolean;
  /** After a fallback that this end began: the next octets announce it by an infinite mapping. */
  infiniteDue: { readonly dsn: bigint; readonly checksum: boolean } | undefined;
  /** The flow on which octets last came. */
  lastArrival: Flow | undefined;
  /** Send everything on every flow (proposal 2). */
  redundant: boolean;
  /** Flows that may still become members; a connection without members waits for them. */
  readonly pending: Set<Flow>;
  /** What the establishment does when these happen. */
  readonly hooks: ConnectionHooks;
}

export interface ConnectionHooks {
  /** The first DSS came: the gate for joins is open. */
  confirmed?(): void;
  /** The connection fell back to TCP on one flow. */
  fellBack?(): void;
  /** Octets of this end were Data-ACKed. */
  dataAcked?(): void;
  addressAnnounced?(announced: AnnouncedAddress): void;
  memberAdded?(member: Member): void;
  memberEnded?(member: Member): void;
  /** The connection is closed or its flows are given up. */
  ended?(): void;
  /** What these work with (`describe` of the host). */
  describe?(): readonly unknown[];
}

export const flowsOf = (connection: Connection): readonly Flow[] =>
  connection.session?.members.map(({ flow }) => flow) ?? (connection.plain === undefined ? [] : [connection.plain]);
