/**
 * Follows headers that carry other headers down to the innermost datagram that can be read, or to what cannot be. One loop
 * and no recursion, and an end to it: nobody nests so many headers in earnest.
 */
import { isMalformed, type Malformed } from '../../bytes/malformed.js';
import { Protocol } from '../ip.js';
import type { Carried, Encapsulation } from './carried.js';
import { carriedText, encapsulationOf, nameWithoutTcp } from './encapsulations.js';
import { ipv4Encapsulation, ipv6Encapsulation } from './ip.js';
import { udpEncapsulation } from './udp.js';

const deepest = 32;

/** A datagram that starts at `start`; nothing of it lies beyond `end`. */
export interface Datagram {
  readonly version: 4 | 6;
  readonly start: number;
  readonly end: number;
}

export type Unwrapped =
  /** A datagram that holds a TCP segment, as far as its header says. */
  | { readonly found: 'tcp'; readonly datagram: Datagram }
  | { readonly found: 'fragment'; readonly datagram: Datagram }
  /** What never holds a TCP segment, by its name: ARP, UDP, ICMP. */
  | { readonly found: 'other'; readonly what: string; readonly datagram: Datagram | undefined }
  /** What is not read and so may hold anything, by its number. */
  | { readonly found: 'unread'; readonly what: string; readonly datagram: Datagram | undefined }
  | { readonly found: 'malformed'; readonly malformed: Malformed };

/** A header that carries what was found. */
export interface Layer {
  readonly encapsulation: Encapsulation;
  readonly start: number;
}

/** Unwraps what a link carries. Headers around what was found are added to `layers`, the outermost first. */
export function unwrap(octets: Uint8Array, from: Carried, layers: Layer[] = []): Unwrapped {
  let at = from;
  let datagram: Datagram | undefined;
  let upper = at;
  let around = layers.length;
  for (let depth = 0; depth < deepest; depth++) {
    const encapsulation = encapsulationOf(at);
    const inner = encapsulation?.read(octets, at.start, at.end);
    if (encapsulation === undefined || inner === undefined) {
      // UDP that is no tunnel ends where its datagram does.
      const what = at.registry === 'UDP port' ? upper : at;
      layers.length = datagram === undefined ? layers.length : around;
      return ending(what, datagram);
    }
    if (isMalformed(inner)) return { found: 'malformed', malformed: inner };
    if (encapsulation === ipv4Encapsulation || encapsulation === ipv6Encapsulation) {
      datagram = { version: encapsulation === ipv4Encapsulation ? 4 : 6, start: at.start, end: at.end };
      if (inner.registry === 'IP fragment') return { found: 'fragment', datagram };
      if (inner.number === Protocol.tcp) return { found: 'tcp', datagram };
      upper = inner;
      around = layers.length;
    } else if (encapsulation !== udpEncapsulation) datagram = undefined;
    layers.push({ encapsulation, start: at.start });
    at = inner;
  }
  return { found: 'unread', what: `more than ${deepest} nested headers`, datagram: undefined };
}

function ending(what: Carried, datagram: Datagram | undefined): Unwrapped {
  const name = nameWithoutTcp(what);
  return name === undefined
    ? { found: 'unread', what: carriedText(what), datagram }
    : { found: 'other', what: name, datagram };
}
