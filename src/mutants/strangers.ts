/** Mutants of proposals 1 and 2 that let flows of others, damaged flows and single flows disturb a group. */

import type { Tcp } from '../protocol/wire/packet.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { endOthers } from './end-others.js';
import { acceptGhost, accompany, answer, misread, overlook, type Passing, spoil, withhold } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { type Mutant, mutants } from './mutant.js';
import {
  carries,
  findAny,
  isBareAck,
  isData,
  isReset,
  isSyn,
  isSynAck,
  redraft,
  resetTo,
  withEdited,
  without,
} from './segment.js';

const capable = carries('mp_capable');
const isThird = (tcp: Tcp): boolean => isBareAck(tcp) && capable(tcp);
const hostOf = (flow: FlowHistory): string | undefined => flow.first?.ip.source;
const isHalfOpen = (flow: FlowHistory): boolean => flow.synAcked && !flow.confirmed && !flow.reset;

/** Flows with the Key-A of this SYN, where it comes from an address that is none of theirs. */
const observed = (tcp: Tcp, { packet, flow, flows }: Passing): readonly FlowHistory[] => {
  const key = findAny(tcp, 'mp_capable')?.key;
  const group = flows.filter((other) => other !== flow && key !== undefined && other.key('in') === key);
  return isSyn(tcp) && group.every((other) => hostOf(other) !== packet.ip.source) ? group : [];
};

/** The group is complete or established: what comes now may be a stranger's. */
const fromStranger = (tcp: Tcp, passing: Passing): boolean => {
  const group = observed(tcp, passing);
  return group.length > 1 || group.some((flow) => flow.confirmed);
};

const downgrade = mutants({ profile: 'robe-downgrade', role: 'server' }, [
  {
    id: 'crypto-not-compared',
    requirement: 'ROBE-P1-S-14',
    breaks: 'A known Key-A with other crypto bits is treated as the same request.',
    defect: { behaves: { p1: { match_scope: 'key' } } },
  },
  {
    id: 'crypto-of-a-known-key-unread',
    requirement: 'ROBE-P1-S-14',
    breaks: 'A SYN with a known Key-A is answered like the first one, whatever algorithm it offers.',
    defect: {
      wire: [
        misread(
          (tcp, passing) => observed(tcp, passing).length > 0,
          (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: (option.flags & ~0x3f) | 1 })),
        ),
      ],
    },
  },
  {
    id: 'token-of-a-group-joins-nothing',
    requirement: 'ROBE-P1-S-13',
    breaks: 'The token of a Key-B that was sent twice is treated as a collision, and its joins are refused.',
    defect: {
      wire: [
        answer(
          (tcp, { flows }) =>
            isSyn(tcp) && carries('mp_join')(tcp) && flows.filter((flow) => flow.key('in') !== undefined).length > 1,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'dss-without-third-segment-ends-the-others',
    requirement: 'DERIVED-FB-02',
    breaks: 'Data on a flow that never confirmed its keys makes the connection fall back to that flow.',
    defect: { wire: [endOthers((tcp, { flow }) => isData(tcp) && !flow.segments('in').some(isThird))] },
  },
  {
    id: 'wrong-echo-ends-the-group',
    requirement: 'ROBE-P1-S-08',
    breaks: 'A third segment with a wrong Key-B ends every flow of the group.',
    defect: {
      wire: [endOthers((tcp, { flow }) => isThird(tcp) && findAny(tcp, 'mp_capable')?.peerKey !== flow.key('out'))],
    },
  },
  {
    id: 'optionless-third-segment-accepted-apart',
    requirement: 'ROBE-P1-S-20',
    breaks:
      'A further flow whose third segment lost its option is passed to the application as a connection of its own.',
    defect: { wire: [acceptGhost((tcp, { flow }) => isBareAck(tcp) && !capable(tcp) && isHalfOpen(flow))] },
  },
  {
    id: 'backup-priority-ignored',
    requirement: 'DERIVED-BK-01',
    breaks: 'MP_PRIO on an attached flow is ignored.',
    defect: { wire: [misread(carries('mp_prio'), (tcp) => without(tcp, 'mp_prio'))] },
  },
  {
    id: 'stranger-ends-the-group',
    requirement: 'ROBE-P1-S-12',
    breaks: 'A SYN with an observed Key-A from another host takes the connection away from its owner.',
    defect: { wire: [endOthers(fromStranger)] },
  },
  {
    id: 'stranger-after-a-while-ends-the-connection',
    requirement: 'DERIVED-SEC-01',
    breaks: 'Any host that sends the Key-A of a connection can end it.',
    defect: { wire: [endOthers(fromStranger)] },
  },
]);

const bbmServer = mutants({ profile: 'robe-bbm', role: 'server' }, [
  {
    id: 'losers-of-other-clients-ended',
    requirement: 'ROBE-P2-S-03',
    breaks: 'When a flow wins, the half-open flows of all clients are ended, not those of its Key-A.',
    defect: {
      wire: [endOthers(isThird, (other, { flow }) => isHalfOpen(other) && other.key('in') !== flow.key('in'))],
    },
  },
  {
    id: 'bbm-stranger-ends-the-group',
    requirement: 'DERIVED-SEC-01',
    breaks: 'A SYN with an observed Key-A from another host ends the flows of its owner.',
    defect: { wire: [endOthers((tcp, passing) => observed(tcp, passing).length > 0)] },
  },
  {
    id: 'keyless-offers-correlated',
    requirement: 'ROBE-INT-03',
    breaks: 'SYNs of version 1, which have no key, count as one request and get one Key-B.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow, flows }) => isSynAck(tcp) && findAny(tcp, 'mp_capable')?.version === 1 && flows[0] !== flow,
          (tcp, { flows }) =>
            withEdited(tcp, 'mp_capable', (option) => ({ ...option, key: flows[0]?.key('out') ?? 1n })),
        ),
      ],
    },
  },
]);

