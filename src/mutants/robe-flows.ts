/** Mutants of RobE hosts that keep for all flows what belongs to one, remember flows that are over, or miss what stands beside a join. */
import { failAttempt } from '../reference/client/synack.js';
import { seconds } from '../reference/seconds.js';
import { answer, misread, overlook, type Passing, spoil, withhold } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import {
  carries,
  findAny,
  isDataFin,
  isFin,
  isSyn,
  isSynAck,
  resetTo,
  withEdited,
  withOption,
  without,
} from './segment.js';

/** Servers whose flows may come again from the port of one that was reset, and what a SYN that is dropped breaks. */
const comingBack = [
  ['robe-downgrade', 'ROBE-P1-S-10'],
  ['robe-bbm', 'ROBE-P2-S-08'],
  ['robe-esim', 'DRAFT-eSIM-S-02'],
] as const;

const remembered: readonly Mutant[] = comingBack.flatMap(([profile, requirement]) =>
  mutants({ profile, role: 'server' }, [
    {
      id: `reset-flow-remembered.${profile}`,
      requirement,
      breaks: 'A SYN from the port of a flow that was reset is dropped.',
      defect: { wire: [overlook((tcp, { flow }) => isSyn(tcp) && flow.reset)] },
    },
  ]),
);

const isFurther = ({ flow, flows }: Passing): boolean => flows.indexOf(flow) > 0;

const severalFlows: readonly Mutant[] = (['robe-downgrade', 'robe-esim'] as const).flatMap((profile) =>
  mutants({ profile, role: 'server' }, [
    {
      id: `segment-size-of-the-first-flow.${profile}`,
      requirement: 'RFC9293-3.7.1-01',
      breaks: 'The MSS of the first flow is used on all flows.',
      defect: {
        wire: [
          misread(
            (tcp, passing) => isSyn(tcp) && isFurther(passing),
            (tcp, { flows }) => {
              const first = flows[0]?.segments('in').find(isSyn);
              const known = first === undefined ? undefined : findAny(first, 'mss');
              return known === undefined ? {} : withEdited(tcp, 'mss', () => known);
            },
          ),
        ],
      },
    },
    {
      id: `further-flow-left-open.${profile}`,
      requirement: 'RFC6824-3.3-28',
      breaks: 'At the end of a connection FIN is sent only on the first flow.',
      defect: { wire: [withhold((tcp, passing) => isFin(tcp) && isFurther(passing))] },
    },
  ]),
);

const downgradeServers = mutants({ profile: 'robe-downgrade', role: 'server' }, [
  {
    id: 'options-of-the-first-syn-answered',
    requirement: 'RFC7323-3.2-01',
    breaks: 'A SYN/ACK has the window scale of the answer to the first SYN with its Key-A.',
    defect: {
      wire: [
        spoil(
          (tcp, passing) => isSynAck(tcp) && isFurther(passing) && !carries('window_scale')(tcp),
          (tcp, { flows }) => {
            const first = flows[0]?.segments('out').find(isSynAck);
            const known = first === undefined ? undefined : findAny(first, 'window_scale');
            return known === undefined ? {} : withOption(tcp, known);
          },
        ),
      ],
    },
  },
]);

const joinCap = carries('mp_join_cap');

const esimServers = mutants({ profile: 'robe-esim', role: 'server' }, [
  {
    id: 'esim-first-option-alone-read',
    requirement: 'DRAFT-eSIM-S-02',
    breaks: 'MP_JOIN_CAP after another MPTCP option is not read.',
    defect: {
      wire: [
        misread(
          (tcp) =>
            joinCap(tcp) && tcp.options.find(({ option }) => !plainOptions.has(option)) !== findAny(tcp, 'mp_join_cap'),
          (tcp) => without(tcp, 'mp_join_cap'),
        ),
      ],
    },
  },
  {
    id: 'esim-spare-bits-refused',
    requirement: 'DRAFT-eSIM-S-02',
    breaks: 'MP_JOIN_CAP with a spare bit set is refused.',
    defect: {
      wire: [
        answer(
          (tcp) => (findAny(tcp, 'mp_join_cap')?.reserved ?? 0) !== 0,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
]);

/** What may stand before an MPTCP option and is none. */
const plainOptions: ReadonlySet<string> = new Set(['nop', 'timestamps']);

const clients: readonly Mutant[] = [
  ...mutants({ profile: 'robe-timer', role: 'client' }, [
    {
      id: 'timer-gives-up-early',
      requirement: 'RFC9293-3.8.3-02',
      breaks: 'The attempt ends after twenty seconds without an answer.',
      defect: {
        decides: {
          client: {
            election: (stack, _choice, timer) => ({
              ...timer,
              begun: (attempt) => {
                timer.begun?.(attempt);
                stack.alarms.at(stack.now + seconds(20), ['patience', attempt], () => {
                  if (attempt.elected === undefined) failAttempt(stack, attempt);
                });
              },
            }),
          },
        },
      },
    },
  ]),
  ...mutants({ profile: 'robe-bbm', role: 'client' }, [
    {
      id: 'bbm-data-fin-on-one-flow-alone',
      requirement: 'ROBE-P2-C-05',
      breaks: 'DATA_FIN is repeated only on the flow on which it was sent first, while that flow lives.',
      defect: {
        wire: [
          withhold(
            (tcp, { flow, flows }) =>
              isDataFin(tcp) &&
              flows.some((other) => other !== flow && !other.reset && other.segments('out').some(isDataFin)),
          ),
        ],
      },
    },
  ]),
];

export const robeFlowMutants: readonly Mutant[] = [
  ...remembered,
  ...severalFlows,
  ...downgradeServers,
  ...esimServers,
  ...clients,
];
