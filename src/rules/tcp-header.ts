/** The header of every TCP segment (RFC 9293 section 3.1). */
import { TcpFlag } from '../protocol/wire/packet.js';
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
} as const satisfies Readonly<Record<string, Rule>>;

/** The bit next to the flags is AE where the SYN offers accurate ECN (RFC 9768 section 3.1.1); the other three are reserved. */
const accurateEcn = 0x1;
const otherReserved = 0xe;
const ecnSetup = TcpFlag.ECE | TcpFlag.CWR;

export const judgeHeader = (sight: Sight): void => {
  const { segment, subflow, vantage } = sight;
  const { flags, reserved } = segment.tcp;
  const opens = (flags & (TcpFlag.SYN | TcpFlag.ACK)) === TcpFlag.SYN;
  if (opens && (reserved & accurateEcn) !== 0 && (flags & ecnSetup) === ecnSetup) subflow.accurateEcn = true;
  // A capture may lack the SYN that offered it.
  const mayUse = vantage === 'between' || subflow.accurateEcn === true;
  const wrong = reserved & (mayUse ? otherReserved : otherReserved | accurateEcn);
  judge(sight, tcpRules.reservedBits, wrong === 0, () => `reserved bits of the TCP header are 0x${wrong.toString(16)}`);
};
