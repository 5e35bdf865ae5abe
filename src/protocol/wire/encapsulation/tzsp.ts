/**
 * TZSP, in which routers stream what they capture: `version 1 (1) | type (1) | protocol (2)`, tags of `type (1) | length (1) |
 * value` up to the end tag, which like padding has neither length nor value, and the frame.
 */
import { type Malformed, shortage } from '../../bytes/malformed.js';
import { uint8, uint16 } from '../../bytes/octets.js';
import { type Carried, carriedOne, type Encapsulation, noFields } from './carried.js';

const Field = { version: 0, type: 1, protocol: 2, tags: 4 } as const;
const versionOne = 1;
const received = 0;
const ethernet = 1;
const Tag = { type: 0, length: 1, value: 2 } as const;
const TagType = { padding: 0, end: 1 } as const;

function read(octets: Uint8Array, start: number, end: number): Carried | Malformed | undefined {
  const missing = shortage('tzsp', start, end, Field.tags);
  if (missing !== undefined) return missing;
  if (uint8(octets, start + Field.version) !== versionOne || uint8(octets, start + Field.type) !== received)
    return undefined;
  if (uint16(octets, start + Field.protocol) !== ethernet) return undefined;
  for (let at = start + Field.tags; ; ) {
    const cut = shortage('tzsp/tag', at, end, 1);
    if (cut !== undefined) return cut;
    const type = uint8(octets, at + Tag.type);
    if (type === TagType.end) return carriedOne('Ethernet frame', at + 1, end);
    at += type === TagType.padding ? 1 : Tag.value + uint8(octets, at + Tag.length);
  }
}

export const tzspEncapsulation: Encapsulation = { header: 'tzsp', read, fields: () => noFields };
