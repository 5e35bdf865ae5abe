/** Mutants of a listener that does not read the MP_CAPABLE of a third segment as a whole (RFC 6824 and RFC 8684 section 3.1). */
import { MpCapableFlag } from '../protocol/mptcp/option.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { verifiesChecksum } from '../reference/mptcp/incoming.js';
import { misread, spoil } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { mutants } from './mutant.js';
import { carries, findAny, isSynAck, isThird, withEdited } from './segment.js';

const waivesChecksums = (tcp: Tcp): boolean =>
  isThird(tcp) && ((findAny(tcp, 'mp_capable')?.flags ?? 0) & MpCapableFlag.A) === 0;
const answered = (flow: FlowHistory) => {
  const answer = flow.segments('out').find(isSynAck);
  return answer === undefined ? undefined : findAny(answer, 'mp_capable');
};

export const thirdSegmentMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'echoed-keys-unread',
    requirement: 'RFC6824-3.1-06',
    declared: { tcp: { listener: 'stateless' } },
    breaks: 'The keys of an MP_CAPABLE after the SYN/ACK are not compared with those of the handshake.',
    defect: {
      wire: [
        misread(
          (tcp) => findAny(tcp, 'mp_capable')?.peerKey !== undefined,
          (tcp, { flow }) =>
            withEdited(tcp, 'mp_capable', (option) => ({
              ...option,
              key: flow.key('in') ?? option.key ?? 0n,
              peerKey: flow.key('out') ?? 0n,
            })),
        ),
      ],
    },
  },
  {
    id: 'any-mapping-proves-key-a',
    requirement: 'RFC6824-3.1-20',
    breaks: 'Any DSS replaces a lost third segment of v0, whatever its numbers are.',
    defect: { decides: { listener: { provesKeyA: () => true } } },
  },
  {
    id: 'third-segment-version-unread',
    requirement: 'RFC6824-3.1-08',
    breaks: 'The version that a third segment names is not compared with the one agreed.',
    defect: {
      wire: [
        misread(isThird, (tcp, { flow }) =>
          withEdited(tcp, 'mp_capable', (option) => ({
            ...option,
            version: answered(flow)?.version ?? option.version,
          })),
        ),
      ],
    },
  },
  {
    id: 'third-segment-length-unread',
    requirement: 'DERIVED-MALF-01',
    breaks: 'A third segment is accepted with an MP_CAPABLE of the length of another segment.',
    defect: {
      wire: [
        misread(isThird, (tcp, { flow }) =>
          withEdited(tcp, 'mp_capable', ({ option, version, flags, key = 0n }) => ({
            option,
            version,
            flags,
            key,
            peerKey: flow.key('out') ?? 0n,
          })),
        ),
      ],
    },
  },
  {
    id: 'third-segment-decides-checksums',
    requirement: 'RFC6824-3.1-16',
    breaks: 'A=0 in the third segment switches off the checksums that were agreed.',
    defect: {
      wire: [
        misread(waivesChecksums, (tcp) =>
          withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags | MpCapableFlag.A })),
        ),
        spoil(
          (tcp, { flow }) => carries('dss')(tcp) && flow.segments('in').some(waivesChecksums),
          (tcp) => withEdited(tcp, 'dss', ({ checksum: _, ...mapping }) => mapping),
        ),
      ],
    },
  },
  {
    id: 'first-data-checksum-unread',
    requirement: 'RFC8684-3.1-07',
    breaks: 'The checksum in the MP_CAPABLE of the first data is not verified.',
    defect: {
      decides: {
        data: { verifiesChecksum: (mapping, octets) => mapping.ssn === 1 || verifiesChecksum(mapping, octets) },
      },
    },
  },
]);
