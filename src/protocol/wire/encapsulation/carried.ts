/**
 * The seam between two headers: what an outer header says of what it carries, and how a header that only carries another one
 * is read. Reading allocates one small record a header; names and numbers for people are read a second time, when asked for.
 */
import type { Malformed } from '../../bytes/malformed.js';

/** Who numbers what follows a header. The last ones number nothing: what follows is of one kind. */
export type Registry =
  | 'EtherType'
  | 'IP protocol'
  | 'IP fragment'
  | 'UDP port'
  | 'PPP protocol'
  | 'LLC SAP'
  | 'SNAP organisation'
  | 'PPPoE code'
  | 'address family'
  | 'Linux protocol'
  | 'netlink family'
  | 'IEEE 802.11 type'
  | 'MPLS payload'
  | 'GTP-U payload'
  | Unnumbered;

type Unnumbered =
  | 'Ethernet frame'
  | 'LLC frame'
  | 'PPP frame'
  | 'PPPoE frame'
  | 'ERSPAN frame'
  | 'IEEE 802.11 frame'
  | 'IEEE 802.11 data without payload'
  | 'aggregated IEEE 802.11 data'
  | 'encrypted IEEE 802.11 data';

/** The octets `start` to `end` (exclusive) hold what has this number in this registry. */
export interface Carried {
  readonly registry: Registry;
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** The fields of a header by which people tell it from others of its kind. */
export type HeaderFields = Readonly<Record<string, number | string>>;

/** A header that carries another one. */
export interface Encapsulation {
  readonly header: string;
  /**
   * Reads the header at `start` of octets that end at `end`. Malformed: some of it is missing. Undefined: it is not this
   * header, although the number before it says so.
   */
  readonly read: (octets: Uint8Array, start: number, end: number) => Carried | Malformed | undefined;
  /** Of a header that was read. */
  readonly fields: (octets: Uint8Array, start: number) => HeaderFields;
}

export const noFields: HeaderFields = {};

/** What there is only one kind of. */
export const carriedOne = (registry: Unnumbered, start: number, end: number): Carried => ({
  registry,
  number: 0,
  start,
  end,
});

export const carried = (
  registry: Exclude<Registry, Unnumbered>,
  number: number,
  start: number,
  end: number,
): Carried => ({
  registry,
  number,
  start,
  end,
});

/** IEEE 802.3 section 3.2.6: a type field up to this is the length of what follows, which then starts with an LLC header. */
export const greatestLength = 1500;

/** What a type field of Ethernet announces. */
export const typed = (typeOrLength: number, start: number, end: number): Carried =>
  carried('EtherType', typeOrLength, start, typeOrLength > greatestLength ? end : Math.min(end, start + typeOrLength));
