/** Mutants of RobE hosts whose tables end with the third path. */
import { joinPaths } from '../reference/client/joins.js';
import { joinCapOption } from '../reference/election/enhanced.js';
import { nextPath } from '../reference/election/timer.js';
import { mayJoin } from '../reference/listener/join-cap.js';
import { schedule } from '../reference/mptcp/scheduling.js';
import { answer } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import { isSynAck, resetTo } from './segment.js';

const most = 3;

/** Profiles whose clients keep every flow that is answered, and the requirement that a refused one breaks. */
const keeping = [
  ['robe-downgrade', 'ROBE-P1-C-06'],
  ['robe-bbm', 'ROBE-P2-C-02'],
  ['robe-esim', 'DRAFT-eSIM-C-03'],
] as const;

const answers: readonly Mutant[] = keeping.flatMap(([profile, requirement]) =>
  mutants({ profile, role: 'client' }, [
    {
      id: `fourth-answer-reset.${profile}`,
      requirement,
      breaks: 'The SYN/ACK of a fourth flow is reset.',
      defect: {
        wire: [
          answer(
            (tcp, { flow, flows }) =>
              isSynAck(tcp) && !flow.synAcked && flows.filter(({ synAcked }) => synAcked).length >= most,
            ({ packet }) => [resetTo(packet)],
          ),
        ],
      },
    },
  ]),
);

/** Profiles whose clients join the paths that lost, and the requirement that a path left out breaks. */
const joining = [
  ['robe-sim', 'DRAFT-SIM-C-05'],
  ['robe-timer', 'ROBE-P3-C-05'],
] as const;

const joins: readonly Mutant[] = joining.flatMap(([profile, requirement]) =>
  mutants({ profile, role: 'client' }, [
    {
      id: `two-paths-joined.${profile}`,
      requirement,
      breaks: 'Only two of the paths without a flow are joined.',
      defect: {
        decides: {
          client: {
            joinPaths: (attempt) => joinPaths(attempt).slice(0, Math.max(0, most - attempt.covered.size)),
          },
        },
      },
    },
  ]),
);

const others: readonly Mutant[] = [
  ...mutants({ profile: 'robe-timer', role: 'client' }, [
    {
      id: 'timer-stops-at-third-path',
      requirement: 'ROBE-P3-C-04',
      breaks: 'Only the first three paths are ever tried.',
      defect: {
        decides: {
          client: {
            nextPath: (attempt) =>
              attempt.paths[attempt.syns % Math.min(most, attempt.paths.length)] ?? nextPath(attempt),
          },
        },
      },
    },
  ]),
  ...mutants({ profile: 'robe-bbm', role: 'client' }, [
    {
      id: 'bbm-fourth-flow-without-copies',
      requirement: 'ROBE-P2-C-05',
      breaks: 'While the surviving flow is undecided, data is sent on at most three flows.',
      defect: {
        decides: {
          data: {
            schedule: (connection, session, usable) => schedule(connection, session, usable).slice(0, most),
          },
        },
      },
    },
  ]),
  ...mutants({ profile: 'robe-esim', role: 'server' }, [
    {
      id: 'esim-third-join-refused',
      requirement: 'DRAFT-eSIM-S-02',
      breaks: 'A valid MP_JOIN_CAP is reset if the connection has three flows.',
      defect: {
        decides: {
          joinCap: {
            mayJoin: (stack, own, target) =>
              (target.session?.members.length ?? 0) < most && mayJoin(stack, own, target),
          },
        },
      },
    },
  ]),
  ...mutants({ profile: 'robe-esim', role: 'client' }, [
    {
      id: 'esim-one-mac-for-all-joins',
      requirement: 'DRAFT-eSIM-C-06',
      breaks: "Further joins have the MAC of the first one, with the Key-B' of its flow.",
      defect: {
        remembers: () => {
          const keys = new Map<unknown, bigint>();
          return {
            joinCap: {
              option: (stack, session, addressId, given) => {
                const keyB = keys.get(session.localKey) ?? given.keyB;
                keys.set(session.localKey, keyB);
                return joinCapOption(stack, session, addressId, { ...given, keyB });
              },
            },
          };
        },
      },
    },
    {
      id: 'esim-two-joins-under-one-address-id',
      requirement: 'DRAFT-eSIM-C-08',
      breaks: 'The third flow joins with the Address ID of the second one.',
      defect: {
        decides: {
          joinCap: { option: (stack, session, id, given) => joinCapOption(stack, session, Math.min(id, 2), given) },
        },
      },
    },
  ]),
];

export const robeFourthMutants: readonly Mutant[] = [...answers, ...joins, ...others];
