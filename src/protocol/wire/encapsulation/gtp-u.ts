/**
 * GTP-U version 1 (3GPP TS 29.281 section 5.1), which carries what a mobile host sends and receives.
 *
 *      0               1      2        4             8          10      11
 *     +---------------+------+--------+-------------+----------+-------+------------------+------------+
 *     | version, flags| type | length | tunnel (4)  | sequence | N-PDU | next header type | extensions |
 *     +---------------+------+--------+-------------+----------+-------+------------------+------------+
 *
 * The last four fields are there when any of the flags E, S and PN is set, the extension headers when E is: `length in words
 * (1) | … | next type (1)` each. Only G-PDUs carry datagrams; which kind, the first four bits of them tell.
 */
import { type Malformed, shortage } from '../../bytes/malformed.js';
import { uint8, uint16, uint32 } from '../../bytes/octets.js';
import { EtherType } from '../ethernet.js';
import { type Carried, carried, type Encapsulation } from './carried.js';

const Field = { flags: 0, type: 1, length: 2, tunnel: 4, optional: 8, nextType: 11, extensions: 12 } as const;
const Flag = { version: 0xe0, protocolType: 0x10, extension: 0x04, any: 0x07 } as const;
const versionOne = 0x20;
const gPdu = 255;
const Extension = { length: 0, word: 4 } as const;

function read(octets: Uint8Array, start: number, end: number): Carried | Malformed | undefined {
  const missing = shortage('gtp-u', start, end, Field.optional);
  if (missing !== undefined) return missing;
  const flags = uint8(octets, start + Field.flags);
  if ((flags & Flag.version) !== versionOne || (flags & Flag.protocolType) === 0) return undefined;
  if (uint8(octets, start + Field.type) !== gPdu) return undefined;
  const length = uint16(octets, start + Field.length);
  const payloadEnd = length === 0 ? end : Math.min(end, start + Field.optional + length);
  const at = (flags & Flag.any) === 0 ? start + Field.optional : afterExtensions(octets, start, end, flags);
  return typeof at === 'number' ? datagram(octets, at, payloadEnd) : at;
}

function afterExtensions(octets: Uint8Array, start: number, end: number, flags: number): number | Malformed {
  const missing = shortage('gtp-u', start, end, Field.extensions);
  if (missing !== undefined) return missing;
  let at = start + Field.extensions;
  if ((flags & Flag.extension) === 0) return at;
  for (let type = uint8(octets, start + Field.nextType); type !== 0; ) {
    const size = uint8(octets, at + Extension.length) * Extension.word;
    // A header of no length would lead nowhere.
    const cut = shortage('gtp-u/extension', at, end, Math.max(size, Extension.word));
    if (cut !== undefined) return cut;
    at += Math.max(size, Extension.word);
    type = uint8(octets, at - 1);
  }
  return at;
}

function datagram(octets: Uint8Array, at: number, end: number): Carried {
  const version = uint8(octets, at) >> 4;
  if (version === 4) return carried('EtherType', EtherType.ipv4, at, end);
  if (version === 6) return carried('EtherType', EtherType.ipv6, at, end);
  return carried('GTP-U payload', version, at, end);
}

export const gtpUEncapsulation: Encapsulation = {
  header: 'gtp-u',
  read,
  fields: (octets, start) => ({ tunnel: uint32(octets, start + Field.tunnel) }),
};
