/** Either IP version through one door: the form of a draft's source address decides which. */
import { uint16 } from '../bytes/octets.js';
import { ipOctets, ipv6Size } from './address.js';
import { EtherType } from './ethernet.js';
import { Ipv4Field, ipv4Length, writeIpv4 } from './ipv4.js';
import { Ipv6Field, ipv6Length, writeIpv6 } from './ipv6.js';
import type { IpDraft } from './packet.js';

/** Protocol numbers of the upper layers that are read. */
export const Protocol = { icmp: 1, tcp: 6, icmpv6: 58 } as const;

const isIpv6 = (draft: IpDraft): boolean => ipOctets(draft.source).length === ipv6Size;

export const etherTypeOf = (draft: IpDraft): number => (isIpv6(draft) ? EtherType.ipv6 : EtherType.ipv4);

export const ipLength = (draft: IpDraft): number => (isIpv6(draft) ? ipv6Length(draft) : ipv4Length(draft));

/** Writes the header and returns the pseudo-header's partial sum without the upper-layer length. */
export const writeIp = (
  draft: IpDraft,
  protocol: number,
  payloadLength: number,
  into: Uint8Array,
  at: number,
): number => (isIpv6(draft) ? writeIpv6 : writeIpv4)(draft, protocol, payloadLength, into, at);

/** Octets of the datagram at `at` by what its header states; 0 where segmentation offload left the length of IPv4 open. */
export const statedLength = (octets: Uint8Array, at: number, version: 4 | 6): number =>
  version === 6 ? Ipv6Field.end + uint16(octets, at + Ipv6Field.length) : uint16(octets, at + Ipv4Field.length);
