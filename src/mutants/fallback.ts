/** Mutants of leaving MPTCP (RFC 8684 section 3.7, RFC 6824 section 3.6, and what follows for several flows). */
import { DssFlag } from '../protocol/mptcp/option.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { answer, misread, overlook, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import {
  carries,
  findAny,
  isBareAck,
  isData,
  isInfinite,
  isReset,
  isSyn,
  isSynAck,
  resetTo,
  withEdited,
  withOption,
  without,
} from './segment.js';

const mptcp = (tcp: Tcp): boolean => carries('dss')(tcp) || carries('mp_capable')(tcp) || carries('mp_join')(tcp);

export const fallbackMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'infinite-mapping-missing',
    origin: 'multipath-tcp/mptcp_net-next#216',
    requirement: 'RFC6824-3.6-03',
    breaks: 'A fallback is not announced by an infinite mapping.',
    defect: { wire: [spoil(isInfinite, (tcp) => without(tcp, 'dss'))] },
  },
  {
    id: 'options-after-plain-third-segment',
    requirement: 'RFC6824-3.6-08',
    breaks: 'After a third segment without MP_CAPABLE the server still sends Data ACKs.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            !isSynAck(tcp) &&
            !isReset(tcp) &&
            flow.segments('out').some(carries('mp_capable')) &&
            !flow.segments('in').some((s) => !isSyn(s) && mptcp(s)),
          (tcp) => withOption(tcp, { option: 'dss', flags: DssFlag.A, ack: 1n }),
        ),
      ],
    },
  },
  {
    id: 'mptcp-resumed-after-fallback',
    requirement: 'RFC6824-3.6-08',
    breaks: 'A DSS of the peer after the fallback draws a Data ACK.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => {
            const came = flow.segments('in');
            const plain = came.findIndex((s) => isData(s) && !mptcp(s));
            return (
              !isReset(tcp) &&
              flow.segments('out').some(carries('mp_capable')) &&
              plain >= 0 &&
              came.slice(plain).some(carries('dss'))
            );
          },
          (tcp) => withOption(tcp, { option: 'dss', flags: DssFlag.A, ack: 1n }),
        ),
      ],
    },
  },
  {
    id: 'mptcp-resumed-with-the-peer',
    requirement: 'RFC6824-3.6-08',
    breaks: 'After the host has sent data as TCP, a further DSS of the peer draws a Data ACK.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            !isReset(tcp) &&
            flow.segments('out').some(carries('mp_capable')) &&
            flow.segments('out').some((s) => isData(s) && !mptcp(s)) &&
            flow.segments('in').filter(carries('dss')).length > 1,
          (tcp) => withOption(tcp, { option: 'dss', flags: DssFlag.A, ack: 1n }),
        ),
      ],
    },
  },
  {
    id: 'data-acks-after-infinite-mapping',
    requirement: 'RFC6824-3.6-10',
    breaks: "After the peer's infinite mapping Data ACKs go on.",
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => !isReset(tcp) && flow.segments('in').some(isInfinite) && !carries('dss')(tcp),
          (tcp) => withOption(tcp, { option: 'dss', flags: DssFlag.A, ack: 1n }),
        ),
      ],
    },
  },
  {
    id: 'unmapped-data-resets-the-only-flow',
    origin: 'multipath-tcp/mptcp_net-next#518',
    requirement: 'RFC8684-3.7-01',
    breaks: 'Data without mapping on the only flow ends the connection instead of only ending MPTCP.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) =>
            isData(tcp) && !mptcp(tcp) && flow.segments('in').some((s) => isBareAck(s) && carries('mp_capable')(s)),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'unmapped-data-on-joined-flow-passed-over',
    origin: 'multipath-tcp/mptcp_net-next#544',
    requirement: 'RFC6824-3.6-04',
    breaks: 'A joined subflow whose MPTCP options vanished is not reset.',
    defect: {
      wire: [
        withhold((tcp, { flow }) => isReset(tcp) && flow.confirmed && flow.segments('in').some(carries('mp_join'))),
      ],
    },
  },
  {
    id: 'vanished-options-without-reason',
    requirement: 'RFC8684-3.7-03',
    breaks: 'The reset of a joined subflow whose options vanished carries no MP_TCPRST.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isReset(tcp) && flow.carriedData && flow.segments('in').some(carries('mp_join')),
          (tcp) => without(tcp, 'mp_tcprst'),
        ),
      ],
    },
  },
  {
    id: 'checksum-reset-without-reason',
    role: 'both',
    requirement: 'RFC8684-3.3-04',
    breaks: 'The reset for a mapping without the agreed checksum carries no MP_TCPRST.',
    versions: [1],
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isReset(tcp) &&
            flow.segments('in').some((each) => {
              const mapping = findAny(each, 'dss');
              return mapping?.dsn !== undefined && mapping.checksum === undefined;
            }),
          (tcp) => without(tcp, 'mp_tcprst'),
        ),
      ],
    },
  },
  {
    id: 'join-after-fallback-accepted',
    requirement: 'RFC6824-3.6-09',
    breaks: 'A join to a connection that fell back is not refused.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow }) =>
            isReset(tcp) && !flow.synAcked && flow.segments('in').some((s) => isSyn(s) && carries('mp_join')(s)),
        ),
      ],
    },
  },
  {
    id: 'infinite-mapping-drops-the-data',
    requirement: 'RFC6824-3.6-07',
    breaks: 'Data that comes with the infinite mapping is lost.',
    defect: { wire: [overlook(isInfinite)] },
  },
  {
    id: 'attaches-after-fallback',
    profile: 'robe-downgrade',
    requirement: 'DERIVED-FB-01',
    breaks: 'After the first flow became TCP, a second flow with the same keys is kept.',
    defect: {
      wire: [
        spoil(
          (tcp, { flows, flow }) =>
            isReset(tcp) &&
            flow.synAcked &&
            flows.some(
              (other) => other !== flow && other.confirmed && !other.segments('in').some((s) => !isSyn(s) && mptcp(s)),
            ),
          () => ({ flags: TcpFlag.ACK, options: [], window: 512 }),
        ),
      ],
    },
  },
  {
    id: 'falls-back-with-two-flows',
    profile: 'robe-downgrade',
    requirement: 'DERIVED-FB-02',
    breaks: 'With two attached flows data without mapping does not reset its flow.',
    defect: {
      wire: [
        misread(
          (tcp, { flow, flows }) =>
            isData(tcp) && !mptcp(tcp) && flows.filter((each) => each.confirmed).length > 1 && flow.confirmed,
          () => ({ payload: new Uint8Array(0), flags: TcpFlag.ACK }),
        ),
      ],
    },
  },
  {
    id: 'infinite-mapping-from-the-first-octet',
    role: 'both',
    requirement: 'RFC6824-3.6-03',
    breaks: 'The infinite mapping always names the first octet of the data sequence.',
    defect: {
      wire: [
        spoil(isInfinite, (tcp) =>
          withEdited(tcp, 'dss', (dss) => ({ ...dss, dsn: (dss.dsn ?? 0n) - BigInt((dss.ssn ?? 1) - 1) })),
        ),
      ],
    },
  },
]);
