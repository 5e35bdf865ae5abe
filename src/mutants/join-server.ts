/** Mutants of MP_JOIN at the responder (RFC 6824 and RFC 8684 section 3.2). */
import { joinHmac } from '../protocol/keys/join-hmac.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { seq } from '../protocol/wire/seq.js';
import { hmacB } from '../reference/mptcp/join-proof.js';
import { answer, misread, overlook, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import {
  backTo,
  carries,
  findAny,
  isBareAck,
  isReset,
  isSyn,
  isSynAck,
  resetTo,
  withEdited,
  without,
} from './segment.js';

const joins = carries('mp_join');
const { ACK, SYN } = TcpFlag;

export const joinServerMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'join-answered-without-mp-join',
    requirement: 'RFC6824-3.2-02',
    breaks: 'A join with a valid token is answered without MP_JOIN.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSynAck(tcp) && joins(tcp),
          (tcp) => without(tcp, 'mp_join'),
        ),
      ],
    },
  },
  {
    id: 'hmac-b-from-its-right-end',
    requirement: 'RFC6824-3.2-02',
    breaks: 'The SYN/ACK carries the rightmost 64 bits of HMAC-B instead of the leftmost.',
    defect: {
      decides: {
        join: {
          hmacB: (session, localNonce, remoteNonce) =>
            joinHmac(session.version, {
              localKey: session.localKey,
              remoteKey: session.remoteKey,
              localNonce,
              remoteNonce,
            }).slice(-8),
        },
      },
    },
  },
  {
    id: 'hmac-b-keys-swapped',
    requirement: 'RFC6824-3.2-04',
    breaks: "HMAC-B is computed with the peer's key first.",
    defect: {
      decides: {
        join: {
          hmacB: (session, localNonce, remoteNonce) =>
            hmacB({ ...session, localKey: session.remoteKey, remoteKey: session.localKey }, localNonce, remoteNonce),
        },
      },
    },
  },
  {
    id: 'hmac-b-nonces-swapped',
    requirement: 'RFC6824-3.2-04',
    breaks: "HMAC-B is computed with the peer's nonce first.",
    defect: {
      decides: { join: { hmacB: (session, localNonce, remoteNonce) => hmacB(session, remoteNonce, localNonce) } },
    },
  },
  {
    id: 'v1-hmac-by-sha1',
    requirement: 'RFC8684-3.2-05',
    breaks: 'In v1 HMAC-B is computed with SHA-1.',
    defect: {
      decides: {
        join: { hmacB: (session, local, remote) => hmacB({ ...session, version: 0 }, local, remote) },
      },
    },
  },
  {
    id: 'unknown-token-ignored',
    requirement: 'RFC6824-3.2-05',
    breaks: 'A join with an unknown token draws no reset.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow }) =>
            isReset(tcp) && !flow.synAcked && flow.segments('in').some((syn) => isSyn(syn) && joins(syn)),
        ),
      ],
    },
  },
  {
    id: 'unknown-token-becomes-tcp',
    requirement: 'RFC6824-3.2-05',
    breaks: 'A join with an unknown token is answered as a plain SYN.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isReset(tcp) && !flow.synAcked && flow.segments('in').some((syn) => isSyn(syn) && joins(syn)),
          (tcp) => ({ flags: SYN | ACK, seq: seq(0x3333), window: 65535, options: [], ack: tcp.ack }),
        ),
      ],
    },
  },
  {
    id: 'any-token-joins-the-latest-connection',
    requirement: 'RFC6824-3.2-13',
    breaks: 'A join is assigned to the latest connection, not by its token.',
    defect: {
      decides: { join: { findSession: (stack) => [...stack.tokens.values()].at(-1) } },
    },
  },
  {
    id: 'wrong-hmac-a-accepted',
    requirement: 'RFC6824-3.2-07',
    breaks: 'A third segment with a wrong HMAC-A joins.',
    defect: { decides: { join: { verifiesHmacA: () => true } } },
  },
  {
    id: 'hmac-a-compared-in-its-first-octets',
    requirement: 'RFC6824-3.2-07',
    breaks: 'Only the first 64 of the 160 bits of HMAC-A are compared.',
    defect: {
      decides: {
        join: {
          verifiesHmacA: (session, localNonce, remoteNonce, third) =>
            Buffer.compare(
              joinHmac(session.version, {
                localKey: session.remoteKey,
                remoteKey: session.localKey,
                localNonce: remoteNonce,
                remoteNonce: localNonce,
              }).subarray(0, 8),
              third.hmac.subarray(0, 8),
            ) === 0,
        },
      },
    },
  },
  {
    id: 'right-hmac-a-refused',
    requirement: 'RFC6824-5-01',
    breaks: 'A join with the right HMAC is refused.',
    defect: { decides: { join: { verifiesHmacA: () => false } } },
  },
  {
    id: 'failed-join-not-reset',
    requirement: 'RFC6824-3.2-07',
    breaks: 'A third segment with a wrong HMAC-A, or without MP_JOIN, draws no reset.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow }) => isReset(tcp) && flow.synAcked && flow.segments('out').some((s) => isSynAck(s) && joins(s)),
        ),
      ],
    },
  },
  {
    id: 'joining-ack-unanswered',
    requirement: 'RFC6824-3.2-09',
    breaks: 'The third segment with a valid HMAC draws no ACK.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow }) =>
            isBareAck(tcp) && !flow.carriedData && flow.segments('out').some((s) => isSynAck(s) && joins(s)),
        ),
      ],
    },
  },
  {
    id: 'repeated-joining-ack-unanswered',
    requirement: 'RFC6824-3.2-11',
    breaks: 'A repeated third segment of a join draws no further ACK.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow }) => isBareAck(tcp) && joins(tcp) && flow.segments('in').some((s) => isBareAck(s) && joins(s)),
        ),
      ],
    },
  },
  {
    id: 'repeated-joining-ack-resets',
    requirement: 'RFC6824-3.2-11',
    breaks: 'A repeated third segment of a join ends the subflow.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isBareAck(tcp) && joins(tcp) && flow.segments('in').some((s) => isBareAck(s) && joins(s)),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'join-reserved-bits-sent',
    requirement: 'RFC6824-3.2-12',
    breaks: 'A reserved bit is set in the MP_JOIN of the SYN/ACK.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSynAck(tcp) && joins(tcp),
          (tcp) => withEdited(tcp, 'mp_join', (option) => ({ ...option, reserved: 1 })),
        ),
      ],
    },
  },
  {
    id: 'join-reserved-bits-refused',
    requirement: 'RFC6824-3.2-12',
    breaks: 'A join with reserved bits set is refused although they must be ignored.',
    defect: {
      wire: [
        answer(
          (tcp) => isSyn(tcp) && (findAny(tcp, 'mp_join')?.reserved ?? 0) !== 0,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'backup-flag-ignored',
    origin: 'multipath-tcp/mptcp_net-next#315',
    requirement: 'RFC6824-3.2-15',
    breaks: 'B=1 in a join is ignored: data is sent on the backup subflow although there is a regular one.',
    defect: {
      wire: [
        misread(
          (tcp) => isSyn(tcp) && joins(tcp),
          (tcp) =>
            withEdited(tcp, 'mp_join', (option) => (option.form === 'syn' ? { ...option, backup: false } : option)),
        ),
      ],
    },
  },
  {
    id: 'second-guess-at-the-hmac',
    requirement: 'RFC6824-3.2-16',
    breaks: 'After a wrong HMAC the flow stays half-open for another guess on the same nonces.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isBareAck(tcp) && joins(tcp) && flow.confirmed,
          ({ packet, tcp }) => [backTo(packet, { seq: tcp.ack, ack: tcp.seq, flags: ACK })],
        ),
      ],
    },
  },
  {
    id: 'reset-reason-with-flags',
    requirement: 'RFC8684-3.6-02',
    breaks: 'MP_TCPRST has the reserved flags U, V and W set.',
    defect: {
      wire: [
        spoil(carries('mp_tcprst'), (tcp) => withEdited(tcp, 'mp_tcprst', (option) => ({ ...option, flags: 0xe }))),
      ],
    },
  },
  {
    id: 'unknown-reset-reason-keeps-the-flow',
    requirement: 'RFC8684-3.6-05',
    breaks: 'A reset with a reason code that is not defined is dropped.',
    defect: {
      wire: [overlook((tcp) => isReset(tcp) && (findAny(tcp, 'mp_tcprst')?.reason ?? 0) > 6)],
    },
  },
  {
    id: 'failed-join-takes-the-connection-down',
    requirement: 'RFC6824-3.2-05',
    breaks: 'The refusal of one join resets the other flows of the host as well.',
    defect: {
      wire: [
        answer(
          (tcp, { flows }) => isSyn(tcp) && joins(tcp) && flows.some((flow) => flow.confirmed),
          ({ packet, flows }) => [
            resetTo(packet),
            ...flows.flatMap((flow) => (flow.confirmed && flow.latestIn !== undefined ? [resetTo(flow.latestIn)] : [])),
          ],
        ),
      ],
    },
  },
]);
