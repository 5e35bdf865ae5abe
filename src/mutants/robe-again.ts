/** Mutants of RobE hosts whose second, third or fourth of something is treated otherwise than the first one. */
import { joinPaths } from '../reference/client/joins.js';
import { timerWait } from '../reference/election/timer.js';
import { candidates } from '../reference/listener/join-cap.js';
import { answer, misread, overlook, type Passing, spoil } from './fault.js';
import { editMapping } from './mapping.js';
import { type Mutant, mutants } from './mutant.js';
import { carries, findAny, isData, isReset, isSyn, isSynAck, isThird, resetTo, withEdited } from './segment.js';

const capable = carries('mp_capable');

/** Flows before this one whose SYN had its Key-A. */
const withSameKey = ({ tcp, flow, flows }: Passing): Passing['flows'] => {
  const key = findAny(tcp, 'mp_capable')?.key ?? flow.key('in');
  return flows.filter((other) => other !== flow && key !== undefined && other.key('in') === key);
};

const downgradeServers = mutants({ profile: 'robe-downgrade', role: 'server' }, [
  {
    id: 'fourth-flow-not-attached',
    requirement: 'ROBE-P1-S-06',
    breaks: 'The fourth valid third segment of a Key-A is reset.',
    defect: {
      wire: [
        answer(
          (tcp, passing) => isThird(tcp) && withSameKey(passing).filter(({ confirmed }) => confirmed).length >= 3,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'expired-key-remembered',
    requirement: 'ROBE-P1-S-01',
    breaks: 'The Key-B of a group whose flows have all expired is sent again.',
    defect: {
      remembers: () => {
        const given = new Map<string, bigint>();
        return {
          listener: {
            chooseKeyB: (repeated, fresh) => {
              const key = repeated?.keyB ?? given.get('last') ?? fresh();
              given.set('last', key);
              return key;
            },
          },
        };
      },
    },
  },
  {
    id: 'used-key-correlates-nothing',
    requirement: 'ROBE-P1-S-02',
    breaks: 'After the end of a connection with a Key-A, SYNs with that key are no longer correlated.',
    defect: {
      wire: [
        misread(
          (tcp, passing) =>
            isSyn(tcp) &&
            capable(tcp) &&
            withSameKey(passing).some(({ reset }) => reset) &&
            withSameKey(passing).length >= 2,
          (tcp) =>
            withEdited(tcp, 'mp_capable', (option) =>
              option.key === undefined ? option : { ...option, key: option.key ^ 2n },
            ),
        ),
      ],
    },
  },
]);

const breakBeforeMakeServers = mutants({ profile: 'robe-bbm', role: 'server' }, [
  {
    id: 'second-late-syn-answered',
    requirement: 'ROBE-P2-S-06',
    breaks: 'Only the first late SYN with a known Key-A is refused.',
    defect: {
      wire: [
        misread(
          (tcp, passing) => isSyn(tcp) && capable(tcp) && withSameKey(passing).length >= 2,
          (tcp) =>
            withEdited(tcp, 'mp_capable', (option) =>
              option.key === undefined ? option : { ...option, key: option.key ^ 2n },
            ),
        ),
      ],
    },
  },
  {
    id: 'ended-key-refused-for-ever',
    requirement: 'ROBE-P2-S-01',
    breaks: 'After the connection has ended SYNs with its Key-A draw a reset.',
    defect: {
      wire: [
        answer(
          (tcp, passing) => isSyn(tcp) && withSameKey(passing).some(({ confirmed, reset }) => confirmed && reset),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
]);

const esimServers = mutants({ profile: 'robe-esim', role: 'server' }, [
  {
    id: 'second-guess-of-a-mac',
    requirement: 'DRAFT-eSIM-S-10',
    breaks: 'A flow that was reset for a wrong MAC accepts another MP_JOIN_CAP without a reset.',
    defect: {
      wire: [
        overlook((tcp, { flow }) => carries('mp_join_cap')(tcp) && flow.segments('in').some(carries('mp_join_cap'))),
      ],
    },
  },
  {
    id: 'two-candidates-tried',
    requirement: 'DRAFT-eSIM-S-06',
    breaks: 'Of several connections with one Key-A only the first two are tried.',
    defect: {
      decides: { joinCap: { candidates: (stack, own, option) => candidates(stack, own, option).slice(0, 2) } },
    },
  },
]);

const clients = mutants({ profile: 'robe-downgrade', role: 'client' }, [
  {
    id: 'answer-again-unanswered-after-data',
    requirement: 'ROBE-P1-C-11',
    breaks: 'After data was exchanged on another flow a repeated SYN/ACK draws no answer.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow, flows }) =>
            isSynAck(tcp) && flow.synAcked && flows.some((other) => other !== flow && other.carriedData),
        ),
      ],
    },
  },
  {
    id: 'attempt-ends-with-its-elected-flow',
    requirement: 'ROBE-P1-C-08',
    breaks: 'After the reset of the elected flow a later SYN/ACK is reset.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows }) =>
            isSynAck(tcp) &&
            flows.some((other) => other !== flow && other.confirmed && other.segments('in').some(isReset)),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
]);

const thirdPaths = mutants({ profile: 'robe-downgrade', role: 'client' }, [
  {
    id: 'silent-path-holds-joins-up',
    requirement: 'ROBE-INT-02',
    breaks: 'No path is joined until every other path has answered its SYN.',
    defect: {
      decides: {
        client: {
          joinPaths: (attempt) =>
            [...attempt.potentials.values()].some(({ flow }) => flow.state === 'syn-sent') ? [] : joinPaths(attempt),
        },
      },
    },
  },
  {
    id: 'third-flow-numbered-with-the-others',
    requirement: 'RFC6824-3.3-05',
    breaks: 'The subflow sequence numbers of the third flow also count octets of the other two.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow, flows }) => isData(tcp) && flows.indexOf(flow) > 1,
          (tcp) => editMapping(tcp, ({ ssn }) => ({ ssn: ssn + 5 })),
        ),
      ],
    },
  },
]);

const timers = mutants({ profile: 'robe-timer', role: 'client' }, [
  {
    id: 'timer-doubles-before-the-round-ends',
    requirement: 'ROBE-LAW-01',
    breaks: 'The timer doubles one attempt too early: on the last path of a round.',
    defect: {
      decides: {
        client: {
          timerWait: (stack, attempt) =>
            attempt.syns % attempt.paths.length === 0 ? 2n * timerWait(stack, attempt) : timerWait(stack, attempt),
        },
      },
    },
  },
  {
    id: 'repeated-syn-has-another-key',
    requirement: 'RFC9293-3.8.3-01',
    breaks: 'A SYN that is repeated on one path has a new Key-A.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSyn(tcp) && flow.openedHere,
          (tcp) =>
            withEdited(tcp, 'mp_capable', (option) =>
              option.key === undefined ? option : { ...option, key: option.key ^ 1n },
            ),
        ),
      ],
    },
  },
]);

const esimClients = mutants({ profile: 'robe-esim', role: 'client' }, [
  {
    id: 'third-join-cap-not-repeated',
    requirement: 'DRAFT-eSIM-C-09',
    breaks: 'MP_JOIN_CAP is not repeated when the SYN/ACK of a third flow is repeated.',
    defect: {
      wire: [overlook((tcp, { flow, flows }) => isSynAck(tcp) && flow.synAcked && flows.indexOf(flow) > 1)],
    },
  },
]);

export const robeAgainMutants: readonly Mutant[] = [
  ...thirdPaths,
  ...timers,
  ...esimClients,
  ...downgradeServers,
  ...breakBeforeMakeServers,
  ...esimServers,
  ...clients,
];
