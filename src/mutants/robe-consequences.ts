/** Mutants of RobE hosts that go wrong in what follows from an answer, or from another connection or flow that is there. */
import { TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd } from '../protocol/wire/seq.js';
import { openPotential } from '../reference/client/attempt.js';
import { electionFor } from '../reference/election/elections.js';
import { judgeEnhanced } from '../reference/election/enhanced.js';
import { candidates } from '../reference/listener/join-cap.js';
import { seconds } from '../reference/seconds.js';
import { answer, withhold } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { type Mutant, mutants } from './mutant.js';
import { backTo, isData, isInfinite, isReset, isThird } from './segment.js';

/** Data came on the flow, and no third segment. */
const electedByData = (flow: FlowHistory): boolean =>
  flow.segments('in').some(isData) && !flow.segments('in').some(isThird);

const clients: readonly Mutant[] = [
  ...mutants({ profile: 'robe-timer', role: 'client' }, [
    {
      id: 'timer-goes-on-after-a-plain-answer',
      requirement: 'ROBE-P3-C-04',
      breaks: 'A second after the answer that has no MPTCP the next path is tried.',
      defect: {
        decides: {
          client: {
            election: (stack, _choice, timer) => ({
              ...timer,
              elected: (attempt) => {
                timer.elected?.(attempt);
                const { elected } = attempt;
                if (elected === undefined || elected.answer !== undefined) return;
                const other = attempt.paths.find((path) => path !== elected.potential.path);
                if (other === undefined) return;
                stack.alarms.at(stack.now + seconds(1), ['next path', attempt], () =>
                  openPotential(stack, attempt, other),
                );
              },
            }),
          },
        },
      },
    },
  ]),
  ...mutants({ profile: 'robe-bbm', role: 'client' }, [
    {
      id: 'bbm-first-octets-alone-on-a-later-flow',
      requirement: 'ROBE-P2-C-05',
      breaks: 'Of what is under way when a further SYN/ACK comes the first segment alone goes on its flow as well.',
      defect: {
        decides: {
          client: {
            election: (stack, choice, timer) => {
              const right = electionFor(stack, choice, timer);
              return {
                ...right,
                memberAdded: (attempt, member) => {
                  right.memberAdded?.(attempt, member);
                  attempt.connection.session?.reinjections.splice(1);
                },
              };
            },
          },
        },
      },
    },
  ]),
  ...mutants({ profile: 'robe-esim', role: 'client' }, [
    {
      id: 'esim-no-join-after-the-initial-flow',
      requirement: 'DRAFT-eSIM-C-03',
      breaks: 'When the initial flow has ended, a SYN/ACK on another path is reset, although the connection lives.',
      defect: {
        decides: {
          client: {
            judgeEnhanced: (stack, attempt, potential, answer) =>
              attempt.connection.session?.members.some(({ by }) => by === 'capable') === false
                ? 'reset'
                : judgeEnhanced(stack, attempt, potential, answer),
          },
        },
      },
    },
    {
      id: 'esim-confirmed-path-never-joined',
      requirement: 'DRAFT-eSIM-C-14',
      breaks: 'A path that confirmed RobE_eSIM where the initial one did not counts as joined when it has been reset.',
      defect: {
        decides: {
          client: {
            judgeEnhanced: (stack, attempt, potential, answer) => {
              const verdict = judgeEnhanced(stack, attempt, potential, answer);
              if (verdict === 'reset' && answer?.esim) attempt.covered.add(potential.path);
              return verdict;
            },
          },
        },
      },
    },
  ]),
];

const servers = mutants({ profile: 'robe-esim', role: 'server' }, [
  {
    id: 'esim-half-open-flows-passed-over',
    requirement: 'DRAFT-eSIM-S-06',
    breaks:
      'When some connection has the Key-A of a join, the half-open flows that its fast hash names are not looked at.',
    defect: {
      decides: {
        joinCap: {
          candidates: (stack, own, option) => {
            const all = candidates(stack, own, option);
            const named = all.filter(({ keyA }) => keyA === option.key);
            return named.length > 0 ? named : all;
          },
        },
      },
    },
  },
]);

const awaitedPaths = (
  [
    ['robe-downgrade', 'ROBE-P1-C-09'],
    ['robe-esim', 'DRAFT-eSIM-C-10'],
  ] as const
).flatMap(([profile, requirement]) =>
  mutants({ profile, role: 'client' }, [
    {
      id: `awaited-path-joined.${profile}`,
      requirement,
      breaks: 'A path whose SYN/ACK has not come is joined by MP_JOIN as soon as joins are allowed.',
      defect: {
        decides: {
          client: { joinPaths: ({ paths, covered }) => paths.filter((path) => !covered.has(path)) },
        },
      },
    },
  ]),
);

const downgradeServers = mutants({ profile: 'robe-downgrade', role: 'server' }, [
  {
    id: 'infinite-mapping-answered-as-tcp-beside-another-flow',
    requirement: 'DERIVED-FB-02',
    breaks: 'An infinite mapping on one of two flows is answered as TCP, and neither flow ends.',
    defect: {
      wire: [
        answer(
          (tcp, { flows }) => isInfinite(tcp) && flows.filter(({ confirmed }) => confirmed).length > 1,
          ({ packet, flow }) => [
            backTo(packet, {
              seq: flow.next('out') ?? packet.tcp.ack,
              ack: seqAdd(packet.tcp.seq, packet.tcp.payload.length),
              flags: TcpFlag.ACK | TcpFlag.PSH,
              options: [],
              payload: packet.tcp.payload,
            }),
          ],
        ),
      ],
    },
  },
]);

const breakBeforeMakeServers = mutants({ profile: 'robe-bbm', role: 'server' }, [
  {
    id: 'losers-kept-where-data-elects',
    requirement: 'ROBE-P2-S-03',
    breaks: 'When data stands in for the third segment, the other half-open flows are not reset.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow, flows }) =>
            isReset(tcp) && flow.synAcked && flows.some((other) => other !== flow && electedByData(other)),
        ),
      ],
    },
  },
]);

export const robeConsequenceMutants: readonly Mutant[] = [
  ...clients,
  ...servers,
  ...awaitedPaths,
  ...downgradeServers,
  ...breakBeforeMakeServers,
];
