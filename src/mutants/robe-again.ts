/** Mutants of RobE hosts whose second, third or fourth of something is treated otherwise than the first one. */
import { candidates } from '../reference/listener/join-cap.js';
import { answer, misread, overlook, type Passing } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import { carries, findAny, isReset, isSyn, isSynAck, isThird, resetTo, withEdited } from './segment.js';

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
    breaks: 'The Key-B of a group whose flows have all expired is given again.',
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
    breaks: 'After a connection with a Key-A was closed, SYNs with that key are not correlated any more.',
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
    breaks: 'A flow that was reset for a wrong MAC takes another one without a word.',
    defect: {
      wire: [
        overlook((tcp, { flow }) => carries('mp_join_cap')(tcp) && flow.segments('in').some(carries('mp_join_cap'))),
      ],
    },
  },
  {
    id: 'two-candidates-tried',
    requirement: 'DRAFT-eSIM-S-06',
    breaks: 'Of several connections with one Key-A the first two alone are tried.',
    defect: {
      decides: { joinCap: { candidates: (stack, own, option) => candidates(stack, own, option).slice(0, 2) } },
    },
  },
]);

const clients = mutants({ profile: 'robe-downgrade', role: 'client' }, [
  {
    id: 'answer-again-unanswered-after-data',
    requirement: 'ROBE-P1-C-11',
    breaks: 'Once data passed on another flow a repeated SYN/ACK draws nothing.',
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
    breaks: 'When the elected flow was reset a later SYN/ACK is reset.',
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

export const robeAgainMutants: readonly Mutant[] = [
  ...downgradeServers,
  ...breakBeforeMakeServers,
  ...esimServers,
  ...clients,
];
