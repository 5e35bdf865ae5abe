/** IP as a header that carries others: GRE, UDP, or IP again (RFC 2003, 2473, 4213). Fragments and TCP are no concern of it. */
import { isMalformed, type Malformed } from '../../bytes/malformed.js';
import { decodeIpv4, type IpUpper, ipv4Upper } from '../ipv4.js';
import { decodeIpv6, ipv6Upper } from '../ipv6.js';
import { carried, type Encapsulation, type HeaderFields, noFields } from './carried.js';

export const ipv4Encapsulation: Encapsulation = {
  header: 'ipv4',
  read: (octets, start, end) => above(ipv4Upper(octets, start, end)),
  fields: (octets, start) => ends(decodeIpv4(octets, start)),
};

export const ipv6Encapsulation: Encapsulation = {
  header: 'ipv6',
  read: (octets, start, end) => above(ipv6Upper(octets, start, end)),
  fields: (octets, start) => ends(decodeIpv6(octets, start)),
};

const above = (upper: IpUpper | Malformed): ReturnType<Encapsulation['read']> =>
  isMalformed(upper)
    ? upper
    : carried(upper.fragmented ? 'IP fragment' : 'IP protocol', upper.protocol, upper.start, upper.end);

const ends = (head: ReturnType<typeof decodeIpv4>): HeaderFields =>
  isMalformed(head) ? noFields : { source: head.ip.source, destination: head.ip.destination };
