/**
 * Frames whose IP header claims more than was captured. The wire does not carry such frames: the sending kernel made one
 * large segment and left the cutting to an offload behind the place where the capture looks.
 */

const ethernetHeader = 14;
const etherTypeIpv4 = 0x0800;
const etherTypeIpv6 = 0x86dd;
const ipv6Header = 40;
const ipv4LengthAt = 16;
const ipv6LengthAt = 18;

/** Whether an IPv4 total length or IPv6 payload length does not fit, or is 0 as on segments above 64 KiB. */
export const isCut = (frame: Uint8Array): boolean => {
  if (frame.length < ethernetHeader + 20) return false;
  switch (word(frame, 12)) {
    case etherTypeIpv4: {
      const total = word(frame, ipv4LengthAt);
      return total === 0 || ethernetHeader + total > frame.length;
    }
    case etherTypeIpv6: {
      const payload = word(frame, ipv6LengthAt);
      return ethernetHeader + ipv6Header + payload > frame.length;
    }
    default:
      return false;
  }
};

const word = (frame: Uint8Array, at: number): number => ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
