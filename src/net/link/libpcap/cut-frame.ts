/**
 * Frames whose IP length exceeds the captured length. The wire does not carry such frames: the sending kernel created one
 * large segment and left its segmentation to an offload after the point of capture.
 */
import { uint16 } from '../../../protocol/bytes/octets.js';
import { EthernetField, EtherType } from '../../../protocol/wire/ethernet.js';
import { statedLength } from '../../../protocol/wire/ip.js';
import { Ipv4Field } from '../../../protocol/wire/ipv4.js';

const network = EthernetField.end;

/** Whether an IPv4 total length or IPv6 payload length does not fit, or is 0 as on segments above 64 KiB. */
export const isCut = (frame: Uint8Array): boolean => {
  if (frame.length < network + Ipv4Field.end) return false;
  switch (uint16(frame, EthernetField.etherType)) {
    case EtherType.ipv4: {
      const total = statedLength(frame, network, 4);
      return total === 0 || network + total > frame.length;
    }
    case EtherType.ipv6:
      return network + statedLength(frame, network, 6) > frame.length;
    default:
      return false;
  }
};
