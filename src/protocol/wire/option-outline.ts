/** Which options a TCP header holds, told without decoding any: for readers of every segment of a capture. */
import { uint8 } from '../bytes/octets.js';
import { Kind } from './plain-options.js';

/** Bits of {@link outlineOf}: which options a list holds, and octets other than zero after its end. */
export const OptionOutline = { mss: 1, windowScale: 2, sackPermitted: 4, timestamps: 8, padding: 16 } as const;

/** What a list from `from` to `end` holds beside MPTCP, as bits; it decodes nothing. */
export function outlineOf(octets: Uint8Array, from: number, end: number): number {
  let outline = 0;
  for (let at = from; at < end; ) {
    const kind = uint8(octets, at);
    if (kind === Kind.nop) {
      at += 1;
      continue;
    }
    if (kind === Kind.eol) {
      for (let next = at + 1; next < end; next++) if (uint8(octets, next) !== 0) return outline | OptionOutline.padding;
      return outline;
    }
    outline |= outlineBits[kind] ?? 0;
    const length = at + 1 < end ? uint8(octets, at + 1) : 0;
    if (length < 2) return outline;
    at += length;
  }
  return outline;
}

const outlineBits: Readonly<Record<number, number>> = {
  [Kind.mss]: OptionOutline.mss,
  [Kind.windowScale]: OptionOutline.windowScale,
  [Kind.sackPermitted]: OptionOutline.sackPermitted,
  [Kind.timestamps]: OptionOutline.timestamps,
};
