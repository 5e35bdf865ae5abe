/** Mutants of data and signals on members of an MPTCP connection (RFC 8684 sections 3.3 to 3.6), both roles. */
import { DssFlag } from '../../protocol/mptcp/option.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { isFastclose } from '../mptcp/signals.js';
import { accompany, answer, imagine, misread, overlook, spoil, withhold } from './fault.js';
import { editMapping } from './mapping.js';
import { mutants } from './mutant.js';
import {
  backTo,
  carries,
  findAny,
  isBareAck,
  isData,
  isReset,
  redraft,
  resetTo,
  withEdited,
  without,
} from './segment.js';

const mapped = (tcp: Tcp): boolean => isData(tcp) && findAny(tcp, 'dss')?.dsn !== undefined;
const dss = carries('dss');
const isShort = (tcp: Tcp): boolean => {
  const found = findAny(tcp, 'dss');
  return found?.dsn !== undefined && (found.flags & DssFlag.m) === 0;
};

export const dataMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'mapping-checksum-without-pseudo-header',
    requirement: 'RFC6824-3.3-04',
    breaks: 'The DSS checksum is wrong by one bit.',
    defect: {
      wire: [
        spoil(mapped, (tcp) =>
          withEdited(tcp, 'dss', (option) =>
            option.checksum === undefined ? option : { ...option, checksum: option.checksum ^ 0x100 },
          ),
        ),
      ],
    },
  },
  {
    id: 'subflow-number-absolute',
    requirement: 'RFC6824-3.3-05',
    breaks: 'Mappings name the absolute sequence number and not the one relative to the SYN.',
    defect: { wire: [spoil(mapped, (tcp) => editMapping(tcp, () => ({ subflowSeq: tcp.seq })))] },
  },
  {
    id: 'subflow-number-from-zero',
    requirement: 'RFC6824-3.3-05',
    breaks: 'The first payload octet of a subflow is counted as 0, which is the number of the SYN.',
    defect: {
      wire: [spoil(mapped, (tcp) => editMapping(tcp, ({ subflowSeq }) => ({ subflowSeq: (subflowSeq - 1) >>> 0 })))],
    },
  },
  {
    id: 'short-data-ack-for-long-dsn',
    requirement: 'RFC6824-3.3-06',
    breaks: 'A DSN of 64 bits is acknowledged with a Data ACK of 32 bits.',
    defect: {
      wire: [
        spoil(dss, (tcp) =>
          withEdited(tcp, 'dss', (option) =>
            option.dataAck === undefined
              ? option
              : { ...option, flags: option.flags & ~DssFlag.a, dataAck: BigInt.asUintN(32, option.dataAck) },
          ),
        ),
      ],
    },
  },
  {
    id: 'dss-reserved-bits-sent',
    requirement: 'RFC6824-3.3-01',
    breaks: 'A reserved bit of the DSS flags is set.',
    defect: {
      wire: [spoil(dss, (tcp) => withEdited(tcp, 'dss', (option) => ({ ...option, flags: option.flags | 0x80 })))],
    },
  },
  {
    id: 'mapping-without-checksum-accepted',
    requirement: 'RFC6824-3.3-02',
    breaks: 'A mapping without the checksum that was negotiated is taken.',
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
    requirement: 'RFC6824-3.3-02',
    breaks: 'A mapping without the checksum that was negotiated is dropped and draws no reset.',
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
    breaks: 'In v1 a checksum that was not negotiated is passed over where the subflow has to be reset.',
    declared: { mpc: { checksum: false } },
    defect: {
      wire: [misread(mapped, (tcp) => withEdited(tcp, 'dss', ({ checksum: _, ...rest }) => rest))],
    },
  },
  {
    id: 'v0-unasked-checksum-resets',
    requirement: 'RFC6824-3.3-03',
    breaks: 'In v0 a checksum that was not negotiated draws a reset where it is to be ignored.',
    declared: { mpc: { checksum: false } },
    defect: {
      wire: [
        answer(
          (tcp) => mapped(tcp) && findAny(tcp, 'dss')?.checksum !== undefined,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'wrong-checksum-delivered',
    requirement: 'RFC6824-3.6-07',
    breaks: 'Data whose DSS checksum is wrong is delivered.',
    defect: { decides: { data: { verifiesChecksum: () => true } } },
  },
  {
    id: 'checksum-failure-without-mp-fail',
    requirement: 'RFC6824-3.6-07',
    breaks: 'A checksum failure on the only subflow is not told by MP_FAIL.',
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
    requirement: 'RFC8684-3.7-02',
    breaks: 'MP_FAIL of the peer is not answered by one in the other direction.',
    defect: {
      wire: [withhold((tcp, { flow }) => carries('mp_fail')(tcp) && flow.segments('in').some(carries('mp_fail')))],
    },
  },
  {
    id: 'data-without-mapping',
    requirement: 'RFC6824-3.6-02',
    breaks: 'Data leaves without a mapping before any Data ACK came.',
    defect: { wire: [spoil(mapped, (tcp) => without(tcp, 'dss'))] },
  },
  {
    id: 'data-not-data-acked',
    requirement: 'RFC8684-3.1-07',
    breaks: 'Data that MP_CAPABLE maps is never Data-ACKed.',
    defect: {
      wire: [
        spoil(dss, (tcp) =>
          withEdited(tcp, 'dss', ({ dataAck: _, ...option }) => ({
            ...option,
            flags: option.flags & ~(DssFlag.A | DssFlag.a),
          })),
        ),
      ],
    },
  },
  {
    id: 'mp-capable-mapping-unread',
    requirement: 'RFC8684-3.1-07',
    breaks: 'MP_CAPABLE on the first data is not taken for its mapping.',
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
    breaks: 'The same mapping a second time ends the flow.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isData(tcp) && carries('mp_capable')(tcp) && flow.segments('in').some(isData),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'data-level-copies-delivered-again',
    requirement: 'RFC6824-3.3-07',
    breaks: 'Octets that came over another subflow before are echoed once more.',
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
    id: 'short-dsn-unread',
    requirement: 'RFC8684-3.3-03',
    breaks: 'A mapping with a DSN of 32 bits is not understood and dropped.',
    defect: { wire: [overlook(isShort)] },
  },
  {
    id: 'short-data-ack-unread',
    requirement: 'RFC8684-3.3-03',
    breaks: 'A Data ACK of 32 bits is not understood: what it acknowledges goes out again.',
    defect: {
      wire: [
        misread(
          (tcp) => {
            const option = findAny(tcp, 'dss');
            return option?.dataAck !== undefined && (option.flags & DssFlag.a) === 0;
          },
          (tcp) => without(tcp, 'dss'),
        ),
      ],
    },
  },
  {
    id: 'fastclose-ignored',
    requirement: 'RFC6824-3.5-01',
    breaks: 'MP_FASTCLOSE with the right key has no effect.',
    defect: { decides: { data: { isFastclose: () => false } } },
  },
  {
    id: 'fastclose-with-any-key',
    requirement: 'RFC6824-3.5-02',
    breaks: 'MP_FASTCLOSE with a wrong key ends the connection.',
    defect: {
      decides: { data: { isFastclose: (_, options) => options.some(({ option }) => option === 'mp_fastclose') } },
    },
  },
  {
    id: 'fastclose-on-reset-ignored',
    requirement: 'RFC8684-3.5-01',
    breaks: 'MP_FASTCLOSE on a reset ends the subflow alone.',
    defect: {
      wire: [
        misread(
          (tcp) => isReset(tcp) && carries('mp_fastclose')(tcp),
          (tcp) => without(tcp, 'mp_fastclose'),
        ),
      ],
    },
  },
  {
    id: 'fastclose-on-ack-ignored',
    requirement: 'RFC6824-3.5-01',
    breaks: 'MP_FASTCLOSE on an ACK has no effect.',
    defect: {
      wire: [
        misread(
          (tcp) => !isReset(tcp) && carries('mp_fastclose')(tcp),
          (tcp) => without(tcp, 'mp_fastclose'),
        ),
      ],
    },
  },
  {
    id: 'fastclose-compares-half-the-key',
    requirement: 'RFC6824-3.5-02',
    breaks: 'Of the key in MP_FASTCLOSE the upper half alone is compared.',
    defect: {
      decides: {
        data: {
          isFastclose: (session, options) =>
            isFastclose(session, options) ||
            options.some(
              (option) => option.option === 'mp_fastclose' && option.receiverKey >> 32n === session.localKey >> 32n,
            ),
        },
      },
    },
  },
  {
    id: 'reset-of-one-subflow-resets-all',
    requirement: 'RFC6824-3.5-04',
    breaks: 'A reset of one subflow ends the others, too.',
    defect: {
      wire: [
        imagine(
          (tcp, { flow }) => isReset(tcp) && flow.confirmed,
          ({ flow, flows }) =>
            flows.flatMap((other) => {
              const latest = other.latestIn;
              return other === flow || !other.confirmed || other.reset || latest === undefined
                ? []
                : [
                    {
                      path: other.path,
                      draft: redraft(latest, {
                        flags: TcpFlag.RST,
                        seq: other.next('in') ?? latest.tcp.seq,
                        payload: new Uint8Array(0),
                        options: [],
                      }),
                    },
                  ];
            }),
        ),
      ],
    },
  },
  {
    id: 'add-addr-with-wrong-hmac-taken',
    requirement: 'RFC8684-3.4-01',
    breaks: 'An ADD_ADDR is echoed whatever its HMAC says.',
    defect: {
      wire: [
        answer(
          (tcp) => carries('add_addr')(tcp),
          ({ packet, tcp, flow }) => {
            const option = findAny(tcp, 'add_addr');
            if (option === undefined) return [];
            const { hmac: _, ...echo } = option;
            return [
              backTo(packet, {
                seq: flow.next('out') ?? tcp.ack,
                ack: flow.next('in') ?? tcp.seq,
                flags: TcpFlag.ACK,
                options: [{ ...echo, nibble: 1 }],
              }),
            ];
          },
        ),
      ],
    },
  },
  {
    id: 'duplicate-acks-to-carry-options',
    requirement: 'RFC6824-3-04',
    breaks: 'Every ACK with a Data ACK is sent four times.',
    defect: {
      wire: [
        accompany(
          (tcp) => isBareAck(tcp) && dss(tcp),
          ({ packet }) => [redraft(packet), redraft(packet), redraft(packet)],
        ),
      ],
    },
  },
  {
    id: 'options-read-before-tcp-checks',
    requirement: 'RFC6824-3-03',
    breaks: 'MP_FASTCLOSE counts on a segment that TCP does not accept.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => carries('mp_fastclose')(tcp) && flow.confirmed,
          (_, { flow }) => ({ seq: flow.next('in') ?? _.seq }),
        ),
      ],
    },
  },
  {
    id: 'client-mapping-checksum-wrong',
    role: 'client',
    requirement: 'RFC6824-3.3-04',
    breaks: 'The DSS checksum of the client is wrong by one bit.',
    defect: {
      wire: [
        spoil(isData, (tcp) => ({
          options: tcp.options.map((option) =>
            (option.option === 'dss' || option.option === 'mp_capable') && option.checksum !== undefined
              ? { ...option, checksum: option.checksum ^ 1 }
              : option,
          ),
        })),
      ],
    },
  },
  {
    id: 'client-delivers-wrong-checksum',
    role: 'client',
    requirement: 'RFC6824-3.6-07',
    breaks: 'Data of the server whose DSS checksum is wrong is delivered.',
    defect: { decides: { data: { verifiesChecksum: () => true } } },
  },
  {
    id: 'client-fastclose-with-any-key',
    role: 'client',
    requirement: 'RFC6824-3.5-02',
    breaks: 'MP_FASTCLOSE with a wrong key ends the connection of the client.',
    defect: {
      decides: { data: { isFastclose: (_, options) => options.some(({ option }) => option === 'mp_fastclose') } },
    },
  },
]);
