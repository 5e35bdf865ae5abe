/** Mutants of mappings, Data ACKs and checksums (RFC 8684 section 3.3). */
import { DssFlag } from '../protocol/mptcp/option.js';
import { addWords, complement } from '../protocol/wire/checksum.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { answer, misread, overlook, spoil, withhold } from './fault.js';
import { editMapping } from './mapping.js';
import { mutants } from './mutant.js';
import { backTo, carries, findAny, isData, isReset, resetTo, withEdited, without } from './segment.js';

const mapped = (tcp: Tcp): boolean => isData(tcp) && findAny(tcp, 'dss')?.dsn !== undefined;
const dss = carries('dss');
const refuse = (test: Parameters<typeof answer>[0]) => answer(test, ({ packet }) => [resetTo(packet)]);
const isShort = (tcp: Tcp): boolean => {
  const found = findAny(tcp, 'dss');
  return found?.dsn !== undefined && (found.flags & DssFlag.m) === 0;
};

const checksumAlone = (payload: Uint8Array): number => complement(addWords(0, payload, 0, payload.length));

export const dataMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'mapping-checksum-without-pseudo-header',
    requirement: 'RFC6824-3.3-04',
    breaks: 'The DSS checksum covers the payload alone.',
    defect: {
      wire: [
        spoil(mapped, (tcp) =>
          withEdited(tcp, 'dss', (option) =>
            option.checksum === undefined ? option : { ...option, checksum: checksumAlone(tcp.payload) },
          ),
        ),
      ],
    },
  },
  {
    id: 'subflow-number-absolute',
    requirement: 'RFC6824-3.3-05',
    breaks: 'Mappings have the absolute sequence number instead of the one relative to the SYN.',
    defect: { wire: [spoil(mapped, (tcp) => editMapping(tcp, () => ({ ssn: tcp.seq })))] },
  },
  {
    id: 'subflow-number-from-zero',
    requirement: 'RFC6824-3.3-05',
    breaks: 'The first payload octet of a subflow has number 0, which is that of the SYN.',
    defect: {
      wire: [spoil(mapped, (tcp) => editMapping(tcp, ({ ssn }) => ({ ssn: (ssn - 1) >>> 0 })))],
    },
  },
  {
    id: 'short-data-ack-for-long-dsn',
    origin: 'multipath-tcp/mptcp#7',
    requirement: 'RFC6824-3.3-06',
    breaks: 'A DSN of 64 bits is acknowledged with a Data ACK of 32 bits.',
    defect: {
      wire: [
        spoil(dss, (tcp) =>
          withEdited(tcp, 'dss', (option) =>
            option.ack === undefined
              ? option
              : { ...option, flags: option.flags & ~DssFlag.a, ack: BigInt.asUintN(32, option.ack) },
          ),
        ),
      ],
    },
  },
  {
    id: 'dss-reserved-bits-sent',
    requirement: 'RFC6824-3.3-11',
    breaks: 'A reserved bit of the DSS flags is set.',
    defect: {
      wire: [spoil(dss, (tcp) => withEdited(tcp, 'dss', (option) => ({ ...option, flags: option.flags | 0x80 })))],
    },
  },
  {
    id: 'mapping-without-checksum-accepted',
    role: 'both',
    requirement: 'RFC6824-3.3-02',
    breaks: 'A mapping without the negotiated checksum is accepted.',
    defect: {
      wire: [
        misread(
          (tcp) => mapped(tcp) && findAny(tcp, 'dss')?.checksum === undefined,
          (tcp) => {
            const option = findAny(tcp, 'dss');
            return option === undefined
              ? {}
              : editMapping(
                  { ...tcp, options: tcp.options.map((o) => (o.option === 'dss' ? { ...o, checksum: 0 } : o)) },
                  () => ({}),
                );
          },
        ),
      ],
    },
  },
  {
    id: 'mapping-without-checksum-dropped',
    role: 'both',
    requirement: 'RFC6824-3.3-02',
    breaks: 'A mapping without the negotiated checksum is dropped without a reset.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow }) =>
            isReset(tcp) && flow.segments('in').some((s) => mapped(s) && findAny(s, 'dss')?.checksum === undefined),
        ),
      ],
    },
  },
  {
    id: 'v1-unasked-checksum-ignored',
    requirement: 'RFC8684-3.3-01',
    breaks: 'In v1 a checksum that was not negotiated is ignored instead of drawing a reset.',
    declared: { mpc: { checksum: false } },
    defect: {
      wire: [misread(mapped, (tcp) => withEdited(tcp, 'dss', ({ checksum: _, ...rest }) => rest))],
    },
  },
  {
    id: 'v0-unasked-checksum-resets',
    role: 'both',
    requirement: 'RFC6824-3.3-03',
    breaks: 'In v0 a checksum that was not negotiated draws a reset instead of being ignored.',
    declared: { mpc: { checksum: false } },
    defect: {
      wire: [refuse((tcp) => mapped(tcp) && findAny(tcp, 'dss')?.checksum !== undefined)],
    },
  },
  {
    id: 'wrong-checksum-delivered',
    requirement: 'RFC6824-3.6-11',
    breaks: 'Data whose DSS checksum is wrong is delivered.',
    defect: { decides: { data: { verifiesChecksum: () => true } } },
  },
  {
    id: 'checksum-failure-without-mp-fail',
    origin: 'multipath-tcp/mptcp_net-next#52',
    requirement: 'RFC6824-3.6-07',
    breaks: 'A checksum failure on the only subflow draws no MP_FAIL.',
    defect: {
      wire: [
        spoil(
          (tcp) => carries('mp_fail')(tcp) && !isReset(tcp),
          (tcp) => without(tcp, 'mp_fail'),
        ),
      ],
    },
  },
  {
    id: 'checksum-failure-resets-without-mp-fail',
    requirement: 'RFC6824-3.6-06',
    breaks: 'The reset after a checksum failure carries no MP_FAIL.',
    defect: {
      wire: [
        spoil(
          (tcp) => carries('mp_fail')(tcp) && isReset(tcp),
          (tcp) => without(tcp, 'mp_fail'),
        ),
      ],
    },
  },
  {
    id: 'mp-fail-names-another-octet',
    requirement: 'RFC6824-3.6-06',
    breaks: 'MP_FAIL names another octet than the first damaged one.',
    defect: {
      wire: [
        spoil(carries('mp_fail'), (tcp) =>
          withEdited(tcp, 'mp_fail', (option) => ({ ...option, dsn: option.dsn + 1n })),
        ),
      ],
    },
  },
  {
    id: 'mp-fail-unanswered',
    origin: 'multipath-tcp/mptcp_net-next#261',
    requirement: 'RFC8684-3.7-02',
    breaks: 'MP_FAIL of the peer is not answered with MP_FAIL.',
    defect: {
      wire: [withhold((tcp, { flow }) => carries('mp_fail')(tcp) && flow.segments('in').some(carries('mp_fail')))],
    },
  },
  {
    id: 'data-without-mapping',
    requirement: 'RFC6824-3.6-02',
    breaks: 'Data is sent without a mapping before any Data ACK came.',
    defect: { wire: [spoil(mapped, (tcp) => without(tcp, 'dss'))] },
  },
  {
    id: 'data-not-data-acked',
    requirement: 'RFC8684-3.1-07',
    breaks: 'Data that MP_CAPABLE maps is never Data-ACKed.',
    defect: {
      wire: [
        spoil(dss, (tcp) =>
          withEdited(tcp, 'dss', ({ ack: _, ...option }) => ({
            ...option,
            flags: option.flags & ~(DssFlag.A | DssFlag.a),
          })),
        ),
      ],
    },
  },
  {
    id: 'mp-capable-mapping-unread',
    origin: 'multipath-tcp/mptcp#427',
    requirement: 'RFC8684-3.1-07',
    breaks: 'MP_CAPABLE on the first data is not used as its mapping.',
    defect: {
      wire: [
        misread(
          (tcp) => isData(tcp) && carries('mp_capable')(tcp),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'dss-for-first-data-refused',
    requirement: 'RFC8684-3.1-08',
    breaks: 'A DSS mapping on data that MP_CAPABLE could have mapped ends the flow.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) =>
            mapped(tcp) &&
            !flow.segments('in').some(isData) &&
            flow.segments('in').some((s) => findAny(s, 'mp_capable')?.version === 1),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'repeated-mapping-resets',
    requirement: 'RFC8684-3.1-08',
    breaks: 'A repeated mapping ends the flow.',
    defect: {
      wire: [refuse((tcp, { flow }) => isData(tcp) && carries('mp_capable')(tcp) && flow.segments('in').some(isData))],
    },
  },
  {
    id: 'data-level-copies-delivered-again',
    requirement: 'RFC6824-3.3-07',
    breaks: 'Octets that came over another subflow before are delivered again.',
    defect: {
      wire: [
        answer(
          (tcp, { flows, flow }) => {
            const dsn = findAny(tcp, 'dss')?.dsn;
            return (
              mapped(tcp) &&
              flows.some((other) => other !== flow && other.segments('in').some((s) => findAny(s, 'dss')?.dsn === dsn))
            );
          },
          ({ packet, tcp, flow }) => [
            backTo(packet, {
              seq: flow.next('out') ?? tcp.ack,
              ack: tcp.seq,
              flags: TcpFlag.ACK | TcpFlag.PSH,
              payload: tcp.payload,
            }),
          ],
          'besides',
        ),
      ],
    },
  },
  {
    id: 'data-level-copies-unacknowledged',
    requirement: 'RFC6824-3.3-07',
    breaks: 'Octets that came over another subflow before are not acknowledged on the second one.',
    defect: {
      wire: [
        overlook((tcp, { flows, flow }) => {
          const dsn = findAny(tcp, 'dss')?.dsn;
          return (
            mapped(tcp) &&
            flows.some((other) => other !== flow && other.segments('in').some((s) => findAny(s, 'dss')?.dsn === dsn))
          );
        }),
      ],
    },
  },
  {
    id: 'window-for-each-flow',
    requirement: 'RFC6824-3.3-08',
    breaks: 'Every flow has a window of its own: two flows carry twice what the peer allows.',
    defect: { decides: { data: { windowRoom: () => Number.POSITIVE_INFINITY } } },
  },
  {
    id: 'short-dsn-unread',
    requirement: 'RFC8684-3.3-03',
    breaks: 'Data with a DSN of 32 bits is dropped.',
    defect: { wire: [overlook(isShort)] },
  },
  {
    id: 'short-data-ack-unread',
    requirement: 'RFC8684-3.3-03',
    breaks: 'A Data ACK of 32 bits is ignored: acknowledged octets are sent again.',
    defect: {
      wire: [
        misread(
          (tcp) => {
            const option = findAny(tcp, 'dss');
            return option?.ack !== undefined && (option.flags & DssFlag.a) === 0;
          },
          (tcp) => without(tcp, 'dss'),
        ),
      ],
    },
  },
]);
