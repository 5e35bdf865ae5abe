/** Mutants of RobE_SIM (draft): simultaneous handshakes of which the first answered survives. */
import type { Tcp } from '../protocol/wire/packet.js';
import { classic } from '../reference/election/classic.js';
import { downgrade } from '../reference/election/downgrade.js';
import { answer, overlook, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import { carries, isBareAck, isReset, isSyn, isSynAck, resetTo, without } from './segment.js';

const capable = carries('mp_capable');
const answeredElsewhere = (tcp: Tcp, { flow, flows }: Parameters<Parameters<typeof overlook>[0]>[1]): boolean =>
  isSynAck(tcp) && flows.some((other) => other !== flow && other.synAcked);

export const simMutants = mutants({ profile: 'robe-sim', role: 'client' }, [
  {
    id: 'sim-one-path-first',
    requirement: 'DRAFT-SIM-C-01',
    breaks: 'Only one handshake is begun instead of one on every path.',
    defect: { decides: { client: { election: () => classic } } },
  },
  {
    id: 'sim-same-key-on-all-paths',
    requirement: 'DRAFT-SIM-C-01',
    breaks: 'The handshakes share one Key-A in v0.',
    defect: { decides: { client: { chooseKeyA: (_stack, attempt) => attempt.keyA } } },
  },
  {
    id: 'sim-default-path-wins',
    requirement: 'DRAFT-SIM-C-02',
    breaks: 'The first SYN/ACK is ignored if it does not come on the default path.',
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
    id: 'sim-last-answer-wins',
    requirement: 'DRAFT-GEN-03',
    breaks: 'The connection waits until every path has answered.',
    defect: {
      wire: [overlook((tcp, { flows }) => isSynAck(tcp) && !flows.some((flow) => flow.segments('in').some(isSynAck)))],
    },
  },
  {
    id: 'sim-losers-completed',
    requirement: 'DRAFT-SIM-C-03',
    breaks: 'A later SYN/ACK is confirmed with MP_CAPABLE: a second connection at the server.',
    defect: {
      decides: {
        client: { election: (stack) => ({ ...downgrade(stack), keys: 'fresh', judgeLater: () => 'attach' }) },
      },
    },
  },
  {
    id: 'sim-losers-not-reset',
    requirement: 'DRAFT-SIM-C-03',
    breaks: 'A later SYN/ACK draws no reset.',
    defect: { wire: [overlook(answeredElsewhere)] },
  },
  {
    id: 'sim-loser-reset-unacceptable',
    requirement: 'DRAFT-SIM-C-04',
    breaks: 'The reset of a loser has a number that the server cannot accept.',
    defect: {
      wire: [
        spoil(
          (tcp) => isReset(tcp),
          (tcp) => ({ seq: (tcp.seq ^ 0x2000_0000) as Tcp['seq'] }),
        ),
      ],
    },
  },
  {
    id: 'sim-losers-confirmed-plainly',
    requirement: 'DRAFT-SIM-C-04',
    breaks: 'A later SYN/ACK is confirmed by a bare ACK: the server accepts an unused TCP connection.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isReset(tcp) && flow.synAcked,
          () => ({ flags: 16, window: 512 }),
        ),
      ],
    },
  },
  {
    id: 'sim-losers-never-joined',
    requirement: 'DRAFT-SIM-C-05',
    breaks: 'The losing paths stay unused.',
    defect: { decides: { client: { joinPaths: () => [] } } },
  },
  {
    id: 'sim-joins-before-dss',
    requirement: 'RFC6824-3.1-07',
    breaks: 'The losing paths are joined before any DSS came.',
    defect: { behaves: { join: { before_dss: 'allow' } } },
  },
  {
    id: 'sim-late-syn-ack-passed-over',
    requirement: 'DRAFT-SIM-C-09',
    breaks: 'A SYN/ACK that comes after data was exchanged draws no reset.',
    defect: {
      wire: [
        overlook((tcp, { flow, flows }) => isSynAck(tcp) && flows.some((other) => other !== flow && other.carriedData)),
      ],
    },
  },
  {
    id: 'sim-reset-once-only',
    requirement: 'DRAFT-SIM-C-10',
    breaks: 'When the SYN/ACK of a loser is repeated, the reset is not.',
    defect: { wire: [withhold((tcp, { flow }) => isReset(tcp) && flow.segments('out').some(isReset))] },
  },
  {
    id: 'sim-plain-answer-passed-over',
    requirement: 'DRAFT-SIM-C-12',
    breaks: 'A first SYN/ACK without MP_CAPABLE is ignored.',
    defect: { wire: [overlook((tcp) => isSynAck(tcp) && !capable(tcp) && !carries('mp_join')(tcp))] },
  },
  {
    id: 'sim-repeated-winner-reset',
    requirement: 'DRAFT-SIM-C-13',
    breaks: 'A duplicate of the winning SYN/ACK draws a reset.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isSynAck(tcp) && flow.synAcked && flow.confirmed && !flow.reset,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'sim-repeated-winner-unanswered',
    requirement: 'DRAFT-SIM-C-14',
    breaks: 'When the winning SYN/ACK is repeated because its ACK was lost, no ACK is sent.',
    defect: { wire: [overlook((tcp, { flow }) => isSynAck(tcp) && flow.confirmed && !flow.reset)] },
  },
  {
    id: 'sim-repeated-winner-without-keys',
    requirement: 'DRAFT-SIM-C-14',
    breaks: 'When the winning SYN/ACK is repeated, the ACK is repeated without the keys.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isBareAck(tcp) && capable(tcp) && flow.segments('out').some(isBareAck),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'sim-winner-reset',
    requirement: 'DERIVED-RST-02',
    breaks: 'The winner is reset with the losers.',
    defect: {
      wire: [
        answer(answeredElsewhere, ({ packet, flow, flows }) => [
          resetTo(packet),
          ...flows.flatMap((other) =>
            other !== flow && other.synAcked && other.latestIn !== undefined ? [resetTo(other.latestIn)] : [],
          ),
        ]),
      ],
    },
  },
  {
    id: 'sim-new-option',
    requirement: 'DRAFT-SIM-C-07',
    breaks: 'The SYNs carry an option of the draft, which RobE_SIM does without.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSyn(tcp) && capable(tcp),
          (tcp) => ({ options: [...tcp.options, { option: 'robe_esim_en', reserved: 0 }] }),
        ),
      ],
    },
  },
  {
    id: 'sim-refusal-fails-the-attempt',
    requirement: 'DERIVED-RST-03',
    breaks: 'A refusal on one path makes the client answer the others with resets.',
    defect: {
      wire: [
        answer(
          (tcp, { flows }) =>
            isSynAck(tcp) && flows.some(({ reset }) => reset) && !flows.some(({ confirmed }) => confirmed),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'sim-asymmetric',
    requirement: 'DRAFT-SIM-C-06',
    breaks: 'When the second path wins, the first one is not joined.',
    defect: { wire: [withhold((tcp, { path }) => isSyn(tcp) && carries('mp_join')(tcp) && path === 1)] },
  },
]);
