/**
 * What every segment of the implementation must keep, whatever a case is about: a right checksum (RFC 9293 section 3.1,
 * MUST-2), reserved bits zero (section 3.1), and options that parse (section 3.1, MUST-4; the MPTCP option layouts).
 */
import type { TcpPacket } from '../../protocol/wire/packet.js';
import { segmentNameOf } from './segment-name.js';
import { find, type Work } from './state.js';

export function judgeHygiene(work: Work, packet: TcpPacket, entry: number): void {
  const { tcp } = packet;
  const name = segmentNameOf(tcp);
  const subject = name.replaceAll('/', '-');
  if (tcp.checksumState === 'invalid')
    find(work, {
      facet: 'hygiene',
      verdict: 'fail',
      class: 'mismatch',
      subject: `${subject}.checksum`,
      sentence: `A ${name} came with the wrong TCP checksum 0x${tcp.checksum.toString(16)}.`,
      observation: entry,
    });
  if (tcp.checksumState === 'partial')
    find(work, {
      facet: 'hygiene',
      verdict: 'inconclusive',
      subject: `${subject}.checksum`,
      sentence: `A ${name} came with an unfinished TCP checksum: turn checksum offload off on the implementation's interface.`,
      observation: entry,
    });
  if (tcp.reserved !== 0)
    find(work, {
      facet: 'hygiene',
      verdict: 'fail',
      class: 'mismatch',
      subject: `${subject}.reserved`,
      sentence: `A ${name} came with reserved bits set (0x${tcp.reserved.toString(16)}); they must be zero.`,
      observation: entry,
    });
  for (const option of tcp.options) {
    if (option.option === 'dss' && ((option.reserved ?? 0) !== 0 || option.flags > 0x1f))
      find(work, {
        facet: 'hygiene',
        verdict: 'fail',
        class: 'mismatch',
        subject: `${subject}.dss.reserved`,
        sentence: `A ${name} carried a DSS with reserved bits set; they must be zero (RFC 8684 section 3.3).`,
        observation: entry,
      });
    if (option.option !== 'malformed') continue;
    find(work, {
      facet: 'hygiene',
      verdict: 'fail',
      class: 'mismatch',
      subject: `${subject}.options`,
      sentence: `A ${name} carried an option of kind ${option.kind} that does not parse: ${option.malformed.why}.`,
      observation: entry,
    });
  }
}
