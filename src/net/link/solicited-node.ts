/** The multicast group at which the owner of an IPv6 address hears solicitations for it. */
import { ipOctets, ipv6Text } from '../../protocol/wire/address.js';
import type { IpAddress, MacAddress } from '../../protocol/wire/packet.js';

/** ff02::1:ffXX:XXXX with the last 24 bits of the address (RFC 4291 section 2.7.1), on Ethernet 33:33:ff:XX:XX:XX (RFC 2464 section 7). */
export const solicitedNode = (address: IpAddress): { readonly address: IpAddress; readonly mac: MacAddress } => {
  const last = ipOctets(address).subarray(-3);
  const group = Uint8Array.of(0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0xff, ...last);
  const digits = Array.from(last, (octet) => octet.toString(16).padStart(2, '0'));
  return { address: ipv6Text(group, 0), mac: ['33:33:ff', ...digits].join(':') };
};
