/**
 * Headers of one length that say nothing of interest about what they carry, which is a whole Ethernet frame: the service
 * tag of a provider backbone (IEEE 802.1ah, four octets) and EtherIP (RFC 3378, two octets).
 */
import { shortage } from '../../bytes/malformed.js';
import { carriedOne, type Encapsulation, noFields } from './carried.js';

const headerOf = (header: string, size: number): Encapsulation => ({
  header,
  read: (_, start, end) => shortage(header, start, end, size) ?? carriedOne('Ethernet frame', start + size, end),
  fields: () => noFields,
});

export const backboneEncapsulation: Encapsulation = headerOf('pbb', 4);
export const etherIpEncapsulation: Encapsulation = headerOf('etherip', 2);
