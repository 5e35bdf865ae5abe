/** Mutants of MP_JOIN at the initiator (RFC 6824 and RFC 8684 section 3.2). */
import { mpJoin } from '../protocol/mptcp/mp-join.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd } from '../protocol/wire/seq.js';
import { malformedSubtype } from '../protocol/wire/tcp-option.js';
import { hmacA } from '../reference/mptcp/join-proof.js';
import { answer, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import { backTo, carries, isBareAck, isReset, isSyn, isSynAck, resetTo, withEdited, without } from './segment.js';

const joins = carries('mp_join');
/** A SYN/ACK with an MP_JOIN of the length of another segment, or of none. */
const isMisfit = (tcp: Tcp): boolean =>
  isSynAck(tcp) &&
  tcp.options.some((option) =>
    option.option === 'mp_join' ? option.form !== 'syn/ack' : malformedSubtype(option) === mpJoin.subtype,
  );
const { ACK, SYN } = TcpFlag;

export const joinClientMutants = mutants({ profile: 'mptcp', role: 'client' }, [
  {
    id: 'join-before-dss',
    requirement: 'RFC6824-3.1-07',
    breaks: 'A join is sent right after the handshake, before any DSS came.',
    defect: { behaves: { join: { before_dss: 'allow' } } },
  },
  {
    id: 'never-joins',
    requirement: 'RFC6824-3.2-18',
    breaks: 'The client opens no further subflow although it has paths for them.',
    defect: { decides: { client: { joinPaths: () => [] } } },
  },
  {
    id: 'join-without-token',
    requirement: 'RFC6824-3.2-01',
    breaks: 'The token of the join is off by one bit.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSyn(tcp) && joins(tcp),
          (tcp) =>
            withEdited(tcp, 'mp_join', (option) =>
              option.form === 'syn' ? { ...option, token: (option.token ^ 1) >>> 0 } : option,
            ),
        ),
      ],
    },
  },
  {
    id: 'hmac-a-keys-swapped',
    requirement: 'RFC6824-3.2-04',
    breaks: "HMAC-A is computed with the peer's key first.",
    defect: {
      decides: {
        join: {
          hmacA: (session, localNonce, remoteNonce) =>
            hmacA({ ...session, localKey: session.remoteKey, remoteKey: session.localKey }, localNonce, remoteNonce),
        },
      },
    },
  },
  {
    id: 'hmac-a-of-64-bits',
    requirement: 'RFC6824-3.2-03',
    breaks: 'The third segment of a join repeats the first 64 bits of HMAC-A and fills up with zeros.',
    defect: {
      decides: {
        join: {
          hmacA: (session, localNonce, remoteNonce) => {
            const short = new Uint8Array(20);
            short.set(hmacA(session, localNonce, remoteNonce).subarray(0, 8));
            return short;
          },
        },
      },
    },
  },
  {
    id: 'third-segment-of-join-without-option',
    requirement: 'RFC6824-3.2-03',
    breaks: 'The third segment of a join carries no MP_JOIN.',
    defect: {
      wire: [
        spoil(
          (tcp) => isBareAck(tcp) && joins(tcp),
          (tcp) => without(tcp, 'mp_join'),
        ),
      ],
    },
  },
  {
    id: 'wrong-hmac-b-accepted',
    requirement: 'RFC6824-3.2-06',
    breaks: 'A SYN/ACK with a wrong HMAC-B is accepted and acknowledged.',
    defect: { decides: { join: { verifiesHmacB: () => true } } },
  },
  {
    id: 'wrong-hmac-b-unanswered',
    requirement: 'RFC6824-3.2-06',
    breaks: 'A SYN/ACK with a wrong HMAC-B draws no reset.',
    defect: {
      wire: [withhold((tcp, { flow }) => isReset(tcp) && flow.segments('in').some((s) => isSynAck(s) && joins(s)))],
    },
  },
  {
    id: 'syn-ack-without-mp-join-unanswered',
    requirement: 'RFC6824-3.2-08',
    breaks: 'A SYN/ACK without MP_JOIN in reply to a join draws no reset.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow }) => isReset(tcp) && flow.segments('out').some(joins) && !flow.segments('in').some(joins),
        ),
      ],
    },
  },
  {
    id: 'join-answer-of-wrong-length-confirmed',
    requirement: 'DERIVED-MALF-02',
    breaks: 'A SYN/ACK whose MP_JOIN has a wrong length is acknowledged instead of reset.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isReset(tcp) && flow.segments('out').some(joins) && flow.segments('in').some(isMisfit),
          () => ({ flags: ACK, options: [], window: 512 }),
        ),
      ],
    },
  },
  {
    id: 'syn-ack-without-mp-join-confirmed',
    requirement: 'RFC6824-3.2-08',
    breaks: 'A SYN/ACK without MP_JOIN in reply to a join is acknowledged as a TCP connection.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isReset(tcp) && flow.segments('out').some(joins) && !flow.segments('in').some(joins) && flow.synAcked,
          () => ({ flags: ACK, options: [], window: 512 }),
        ),
      ],
    },
  },
  {
    id: 'third-segment-of-join-sent-once',
    requirement: 'RFC6824-3.2-10',
    breaks: 'The third segment of a join is not repeated although no ACK comes.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow }) => isBareAck(tcp) && joins(tcp) && flow.segments('out').some((s) => isBareAck(s) && joins(s)),
        ),
      ],
    },
  },
  {
    id: 'data-while-pre-established',
    requirement: 'RFC6824-3.2-10',
    breaks: 'A joined flow is used before its third segment was acknowledged: an octet follows it at once.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isBareAck(tcp) && joins(tcp) && flow.segments('out').some((s) => isBareAck(s) && joins(s)),
          () => ({ flags: ACK | TcpFlag.PSH, payload: Uint8Array.of(0x21), options: [] }),
        ),
      ],
    },
  },
  {
    id: 'join-claims-address-id-zero',
    requirement: 'RFC6824-3.4-02',
    breaks: 'A join from another address has Address ID 0, which belongs to the initial one.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSyn(tcp) && joins(tcp),
          (tcp) =>
            withEdited(tcp, 'mp_join', (option) => (option.form === 'syn' ? { ...option, addressId: 0 } : option)),
        ),
      ],
    },
  },
  {
    id: 'client-join-reserved-bits',
    requirement: 'RFC6824-3.2-12',
    breaks: 'Reserved bits are set in the MP_JOIN of the SYN.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSyn(tcp) && joins(tcp),
          (tcp) => withEdited(tcp, 'mp_join', (option) => ({ ...option, reserved: 2 })),
        ),
      ],
    },
  },
  {
    id: 'further-subflow-by-mp-capable',
    requirement: 'RFC6824-3.1-23',
    breaks: 'A further subflow is opened with MP_CAPABLE instead of MP_JOIN.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSyn(tcp) && joins(tcp),
          (tcp) => withEdited(tcp, 'mp_join', () => ({ option: 'mp_capable', version: 0, flags: 0x81, key: 1n })),
        ),
      ],
    },
  },
  {
    id: 'failed-join-tried-again',
    requirement: 'RFC6824-3.8-02',
    breaks: 'A refused join is tried again at once.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isReset(tcp) && flow.segments('out').some((s) => isSyn(s) && joins(s)) && !flow.reset,
          ({ packet, flow }) => {
            const [syn] = flow.segments('out');
            return syn === undefined
              ? []
              : [
                  backTo(packet, {
                    seq: seqAdd(syn.seq, 100000),
                    flags: SYN,
                    options: syn.options,
                    sourcePort: syn.sourcePort ^ 0x100,
                  }),
                ];
          },
          'besides',
        ),
      ],
    },
  },
  {
    id: 'failed-join-resets-the-first-flow',
    requirement: 'RFC6824-3.2-06',
    breaks: 'A failed join also resets the initial flow of the connection.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isSynAck(tcp) && flow.segments('out').some(joins),
          ({ packet, flows }) => [
            resetTo(packet),
            ...flows.flatMap((flow) =>
              flow.confirmed && flow.carriedData && flow.latestIn !== undefined ? [resetTo(flow.latestIn)] : [],
            ),
          ],
        ),
      ],
    },
  },
  {
    id: 'refused-join-ends-the-connection',
    requirement: 'RFC6824-3.5-04',
    breaks: 'A reset of one joining flow makes the client reset the connection.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isReset(tcp) && flow.segments('out').some(joins),
          ({ flows }) =>
            flows.flatMap((flow) =>
              flow.confirmed && flow.carriedData && flow.latestIn !== undefined ? [resetTo(flow.latestIn)] : [],
            ),
        ),
      ],
    },
  },
]);
