/** One line of text about a packet, e.g. `SYN/ACK on 1: mp_capable version 1 …`. */

import { countOctets } from '../../protocol/bytes/count-octets.js';
import { describeOption, describePacket } from '../../protocol/wire/describe.js';
import type { Packet } from '../../protocol/wire/packet.js';
import { segmentNameOf } from './segment-name.js';

export function tell(packet: Packet, flow?: string): string {
  if (packet.kind !== 'tcp') return describePacket(packet);
  const { tcp } = packet;
  const options = tcp.options.filter((o) => o.option !== 'nop' && o.option !== 'eol').map(describeOption);
  const data = tcp.payload.length === 0 ? '' : `, ${countOctets(tcp.payload.length)}`;
  const on = flow === undefined ? '' : ` on ${flow}`;
  return `${segmentNameOf(tcp)}${on}${data}${options.length === 0 ? '' : ` [${options.join(', ')}]`}`;
}
