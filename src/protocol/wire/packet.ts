/**
 * Decoded packets as plain readonly records, and the drafts from which they are encoded.
 * A draft is the same record with every field optional: an absent field is computed, a present one is written exactly,
 * even if wrong (checksum, length, data offset, reserved bits).
 */
import type { Malformed } from '../bytes/malformed.js';
import type { Seq } from './seq.js';
import type { TcpOption } from './tcp-option.js';

/** `aa:bb:cc:dd:ee:ff`, lower case. */
export type MacAddress = string;
/** Dotted IPv4, or IPv6 in the canonical form of RFC 5952. */
export type IpAddress = string;

export interface Ethernet {
  readonly destination: MacAddress;
  readonly source: MacAddress;
  /** Type of what is carried; after VLAN tags, if there are any. */
  readonly etherType: number;
  /** VLAN tags (IEEE 802.1Q) as read, four octets each. */
  readonly tags?: Uint8Array;
  /** Octets after the end that the IP or ARP header states, normally padding to the minimum frame. */
  readonly trailer?: Uint8Array;
}

export interface Ip {
  readonly version: 4 | 6;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** IPv4 protocol, or the IPv6 next header of the upper layer. */
  readonly protocol: number;
  /** TTL or hop limit. */
  readonly ttl: number;
  /** IPv4 total length or IPv6 payload length, as written. */
  readonly length: number;
  /** IPv4 header checksum; absent for IPv6. */
  readonly checksum?: number;
  /** Whether the IPv4 header checksum is right, in decoded packets; absent for IPv6. */
  readonly checksumState?: 'valid' | 'invalid';
  /** IPv4 identification; absent for IPv6. */
  readonly identification?: number;
  /** IPv4 type of service or IPv6 traffic class. A decoder always gives it. */
  readonly trafficClass?: number;
  /** IPv4 flags (3 bits) and fragment offset (13 bits) as one field: 0x4000 is "don't fragment". Absent for IPv6. */
  readonly fragment?: number;
  /** IPv6 flow label; absent for IPv4. */
  readonly flowLabel?: number;
  /** IPv4 options, when there are any. */
  readonly options?: Uint8Array;
  /** IPv6 extension headers, when there are any: type of the first one, and all their octets. */
  readonly extensions?: { readonly first: number; readonly octets: Uint8Array };
}

/** What recomputing a transport checksum gives. `partial` is the folded pseudo-header sum an offloading sender leaves. */
export type ChecksumState = 'valid' | 'invalid' | 'partial' | 'unverifiable';

export interface Tcp {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly seq: Seq;
  readonly ack: Seq;
  /** Header length in 32-bit words. */
  readonly dataOffset: number;
  /** The four reserved bits after the data offset. */
  readonly reserved: number;
  /** The eight control bits, see {@link TcpFlag}. */
  readonly flags: number;
  readonly window: number;
  readonly checksum: number;
  readonly checksumState: ChecksumState;
  readonly urgent: number;
  readonly options: readonly TcpOption[];
  readonly payload: Uint8Array;
}

/** Control bits of octet 13 (RFC 9293 section 3.1). */
export const TcpFlag = {
  FIN: 0x01,
  SYN: 0x02,
  RST: 0x04,
  PSH: 0x08,
  ACK: 0x10,
  URG: 0x20,
  ECE: 0x40,
  CWR: 0x80,
} as const;

export interface Arp {
  /** 1 request, 2 reply. */
  readonly operation: number;
  readonly senderMac: MacAddress;
  readonly senderIp: IpAddress;
  readonly targetMac: MacAddress;
  readonly targetIp: IpAddress;
}

/** Neighbour solicitation (135) and advertisement (136), RFC 4861 sections 4.3 and 4.4. */
export interface NeighbourDiscovery {
  readonly type: 'solicitation' | 'advertisement';
  readonly target: IpAddress;
  /** Source (solicitation) or target (advertisement) link-layer address option. */
  readonly linkLayer?: MacAddress;
  /** Advertisement flags R 4, S 2, O 1; 0 for a solicitation. */
  readonly flags: number;
}

export interface TcpPacket {
  readonly kind: 'tcp';
  readonly ethernet: Ethernet;
  readonly ip: Ip;
  readonly tcp: Tcp;
  /**
   * Set when the IP length does not agree with the frame: a capture cut short, or the length 0 that segmentation offload
   * leaves. The segment is then read from the octets that are there.
   */
  readonly defect?: Malformed;
}

export type Packet =
  | TcpPacket
  | { readonly kind: 'arp'; readonly ethernet: Ethernet; readonly arp: Arp }
  | { readonly kind: 'nd'; readonly ethernet: Ethernet; readonly ip: Ip; readonly nd: NeighbourDiscovery }
  | {
      readonly kind: 'icmp';
      readonly ethernet: Ethernet;
      readonly ip: Ip;
      readonly type: number;
      readonly code: number;
      readonly body: Uint8Array;
    }
  | { readonly kind: 'other'; readonly ethernet: Ethernet; readonly ip?: Ip }
  | {
      readonly kind: 'malformed';
      readonly malformed: Malformed;
      /** The headers before the defect, as far as they could be read. */
      readonly ethernet?: Ethernet;
      readonly ip?: Ip;
    };

export type EthernetDraft = Pick<Ethernet, 'destination' | 'source'> & Partial<Ethernet>;

/** The IP version follows from the form of the addresses. A packet that was decoded is a draft of itself. */
export type IpDraft = Pick<Ip, 'source' | 'destination'> & Partial<Ip>;

/** A TCP packet to be written. Addresses, ports and flags must be given; everything else is computed when absent. */
export interface TcpDraft {
  readonly ethernet: EthernetDraft;
  readonly ip: IpDraft;
  readonly tcp: {
    readonly sourcePort: number;
    readonly destinationPort: number;
    readonly seq: Seq;
    readonly ack?: Seq;
    readonly flags: number;
    readonly dataOffset?: number;
    readonly reserved?: number;
    readonly window?: number;
    readonly checksum?: number;
    readonly urgent?: number;
    /** Written in this order; NOPs are not inserted, the list is padded with zeros to a multiple of four octets. */
    readonly options?: readonly TcpOption[];
    readonly payload?: Uint8Array;
  };
}
