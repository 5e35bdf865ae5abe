/** The maximum segment size (RFC 9293 section 3.7.1), octets of payload without options. */
import type { IpAddress } from '../../protocol/wire/packet.js';

const isV6 = (local: IpAddress): boolean => local.includes(':');

/** What this host sends at most: an MTU of 1,500 octets less the fixed headers. */
const ownMss = (local: IpAddress): number => (isV6(local) ? 1440 : 1460);

/** What this host says that it takes: of IPv4 as given, of IPv6 less by what its header has more. */
export const announcedMss = (local: IpAddress, ofIpv4: number): number => (isV6(local) ? ofIpv4 - 20 : ofIpv4);

/** What is assumed of a peer that does not say (MUST-15). */
export const defaultMss = (local: IpAddress): number => (isV6(local) ? 1220 : 536);

/**
 * What is sent to a peer that announced `announced`: the smaller of what it takes and what this host's own link carries
 * (MUST-16). An announcement of nothing would end the flow, so an octet goes in any case.
 */
export const sendMss = (local: IpAddress, announced: number): number => Math.max(Math.min(announced, ownMss(local)), 1);
