/**
 * The contents of a capture's frames: the TCP segment of each is found after all headers around it, and frames without
 * one are counted by kind, so that every frame is counted once. Most frames have the segment directly after their link
 * header; only their link is recorded.
 */
import type { FrameInPlace } from '../net/capture/frame-walk.js';
import { LinkType, readLink } from '../net/capture/link/link-type.js';
import { isMalformed } from '../protocol/bytes/malformed.js';
import { unwrap } from '../protocol/wire/encapsulation/unwrap.js';
import { EtherType, frameType, untaggedLength } from '../protocol/wire/ethernet.js';
import type { SegmentView } from '../protocol/wire/segment-view.js';

export interface FrameCounts {
  readonly frames: number;
  /** Malformed frames. */
  readonly malformed: number;
  /** Frames whose TCP header the capture's snap length cut. */
  readonly cut: number;
  /** Pieces of fragmented datagrams. */
  readonly fragments: number;
  /** Frames of protocols that never carry a TCP segment, by name. */
  readonly other: Readonly<Record<string, number>>;
  /** Frames of unsupported protocols, by number. */
  readonly unread: Readonly<Record<string, number>>;
}

export class FrameContents {
  readonly #view: SegmentView;
  readonly #other = new Map<string, number>();
  readonly #unread = new Map<string, number>();
  #frames = 0;
  #malformed = 0;
  #cut = 0;
  #fragments = 0;

  constructor(view: SegmentView) {
    this.#view = view;
  }

  get frames(): number {
    return this.#frames;
  }

  counts(): FrameCounts {
    return {
      frames: this.#frames,
      malformed: this.#malformed,
      cut: this.#cut,
      fragments: this.#fragments,
      other: Object.fromEntries(this.#other),
      unread: Object.fromEntries(this.#unread),
    };
  }

  /** Moves the view to the TCP segment of the next frame; false if it has no readable one. */
  seek(frame: FrameInPlace): boolean {
    this.#frames += 1;
    const { linkType, octets, from, to } = frame;
    return linkType === LinkType.ethernet && this.#isTcp(octets, from + untaggedLength, to, frameType(octets, from))
      ? true
      : this.#seekWithin(frame);
  }

  #seekWithin(frame: FrameInPlace): boolean {
    const { linkType, octets, from, to } = frame;
    const within = readLink(linkType, octets, from, to);
    if (within === undefined) return count(this.#unread, `link type ${linkType}`);
    if (isMalformed(within)) return this.#countDefect(frame.isCut);
    const { registry, number, start, end } = within;
    if (registry === 'EtherType' && this.#isTcp(octets, start, end, number)) return true;
    const inside = unwrap(octets, within);
    switch (inside.found) {
      case 'tcp': {
        const { datagram } = inside;
        const look = this.#view.look(
          octets,
          datagram.start,
          datagram.end,
          datagram.version === 4 ? EtherType.ipv4 : EtherType.ipv6,
        );
        return look === 'tcp' || this.#countDefect(look === 'cut' || frame.isCut);
      }
      case 'fragment':
        this.#fragments += 1;
        return false;
      case 'other':
        return count(this.#other, inside.what);
      case 'unread':
        return count(this.#unread, inside.what);
      case 'malformed':
        return this.#countDefect(frame.isCut);
    }
  }

  #isTcp(octets: Uint8Array, start: number, end: number, etherType: number): boolean {
    return this.#view.look(octets, start, end, etherType) === 'tcp';
  }

  /** A frame cut by the snap length is not malformed. */
  #countDefect(isCut: boolean): false {
    if (isCut) this.#cut += 1;
    else this.#malformed += 1;
    return false;
  }
}

const count = (by: Map<string, number>, what: string): false => {
  by.set(what, (by.get(what) ?? 0) + 1);
  return false;
};
