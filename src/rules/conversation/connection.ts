/**
 * The state of an MPTCP connection: version, keys, negotiated features, and subflows. Its two hosts have the names of the
 * RobE draft: A initiated the connection, B accepted it. Either may open further subflows.
 */

import type { MptcpVersion } from '../../protocol/keys/hash.js';
import { deriveFromKey } from '../../protocol/keys/key-digest.js';
import { type Endpoint, endpointText } from './endpoint.js';
import { OctetRange } from './octet-range.js';
import type { RecentOctets } from './recent-octets.js';
import type { StreamTail } from './stream-tail.js';
import type { Subflow } from './subflow.js';
import type { Handshake } from './views.js';

export type Host = 'a' | 'b';

export const otherHost = (host: Host): Host => (host === 'a' ? 'b' : 'a');

/** How a subflow became part of its connection. */
export type Attachment = 'initial' | 'join' | 'downgraded' | 'join-cap';

export interface Connection {
  readonly number: number;
  readonly version: MptcpVersion;
  /** Number of the subflow whose handshake created it. */
  readonly initial: number;
  /** How many subflows it has had, and how many of them have ended. */
  subflows: number;
  endedSubflows: number;
  readonly hosts: Readonly<Record<Host, HostState>>;
  /** Whether its initiator answered a SYN/ACK; until then its host may drop it. */
  confirmed?: boolean;
  /** When a SYN of it was last answered, nanoseconds. */
  answered?: bigint;
  /** RobE created it from several flows, any of which may be the initial one. */
  equals?: boolean;
  /** The handshakes with its keys, if second views of a flow are to be recognised. */
  handshakes?: readonly Handshake[];
  /** Flags of the MP_CAPABLE that opened it. */
  readonly offered: number;
  /** The first frame that ended it as an MPTCP connection, or began its end: MP_FASTCLOSE, DATA_FIN, a fallback. */
  over?: number;
  /** The first frame after which data has no mappings: an infinite mapping, or payload without any mapping. */
  fallenBack?: number;
  /** Whether DSS checksums are in use; unknown until both flags are. */
  checksums?: boolean;
}

/**
 * Remark on an address in a header: Address IDs exist because that address need not be the host's own (RFC 8684 section
 * 3.2).
 */
export const maybeTranslated = 'a translator on the way may have changed it';

export interface KnownAddress {
  readonly address: string;
  readonly frame: number;
  /**
   * `option`: the host wrote it into an option; `header`: seen in an IP header, where a translator may have put another
   * one.
   */
  readonly by: 'option' | 'header';
}

/** An address as it was announced: with the port where one was stated, and the announcer's own port on that subflow. */
interface Announced {
  readonly address: string;
  readonly target: string;
  readonly port: number;
  readonly frame: number;
}

interface OfferedWindow {
  readonly acknowledged: number;
  readonly window: number;
  readonly at: bigint;
  readonly frame: number;
}

