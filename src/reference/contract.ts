/**
 * The reference implementation without I/O: frames and time in, frames and the next wake-up out. The same object runs
 * embedded under virtual time and as a process on a real interface. Times are nanoseconds; paths are numbered from 1.
 */
import type { DraftSubtypes } from '../protocol/mptcp/option.js';
import type { IpAddress, MacAddress } from '../protocol/wire/packet.js';

/** How connections are established. `tcp` is a host without MPTCP; `mptcp` is classic (RFC 6824 or RFC 8684 by version). */
export const establishmentProfiles = [
  'tcp',
  'mptcp',
  'robe-downgrade',
  'robe-bbm',
  'robe-timer',
  'robe-sim',
  'robe-esim',
  'robe-ips',
] as const;
export type EstablishmentProfile = (typeof establishmentProfiles)[number];

/** One interface of the host. */
export interface HostPath {
  readonly path: number;
  readonly mac: MacAddress;
  /** The host's own addresses on this path, IPv4 and IPv6; the first of a family is the source of new flows. */
  readonly addresses: readonly IpAddress[];
  /** Link-layer address of everything on this path; absent: resolve by ARP and neighbour discovery. */
  readonly neighbour?: MacAddress;
}

export interface HostConfig {
  readonly paths: readonly HostPath[];
  /** Addresses answered on every path (a server address not bound to one interface). */
  readonly sharedAddresses: readonly IpAddress[];
  readonly profile: EstablishmentProfile;
  /** Versions the host speaks, the preferred first. */
  readonly versions: readonly (0 | 1)[];
  readonly subtypes: DraftSubtypes;
  /** Every random choice derives from this. */
  readonly seed: string;
  /**
   * Octets that a connection takes before its application has read them: the receive window. The application reads at its
   * own pace and says so by `consume`; it is told `ended` and `drained` as well. Absent: 64 KiB, and it reads at once.
   */
  readonly receiveBuffer?: number;
  /**
   * Which flow carries the next octets. `fastest`: of those with room the one with the shortest round trip, as common
   * implementations do. Absent: a client's flows in turn and a server's by which octets last came, so that a peer sees all used.
   */
  readonly scheduling?: 'fastest';
}

/** What the embedding must do after an input. */
export interface HostOutput {
  readonly frames: readonly { readonly path: number; readonly frame: Uint8Array }[];
  /** Notices for the application side, in order. */
  readonly notices: readonly HostNotice[];
  /** When to call `wake` at the latest; absent when no timer runs. */
  readonly wakeAt?: bigint;
}

export type HostNotice =
  | { readonly notice: 'accepted'; readonly connection: string; readonly listener: string; readonly peer: IpAddress }
  | { readonly notice: 'established'; readonly connection: string }
  | { readonly notice: 'failed'; readonly connection: string; readonly why: 'refused' | 'timeout' | 'reset' }
  | { readonly notice: 'data'; readonly connection: string; readonly octets: Uint8Array }
  /** The peer sends nothing more (FIN or DATA_FIN); `closed` comes when both directions ended. */
  | { readonly notice: 'ended'; readonly connection: string }
  /** All that `send` had to keep has left. */
  | { readonly notice: 'drained'; readonly connection: string }
  | { readonly notice: 'closed'; readonly connection: string; readonly how: 'fin' | 'reset' };

/** What a connection is opened to, and how if not as the host's configuration says. */
export interface ConnectTarget {
  readonly address: IpAddress;
  readonly port: number;
  /** Paths that may be used, the initial one first; absent: all. */
  readonly paths?: readonly number[];
  readonly profile?: EstablishmentProfile;
  readonly version?: 0 | 1;
}

/** What a host tells its peer of an address of its own: it is there, it goes, its flows are to be spared (B). */
export type AddressSignal =
  | { readonly signal: 'announce'; readonly address: IpAddress; readonly port?: number }
  | { readonly signal: 'withdraw'; readonly address: IpAddress }
  | { readonly signal: 'prioritise'; readonly address: IpAddress; readonly backup: boolean };

/** The host: TCP, MPTCP and RobE over frames. Methods return what came of the call; none of them throws on wire content. */
export interface ReferenceHost {
  receive(path: number, frame: Uint8Array, now: bigint): HostOutput;
  wake(now: bigint): HostOutput;
  listen(port: number, service: 'echo' | 'discard', now: bigint): HostOutput & { readonly listener: string };
  /** Opens a connection from every path (or those given) as the profile says. */
  connect(to: ConnectTarget, now: bigint): HostOutput & { readonly connection: string };
  send(connection: string, octets: Uint8Array, now: bigint): HostOutput;
  close(connection: string, now: bigint): HostOutput;
  abort(connection: string, now: bigint): HostOutput;
  /** `told`: false when the connection is not MPTCP, or has nothing to say of that address. */
  signal(connection: string, signal: AddressSignal, now: bigint): HostOutput & { readonly told: boolean };
  /** What the application side can see of a connection, for control's `info`. */
  info(connection: string): HostConnectionInfo | undefined;
  /** Drops all state, as a restart would; listeners stay. */
  reset(): void;
  /**
   * Everything the host's answers from here on depend on, as it is now: two hosts of one configuration that tell the same
   * answer the same inputs alike for ever. It is the host's own data, to be read at once and not to be kept. Undefined, or
   * no such method, where a host cannot tell.
   */
  describe?(): unknown;
}

/** A host for applications that read and write streams at their own pace. */
export interface StreamHost extends ReferenceHost {
  /** `application`: what is accepted belongs to the embedding, as what it opens does. */
  listen(
    port: number,
    service: 'echo' | 'discard' | 'application',
    now: bigint,
  ): HostOutput & { readonly listener: string };
  /** `unsent`: octets that found no room on the wire yet; when there are any, `drained` tells that they have left. */
  send(connection: string, octets: Uint8Array, now: bigint): HostOutput & { readonly unsent: number };
  /** The application has read so many of the octets it was given: the receive window opens again. */
  consume(connection: string, octets: number, now: bigint): HostOutput;
}

export interface HostConnectionInfo {
  readonly state: 'connecting' | 'established' | 'closing' | 'closed' | 'failed';
  readonly mptcp: boolean;
  readonly subflows: number;
  readonly received: number;
  /** Why it failed or closed. */
  readonly why?: string;
}
