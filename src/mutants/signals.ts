/** Mutants of MP_FASTCLOSE, ADD_ADDR and resets of single subflows (RFC 8684 sections 3.4 and 3.5). */
import { TcpFlag } from '../protocol/wire/packet.js';
import { isFastclose } from '../reference/mptcp/signals.js';
import { answer, imagine, misread, spoil } from './fault.js';
import { mutants } from './mutant.js';
import { backTo, carries, findAny, isData, isReset, redraft, resetTo, without } from './segment.js';

export const signalMutants = mutants({ profile: 'mptcp', role: 'server' }, [
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
    breaks: 'MP_FASTCLOSE on a reset ends only its subflow.',
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
    id: 'fastclose-ends-one-subflow',
    role: 'both',
    requirement: 'RFC6824-3.5-01',
    breaks: 'MP_FASTCLOSE on an ACK resets its subflow, and the others go on.',
    defect: {
      wire: [
        answer(
          (tcp) => !isReset(tcp) && carries('mp_fastclose')(tcp),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'fastclose-compares-half-the-key',
    requirement: 'RFC6824-3.5-02',
    breaks: 'Only the upper half of the key in MP_FASTCLOSE is compared.',
    defect: {
      decides: {
        data: {
          isFastclose: (session, options) =>
            isFastclose(session, options) ||
            options.some(
              (option) => option.option === 'mp_fastclose' && option.peerKey >> 32n === session.localKey >> 32n,
            ),
        },
      },
    },
  },
  {
    id: 'reset-of-one-subflow-resets-all',
    requirement: 'RFC6824-3.5-04',
    breaks: 'A reset of one subflow also ends the others.',
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
    breaks: 'An ADD_ADDR is echoed although its HMAC is wrong.',
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
    id: 'options-read-before-tcp-checks',
    requirement: 'RFC6824-3-03',
    breaks: 'MP_FASTCLOSE is accepted on a segment that TCP does not accept.',
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
    id: 'mp-fail-read-before-tcp-checks',
    requirement: 'RFC6824-3-03',
    breaks: 'MP_FAIL is accepted on a segment that TCP does not accept.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => carries('mp_fail')(tcp) && flow.confirmed,
          (tcp, { flow }) => ({ seq: flow.next('in') ?? tcp.seq }),
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
    requirement: 'RFC6824-3.6-11',
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