const bbmClient = mutants({ profile: 'robe-bbm', role: 'client' }, [
  {
    id: 'bbm-single-flow-unused',
    requirement: 'ROBE-INT-07',
    breaks: 'With one interface the client waits for a reset, which no one sends, before it uses its flow.',
    defect: { wire: [withhold((tcp, { flows }) => isData(tcp) && flows.length === 1)] },
  },
  {
    id: 'bbm-reset-in-syn-sent-ignored',
    requirement: 'ROBE-P2-C-08',
    breaks: 'A reset that acknowledges the SYN is ignored, and the SYN repeated.',
    defect: { wire: [overlook((tcp, { flow }) => isReset(tcp) && (tcp.flags & TcpFlag.ACK) !== 0 && !flow.synAcked)] },
  },
  {
    id: 'bbm-plain-answer-passed-over',
    requirement: 'ROBE-INT-01',
    breaks: 'A SYN/ACK without MP_CAPABLE is ignored, so that a TCP server cannot be reached.',
    defect: {
      wire: [overlook((tcp, { flow }) => isSynAck(tcp) && !capable(tcp) && flow.segments('out').some(capable))],
    },
  },
]);

const single = [
  ...mutants({ profile: 'robe-sim', role: 'client' }, [
    {
      id: 'sim-asks-twice-on-one-path',
      requirement: 'ROBE-INT-07',
      breaks: 'With one path, two handshakes begin on it.',
      defect: {
        wire: [
          accompany(
            (tcp, { flow, flows }) => isSyn(tcp) && capable(tcp) && !flow.openedHere && flows.length === 1,
            ({ packet }) => [redraft(packet, { sourcePort: packet.tcp.sourcePort ^ 1 })],
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'robe-timer', role: 'client' }, [
    {
      id: 'timer-asks-again-after-the-answer',
      requirement: 'ROBE-P3-C-05',
      breaks: 'The timer continues after a path has answered: another SYN with MP_CAPABLE is sent.',
      defect: {
        wire: [
          accompany(
            (tcp, { flow }) => isThird(tcp) && flow.openedHere && !flow.confirmed,
            ({ packet, flow }) => {
              const syn = flow.segments('out')[0];
              return syn === undefined ? [] : [redraft({ ...packet, tcp: syn }, { sourcePort: syn.sourcePort ^ 1 })];
            },
          ),
        ],
      },
    },
    {
      id: 'timer-no-connection-after-a-failure',
      requirement: 'ROBE-P3-C-09',
      breaks: 'After a dead default path no further connection to that server is tried.',
      defect: { wire: [withhold((tcp, { flows }) => isSyn(tcp) && capable(tcp) && flows.length > 2)] },
    },
  ]),
];

export const strangerMutants: readonly Mutant[] = [...downgrade, ...bbmServer, ...bbmClient, ...single];
