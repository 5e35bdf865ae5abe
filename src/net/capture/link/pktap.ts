/**
 * LINKTYPE_PKTAP, in which macOS captures on several devices at once: `header length (4) | next (4) | link type (4) | …`,
 * in little-endian order, and then a frame of that link type.
 */
import { type Malformed, shortage } from '../../../protocol/bytes/malformed.js';
import { word } from '../word.js';

const Field = { length: 0, linkType: 8, least: 12 } as const;

export interface LinkWithin {
  readonly linkType: number;
  readonly start: number;
}

export const readPktap = (octets: Uint8Array, from: number, to: number): LinkWithin | Malformed => {
  const missing = shortage('link', from, to, Field.least);
  if (missing !== undefined) return missing;
  const length = Math.max(Field.least, word(octets, from + Field.length, true));
  return (
    shortage('link', from, to, length) ?? {
      linkType: word(octets, from + Field.linkType, true),
      start: from + length,
    }
  );
};
