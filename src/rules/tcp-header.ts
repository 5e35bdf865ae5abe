/** The header of every TCP segment (RFC 9293 section 3.1). */

import { countOctets } from '../protocol/bytes/count-octets.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { relative } from './conversation/subflow.js';
import type { Rule } from './rule.js';
import { judge, type Sight } from './sight.js';

export const tcpRules = {
  checksum: {
    name: 'tcp-checksum',
    requirement: 'RFC9293-3.1-04',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'Every segment has the right TCP checksum.',
    needs: 'the whole segment',
  },
  reservedBits: {
    name: 'tcp-reserved-bits',
    requirement: 'RFC9293-3.1-06',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'The reserved bits of the TCP header are zero.',
    needs: 'the segment',
  },
  last: {
    name: 'nothing-after-fin',
    requirement: 'RFC9293-3.6-01',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'FIN is the last octet of a stream: it has one sequence number, and no payload has that number or a later one.',
    needs: 'the FIN',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** The bit next to the flags is AE where the SYN offers accurate ECN (RFC 9768 section 3.1.1); the other three are reserved. */
const accurateEcn = 0x1;
const otherReserved = 0xe;
const ecnSetup = TcpFlag.ECE | TcpFlag.CWR;

/** RFC 9293 section 3.6: a user who has closed sends no more data. */
export function judgeFin(sight: Sight): void {
  const { segment, subflow } = sight;
  const { tcp, sender } = segment;
  const isFin = (tcp.flags & TcpFlag.FIN) !== 0;
  const end = subflow[sender];
  const { finAt } = end;
  if ((!isFin && (finAt === undefined || tcp.payloadLength === 0)) || (tcp.flags & TcpFlag.RST) !== 0) return;
  const at = relative(end, tcp.seq);
  if (at === undefined || subflow.displaces) return;
  const until = at + ((tcp.flags & TcpFlag.SYN) === 0 ? 0 : 1) + tcp.payloadLength;
  if (isFin) end.finAt ??= Math.max(until, end.next);
  const place = end.finAt ?? until;
  judge(
    sight,
    tcpRules.last,
    isFin ? until === place : until <= place,
    () => `${isFin ? 'FIN' : 'payload'} ends ${countOctets(until)} after the SYN, the first FIN stood at ${place}`,
  );
}

export const judgeHeader = (sight: Sight): void => {
  const { segment, subflow, vantage } = sight;
  const { flags, reserved } = segment.tcp;
  const opens = (flags & (TcpFlag.SYN | TcpFlag.ACK)) === TcpFlag.SYN;
  if (opens && (reserved & accurateEcn) !== 0 && (flags & ecnSetup) === ecnSetup) subflow.accurateEcn = true;
  // The SYN that offered it may be missing in a capture.
  const mayUse = vantage === 'between' || subflow.accurateEcn === true;
  const wrong = reserved & (mayUse ? otherReserved : otherReserved | accurateEcn);
  judge(sight, tcpRules.reservedBits, wrong === 0, () => `reserved bits of the TCP header are 0x${wrong.toString(16)}`);
};
