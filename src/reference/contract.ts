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
  /** The seed of every random choice. */
  readonly seed: string;
  /**
   * Octets that a connection accepts before its application has read them: the receive window. The application reads at
   * its own pace and reports it by `consume`; it also gets `ended` and `drained`. Absent: 64 KiB, and it reads at once.
   */
  readonly receiveBuffer?: number;
  /**
   * Which flow carries the next octets. `fastest`: among those with room the one with the shortest round trip, as in
   * common implementations. Absent: a client uses its flows in turn, and a server the flow on which octets last came, so
   * that a peer sees all flows used.
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
  /** All octets kept by `send` have been sent. */
  | { readonly notice: 'drained'; readonly connection: string }
  | { readonly notice: 'closed'; readonly connection: string; readonly how: 'fin' | 'reset' };

/** The target of a connection, and settings that differ from the host's configuration. */
export interface ConnectTarget {
  readonly address: IpAddress;
  readonly port: number;
  /** Paths that may be used, the initial one first; absent: all. */
  readonly paths?: readonly number[];
  readonly profile?: EstablishmentProfile;
  readonly version?: 0 | 1;
}

/** Signals of a host about an address of its own: announcement, removal, backup priority (B). */
export type AddressSignal =
  | { readonly signal: 'announce'; readonly address: IpAddress; readonly port?: number }
  | { readonly signal: 'withdraw'; readonly address: IpAddress }
  | { readonly signal: 'prioritise'; readonly address: IpAddress; readonly backup: boolean };

/**
 * The host: TCP, MPTCP and RobE over frames. Methods return the output of the call; none of them throws on wire content.
 */
export interface ReferenceHost {
  receive(path: number, frame: Uint8Array, now: bigint): HostOutput;
  wake(now: bigint): HostOutput;
  listen(port: number, service: 'echo' | 'discard', now: bigint): HostOutput & { readonly listener: string };
  /** Opens a connection from every path (or the given ones) by the scheme of the profile. */
  connect(to: ConnectTarget, now: bigint): HostOutput & { readonly connection: string };
  send(connection: string, octets: Uint8Array, now: bigint): HostOutput;
  close(connection: string, now: bigint): HostOutput;
  abort(connection: string, now: bigint): HostOutput;
  /** `told`: false if the connection is not MPTCP, or has nothing to signal about that address. */
  signal(connection: string, signal: AddressSignal, now: bigint): HostOutput & { readonly told: boolean };
  /** The application's view of a connection, for control's `info`. */
  info(connection: string): HostConnectionInfo | undefined;
  /** Drops all state, as a restart would; listeners stay. */
  reset(): void;
  /**
   * The complete present state of the host: two hosts of one configuration with equal descriptions react alike to all
   * further inputs. It is the host's own data: read it at once, do not keep it. Undefined, or no such method, if a host
   * cannot describe itself.
   */
  describe?(): unknown;
}

/** A host for applications that read and write streams at their own pace. */
export interface StreamHost extends ReferenceHost {
  /** `application`: accepted connections belong to the embedding, as opened ones do. */
  listen(
    port: number,
    service: 'echo' | 'discard' | 'application',
    now: bigint,
  ): HostOutput & { readonly listener: string };
  /** `unsent`: octets that have not been sent yet; if there are any, `drained` reports that they have been sent. */
  send(connection: string, octets: Uint8Array, now: bigint): HostOutput & { readonly unsent: number };
  /** The application has read this many octets: the receive window opens again. */
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
