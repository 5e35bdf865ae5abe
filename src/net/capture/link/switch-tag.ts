/**
 * Ethernet frames between a host and the switch chip on its board, which home gateways capture on the device that
 * connects both: a tag of the chip's vendor comes before the frame or between its addresses and its type.
 */
import { type Malformed, shortage } from '../../../protocol/bytes/malformed.js';
import { uint16 } from '../../../protocol/bytes/octets.js';
import { type Carried, carriedOne, typed } from '../../../protocol/wire/encapsulation/carried.js';

/** Broadcom's tag, where it comes first. */
const prepended = 4;
/** Octets before the type: two addresses and a tag of Broadcom or Marvell (4), or of Marvell with an EtherType of its own (8). */
const Inserted = { short: 16, long: 20, type: 2 } as const;

const after =
  (etherTypeAt: number) =>
  (octets: Uint8Array, from: number, to: number): Carried | Malformed =>
    shortage('link', from, to, etherTypeAt + Inserted.type) ??
    typed(uint16(octets, from + etherTypeAt), from + etherTypeAt + Inserted.type, to);

export const readShortSwitchTag: ReturnType<typeof after> = after(Inserted.short);
export const readLongSwitchTag: ReturnType<typeof after> = after(Inserted.long);

export const readPrependedSwitchTag = (_: Uint8Array, from: number, to: number): Carried | Malformed =>
  shortage('link', from, to, prepended) ?? carriedOne('Ethernet frame', from + prepended, to);
