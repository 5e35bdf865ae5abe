/**
 * Mutants of a client of proposal 1, downgrading (paper 2.1).
 * Longer than 300 lines because it is one list of small faults of one role.
 */
import type { Tcp } from '../protocol/wire/packet.js';
import { classic } from '../reference/election/classic.js';
import { sameReceiverKey } from '../reference/election/downgrade.js';
import { answer, imagine, overlook, repeat, spoil, withhold } from './fault.js';
import { shiftMapping } from './mapping.js';
import { mutants } from './mutant.js';
import {
  carries,
  findAny,
  isData,
  isReset,
  isSyn,
  isSynAck,
  isThird,
  resetTo,
  withEdited,
  without,
} from './segment.js';

const capable = carries('mp_capable');
const keyOf = (tcp: Tcp | undefined): bigint | undefined =>
  tcp === undefined ? undefined : findAny(tcp, 'mp_capable')?.key;
const flip = (tcp: Tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags ^ 0x80 }));

export const downgradeClientMutants = mutants({ profile: 'robe-downgrade', role: 'client' }, [
  {
    id: 'one-syn-at-a-time',
    requirement: 'ROBE-P1-C-01',
    breaks: 'A SYN is sent only on the default path.',
    defect: { decides: { client: { election: () => classic } } },
  },
  {
    id: 'key-a-per-path',
    requirement: 'ROBE-P1-C-02',
    breaks: 'Each path has a Key-A of its own.',
    defect: { decides: { client: { chooseKeyA: (_stack, _attempt, fresh) => fresh() } } },
  },
  {
    id: 'second-syn-with-other-flag',
    requirement: 'ROBE-P1-C-03',
    breaks: 'The SYN of the second path has flag A inverted.',
    defect: { wire: [spoil((tcp, { path }) => isSyn(tcp) && path === 2, flip)] },
  },
  {
    id: 'second-syn-on-the-first-path',
    requirement: 'ROBE-P1-C-01',
    breaks: 'No SYN is sent on the second path.',
    defect: { wire: [withhold((tcp, { path }) => isSyn(tcp) && path === 2)] },
  },
  {
    id: 'first-syn-ack-does-not-elect',
    requirement: 'ROBE-P1-C-04',
    breaks: 'The first SYN/ACK is ignored; the connection waits for the second.',
    defect: {
      wire: [overlook((tcp, { flows }) => isSynAck(tcp) && !flows.some((flow) => flow.segments('in').some(isSynAck)))],
    },
  },
  {
    id: 'elects-when-all-have-answered',
    requirement: 'ROBE-GEN-01',
    breaks: 'No flow becomes initial before every path has answered, so that one dead path delays the others.',
    defect: {
      wire: [
        overlook((tcp, { flow, flows }) => isSynAck(tcp) && flows.some((other) => other !== flow && !other.synAcked)),
      ],
    },
  },
  {
    id: 'only-first-path-elects',
    requirement: 'ROBE-GEN-01',
    breaks: 'Only the default path may become initial; answers on other paths are ignored until it answers.',
    defect: {
      wire: [
        overlook(
          (tcp, { path, flows }) =>
            isSynAck(tcp) && path !== 1 && !flows.some((flow) => flow.path === 1 && flow.synAcked),
        ),
      ],
    },
  },
  {
    id: 'second-syn-ack-confirmed-without-keys',
    requirement: 'ROBE-P1-C-05',
    breaks: 'The second SYN/ACK is confirmed without keys.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow, flows }) =>
            isThird(tcp) && flows.some((other) => other !== flow && other.segments('out').some(isThird)),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'second-syn-ack-confirmed-by-swapped-keys',
    requirement: 'ROBE-P1-C-05',
    breaks: 'The second SYN/ACK is confirmed with Key-B before Key-A.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow, flows }) =>
            isThird(tcp) && flows.some((other) => other !== flow && other.segments('out').some(isThird)),
          (tcp) =>
            withEdited(tcp, 'mp_capable', (option) => ({
              ...option,
              key: option.peerKey ?? 0n,
              peerKey: option.key ?? 0n,
            })),
        ),
      ],
    },
  },
  {
    id: 'same-key-b-reset',
    requirement: 'ROBE-P1-C-06',
    breaks: 'A later SYN/ACK with the same Key-B is reset.',
    defect: { decides: { client: { sameReceiverKey: () => false } } },
  },
  {
    id: 'answer-after-the-elected-flow-was-reset-passed-over',
    requirement: 'ROBE-P1-C-08',
    breaks: 'After the elected flow was reset, a SYN/ACK of another path is ignored.',
    defect: {
      wire: [overlook((tcp, { flows }) => isSynAck(tcp) && flows.some((flow) => flow.confirmed && flow.reset))],
    },
  },
  {
    id: 'two-refusals-end-the-attempt',
    requirement: 'DERIVED-RST-03',
    breaks: 'After two refusals the answer of a third path is ignored.',
    defect: {
      wire: [
        overlook((tcp, { flows }) => isSynAck(tcp) && flows.filter((flow) => flow.reset && !flow.synAcked).length > 1),
      ],
    },
  },
  {
    id: 'other-key-b-attached',
    requirement: 'ROBE-P1-C-07',
    breaks: 'A later SYN/ACK with another Key-B is attached.',
    defect: { decides: { client: { sameReceiverKey: () => true } } },
  },
  {
    id: 'half-of-key-b-compared',
    requirement: 'ROBE-P1-C-07',
    breaks: 'Only the upper half of Key-B is compared.',
    defect: {
      decides: {
        client: {
          sameReceiverKey: (session, answered) =>
            sameReceiverKey(session, answered) || answered.keyB >> 32n === session.remoteKey >> 32n,
        },
      },
    },
  },
  {
    id: 'other-negotiation-attached',
    requirement: 'ROBE-P1-C-06',
    breaks: 'A later SYN/ACK that negotiated other checksums is attached.',
    declared: { mpc: { checksum: false } },
    defect: { decides: { client: { sameReceiverKey: (session, answered) => answered.keyB === session.remoteKey } } },
  },
  {
    id: 'late-syn-ack-reset',
    requirement: 'ROBE-P1-C-08',
    breaks: 'A SYN/ACK that comes after data was exchanged is reset.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows }) => isSynAck(tcp) && flows.some((other) => other !== flow && other.carriedData),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'join-beside-downgraded-flow',
    requirement: 'ROBE-P1-C-09',
    breaks: 'Paths with an attached flow are joined as well.',
    defect: { decides: { client: { joinPaths: ({ paths, joined }) => paths.filter((path) => !joined.has(path)) } } },
  },
  {
    id: 'unrelated-paths-never-joined',
    requirement: 'ROBE-INT-02',
    breaks: 'Paths that a classic server did not correlate stay unused: no join follows.',
    defect: { decides: { client: { joinPaths: () => [] } } },
  },
  {
    id: 'repeated-syn-ack-reset',
    requirement: 'ROBE-P1-C-11',
    breaks: 'A repeated SYN/ACK of an attached flow draws a reset.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isSynAck(tcp) && flow.synAcked,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'repeated-syn-ack-acknowledged-without-keys',
    requirement: 'ROBE-P1-C-11',
    breaks: 'A repeated SYN/ACK is answered by an ACK without the keys.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isThird(tcp) && flow.segments('out').some(isThird),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'unanswered-syn-not-repeated',
    requirement: 'ROBE-P1-C-12',
    breaks: 'After one path answered, the SYN of the other is not repeated.',
    defect: {
      wire: [
        withhold((tcp, { flow, flows }) => isSyn(tcp) && flow.openedHere && flows.some((other) => other.synAcked)),
      ],
    },
  },
  {
    id: 'second-flow-has-a-sequence-of-its-own',
    requirement: 'ROBE-P1-C-14',
    breaks: 'Data on the second flow has a data sequence of its own.',
    defect: {
      wire: [
        spoil(
          (tcp, { path }) => isData(tcp) && path === 2,
          (tcp) => shiftMapping(tcp, 0x10000n),
        ),
      ],
    },
  },
  {
    id: 'refusal-of-one-path-fails-all',
    requirement: 'DERIVED-RST-03',
    breaks: 'A refusal on one path ends the attempt on the others.',
    defect: {
      wire: [
        imagine(
          (tcp, { flow }) => isReset(tcp) && flow.openedHere && !flow.synAcked,
          ({ flow, flows }) =>
            flows.flatMap((other) => {
              const syn = other.first;
              return other === flow || syn === undefined ? [] : [{ path: other.path, draft: resetTo(syn) }];
            }),
        ),
      ],
    },
  },
  {
    id: 'key-b-of-the-elected-flow-echoed-everywhere',
    requirement: 'DERIVED-KEY-02',
    breaks: 'The third segment of a later flow echoes the key of the first flow instead of its own.',
    defect: {
      decides: { client: { sameReceiverKey: () => true } },
      wire: [
        spoil(isThird, (tcp, { flows }) =>
          withEdited(tcp, 'mp_capable', (option) => {
            const first = flows.flatMap((flow) => flow.segments('in').filter(isSynAck)).map(keyOf)[0];
            return first === undefined ? option : { ...option, peerKey: first };
          }),
        ),
      ],
    },
  },
  {
    id: 'abandoned-flow-reset-at-zero',
    requirement: 'DERIVED-RST-01',
    breaks: 'The reset of an abandoned flow has a sequence number that the server cannot accept.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isReset(tcp) && flow.openedHere,
          (tcp) => ({ seq: (tcp.seq ^ 0x4000_0000) as Tcp['seq'] }),
        ),
      ],
    },
  },
  {
    id: 'abandoned-flow-not-reset',
    requirement: 'ROBE-P1-C-07',
    breaks: 'A SYN/ACK with another Key-B draws no answer.',
    defect: { behaves: { robe: { superfluous: 'leave' } } },
  },
  {
    id: 'reset-travels-on-the-elected-flow',
    requirement: 'DERIVED-RST-02',
    breaks: 'The reset of a superfluous flow is sent on the elected one as well.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows }) =>
            isSynAck(tcp) &&
            flows.some(
              (other) => other !== flow && other.synAcked && keyOf(other.segments('in').find(isSynAck)) !== keyOf(tcp),
            ),
          ({ packet, flows, flow }) => [
            resetTo(packet),
            ...flows.flatMap((other) =>
              other !== flow && other.synAcked && other.latestIn !== undefined ? [resetTo(other.latestIn)] : [],
            ),
          ],
        ),
      ],
    },
  },
  {
    id: 'stripped-path-takes-the-others-down',
    requirement: 'DERIVED-FB-04',
    breaks: 'A later SYN/ACK without MP_CAPABLE resets the MPTCP flow as well.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows }) =>
            isSynAck(tcp) && !capable(tcp) && flows.some((other) => other !== flow && other.synAcked),
          ({ packet, flows, flow }) => [
            resetTo(packet),
            ...flows.flatMap((other) =>
              other !== flow && other.synAcked && other.latestIn !== undefined ? [resetTo(other.latestIn)] : [],
            ),
          ],
        ),
      ],
    },
  },
  {
    id: 'data-in-every-syn',
    requirement: 'DERIVED-TFO-01',
    breaks: 'Every SYN of an attempt carries data.',
    defect: { wire: [spoil(isSyn, () => ({ payload: Uint8Array.of(0x21, 0x22) }))] },
  },
  {
    id: 'single-path-client-sends-twice',
    requirement: 'ROBE-INT-07',
    breaks: 'With one interface the SYN is sent twice.',
    defect: { wire: [repeat((tcp, { flow }) => isSyn(tcp) && !flow.openedHere)] },
  },
  {
    id: 'never-plain-on-any-path',
    requirement: 'DERIVED-FB-03',
    breaks: 'When MPTCP SYNs are lost on all paths, no plain SYN is sent.',
    defect: { decides: { client: { offersCapable: () => true } } },
  },
]);
