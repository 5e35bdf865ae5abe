/** The header of every TCP segment (RFC 9293 section 3.1). */
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

/** The bit next to the flags is AE (RFC 9768); the other three are reserved. */
const reservedMask = 0xe;

export const judgeHeader = (sight: Sight): void => {
  const reserved = sight.segment.tcp.reserved & reservedMask;
  judge(
    sight,
    tcpRules.reservedBits,
    reserved === 0,
    () => `reserved bits of the TCP header are 0x${reserved.toString(16)}`,
  );
};