export interface HostState {
  key?: bigint;
  idsn?: bigint;
  /** The host's address and port on the initial subflow, as one text. */
  readonly initialEndpoint: string;
  readonly initialAddress: string;
  /** It set C: the peer must not open subflows towards its initial address and port. */
  forbidsJoins: boolean;
  /** The first frame with a DSS or MP_CAPABLE data option that it sent on a subflow that began with MP_CAPABLE. */
  firstDss?: number;
  /** An ADD_ADDR with the right HMAC, which only a host with both keys can send. */
  provenBy?: number;
  /**
   * The first frame of the other host that implies a DSS or an ADD_ADDR of this one: payload on such a subflow, the echo
   * of an address, a join to another address. This host then sent one, or may have, although it was not captured.
   */
  promptedBy?: number;
  /** Octets of its data sequence that it sent, counted from the one after the IDSN; DATA_FIN is one of them. */
  readonly sent: OctetRange;
  /** The place of its DATA_FIN, in octets after the first. */
  dataFin?: { readonly place: number; readonly frame: number };
  /** After the farthest octet of data, DATA_FIN not counted. */
  dataEnd?: number;
  /** Octets of its data that the peer Data-ACKed. */
  dataAcked?: number;
  /** The farthest Data ACK of the peer beyond the data that was seen. */
  ackedAhead?: { readonly covered: number; readonly frame: number; readonly subflow: Subflow };
  /** The first frame in which it sent an infinite mapping. */
  infiniteIn?: number;
  /** It sent data with an unknown place in the data sequence. */
  unplaced?: boolean;
  /** The first frame in which it sent MP_FAIL. */
  failedIn?: number;
  /** Frames whose payload failed its DSS checksum. */
  rejectedFrames?: Set<number>;
  /** Where its mappings begin, where the reader is the peer. */
  mappedAt?: Set<bigint>;
  /** The farthest octet of the peer's data for which it offered room, if the reader is the peer. */
  windowEnd?: number;
  /** By subflow, the window that it last offered there, with the Data ACK and the time (nanoseconds). */
  windows?: Map<number, OfferedWindow>;
  /** Its latest octets, and their places in its data sequence. */
  octets?: RecentOctets;
  /** The last octets of its data. */
  tail?: StreamTail;
  /** It sent a DSN of four octets. */
  sentShortDsn?: boolean;
  /** The last 64-bit DSN it mapped, from which 32-bit ones are widened. */
  lastDsn?: bigint;
  /** Its address by Address ID, with the frame that stated it. */
  addressIds?: Map<number, KnownAddress>;
  /** What it announced lately by Address ID: address, with the port where one was stated, and its own port on that subflow. */
  announced?: Map<number, Announced>;
  /** Announced addresses that it took back, and announced endpoints at which it refused a join, with the frame that did. */
  withdrawn?: Map<string, number>;
  failedTargets?: Map<string, number>;
  /** Addresses that it announced by the Address ID of another one. */
  misnamed?: Map<string, number>;
  /** The nonces of its joins, where the reader is between the hosts. */
  nonces?: Map<number, { readonly flow: number; readonly addressId: number; readonly frame: number }>;
  /** Its flows that joined by MP_JOIN_CAP, by its address. */
  capJoined?: Map<string, { readonly ended: boolean }>;
  /** Addresses it announced with an HMAC that its keys do not give, with the frame that did. */
  forgedAddresses?: Map<string, number>;
}

/** A host of a new connection. */
export const newHost = (initial: Endpoint): HostState => ({
  initialEndpoint: endpointText(initial),
  initialAddress: initial.address,
  forbidsJoins: false,
  sent: new OctetRange(),
});

/** Stores a host's key and the values derived from it; returns the token. */
export const learnKey = (connection: Connection, host: Host, key: bigint): number => {
  const state = connection.hosts[host];
  const { token, initialDsn } = deriveFromKey(connection.version, key);
  state.key = key;
  state.idsn = initialDsn;
  return token;
};

/**
 * Octets between the first of a host's data sequence and a DSN; undefined without the key, or if the DSN is before the
 * first octet.
 */
export const placeOf = ({ idsn }: HostState, dsn: bigint): number | undefined => {
  if (idsn === undefined) return undefined;
  const place = Number(BigInt.asIntN(64, dsn - idsn)) - 1;
  return place < 0 || place > Number.MAX_SAFE_INTEGER ? undefined : place;
};

const halfSpace = 1n << 31n;
const space = 1n << 32n;

/**
 * The 64-bit DSN with these low 32 bits that is nearest to the last one of that host (RFC 8684 section 3.3.4); undefined
 * if no last one is known.
 */
export const widenDsn = (host: HostState, dsn: bigint, is64: boolean): bigint | undefined => {
  if (is64) return dsn;
  const near = host.lastDsn ?? host.idsn;
  return near === undefined ? undefined : widenFrom(near, dsn);
};

/** The 64-bit number nearest to `near` whose low 32 bits are given. */
export const widenFrom = (near: bigint, low: bigint): bigint => {
  const distance = (low - near + halfSpace) & (space - 1n);
  return BigInt.asUintN(64, near + distance - halfSpace);
};
