/** The name of a segment in explanations, in the words of the case language: `SYN/ACK`, `DATA`, `RST/ACK`. */
import type { Tcp } from '../../protocol/wire/packet.js';
import { flagNames } from '../../protocol/wire/tcp-flags.js';

export function segmentNameOf(tcp: Tcp): string {
  const flags = flagNames(tcp.flags);
  const plain = flags === 'ACK' || flags === 'PSH/ACK';
  if (plain) return tcp.payload.length > 0 ? 'DATA' : 'ACK';
  return flags === 'FIN/PSH/ACK' || flags === 'FIN/ACK' ? 'FIN' : flags;
}
