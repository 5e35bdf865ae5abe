/**
 * Frames whose IP header claims more than was captured. The wire does not carry such frames: the sending kernel made one
 * large segment and left the cutting to an offload behind the place where the capture looks.
 */

const ETHERNET_HEADER = 14;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const IPV6_HEADER = 40;
const IPV4_LENGTH_AT = 16;
const IPV6_LENGTH_AT = 18;

/** Whether an IPv4 total length or IPv6 payload length does not fit, or is 0 as on segments above 64 KiB. */
export const isCut = (frame: Uint8Array): boolean => {
  if (frame.length < ETHERNET_HEADER + 20) return false;
  switch (word(frame, 12)) {
    case IPV4: {
      const total = word(frame, IPV4_LENGTH_AT);
      return total === 0 || ETHERNET_HEADER + total > frame.length;
    }
    case IPV6: {
      const payload = word(frame, IPV6_LENGTH_AT);
      return ETHERNET_HEADER + IPV6_HEADER + payload > frame.length;
    }
    default:
      return false;
  }
};

const word = (frame: Uint8Array, at: number): number => ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
