/**
 * Neighbour solicitation and advertisement (RFC 4861 sections 4.3 and 4.4), the body after type, code and checksum:
 *
 *      0                 4        20
 *     +-----------------+--------+---------------------------------------------------------+
 *     | R S O, reserved | target | options, of which the link-layer address (4.6.1) is read |
 *     +-----------------+--------+---------------------------------------------------------+
 */

import { countOctets } from '../bytes/count-octets.js';
import { type Malformed, malformed, shortage } from '../bytes/malformed.js';
import { putOctets, putUint8, putUint32, uint8 } from '../bytes/octets.js';
import { ipOctets, ipv6Text, macOctets, macSize, macText } from './address.js';
import type { Icmp } from './icmp.js';
import type { MacAddress, NeighbourDiscovery } from './packet.js';

const Field = { flags: 0, target: 4, options: 20 } as const;
const Option = { type: 0, length: 1, linkLayer: 2, unit: 8 } as const;
const OptionType = { source: 1, target: 2 } as const;

export const NdType = { solicitation: 135, advertisement: 136 } as const;

/** The three flags are the highest bits of their octet. */
const flagShift = 5;

/** `offset` is where the body starts in the frame, for reports. */
export function decodeNd(icmp: Icmp, offset: number): NeighbourDiscovery | Malformed {
  const { body } = icmp;
  const missing = shortage('nd', offset, offset + body.length, Field.options);
  if (missing !== undefined) return missing;
  const advertises = icmp.type === NdType.advertisement;
  const linkLayer = findLinkLayer(body, offset, advertises ? OptionType.target : OptionType.source);
  if (typeof linkLayer === 'object') return linkLayer;
  const nd = {
    type: advertises ? ('advertisement' as const) : ('solicitation' as const),
    target: ipv6Text(body, Field.target),
    flags: advertises ? uint8(body, Field.flags) >> flagShift : 0,
  };
  return linkLayer === undefined ? nd : { ...nd, linkLayer };
}

function findLinkLayer(body: Uint8Array, offset: number, type: number): MacAddress | Malformed | undefined {
  let found: MacAddress | undefined;
  for (let at: number = Field.options; at < body.length; ) {
    const size = uint8(body, at + Option.length) * Option.unit;
    if (size === 0 || at + size > body.length)
      return malformed(
        'nd/options',
        offset + at,
        `an option of ${countOctets(size)} with ${countOctets(body.length - at)} left`,
      );
    if (uint8(body, at + Option.type) === type) found ??= macText(body, at + Option.linkLayer);
    at += size;
  }
  return found;
}

/** The ICMPv6 message of a solicitation or advertisement. */
export function ndMessage(nd: NeighbourDiscovery): Icmp {
  const advertises = nd.type === 'advertisement';
  const body = new Uint8Array(Field.options + (nd.linkLayer === undefined ? 0 : Option.linkLayer + macSize));
  putUint32(body, Field.flags, 0);
  putUint8(body, Field.flags, nd.flags << flagShift);
  putOctets(body, Field.target, ipOctets(nd.target));
  if (nd.linkLayer !== undefined) {
    putUint8(body, Field.options + Option.type, advertises ? OptionType.target : OptionType.source);
    putUint8(body, Field.options + Option.length, (Option.linkLayer + macSize) / Option.unit);
    putOctets(body, Field.options + Option.linkLayer, macOctets(nd.linkLayer));
  }
  return { type: advertises ? NdType.advertisement : NdType.solicitation, code: 0, body };
}
