/** Mutants of RobE hosts that treat what comes seconds later, or after a flow has ended, otherwise than what comes at once. */
import { correlate } from '../reference/listener/correlation.js';
import { candidates, mayJoin, verifies } from '../reference/listener/join-cap.js';
import { answerLateSyn } from '../reference/listener/listener.js';
import { remoteRttReport } from '../reference/mptcp/scheduling.js';
import { seconds } from '../reference/seconds.js';
import { withhold } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import { isSyn } from './segment.js';

/** Profiles that correlate SYNs, and the requirement that a forgotten key breaks there. */
const correlating = [
  ['robe-downgrade', 'ROBE-P1-S-02'],
  ['robe-bbm', 'ROBE-P2-S-01'],
] as const;

const forgotten: readonly Mutant[] = correlating.flatMap(([profile, requirement]) =>
  mutants({ profile, role: 'server' }, [
    {
      id: `half-open-key-forgotten-after-seconds.${profile}`,
      requirement,
      breaks: 'A Key-A without a third segment is forgotten after two and a half seconds.',
      defect: {
        decides: {
          listener: {
            correlate: (requests, syn, parameters) =>
              correlate(
                requests.filter(({ session, firstAt }) => session !== undefined || syn.now - firstAt < seconds(2.5)),
                syn,
                parameters,
              ),
          },
        },
      },
    },
  ]),
);

const downgradeServers = mutants({ profile: 'robe-downgrade', role: 'server' }, [
  {
    id: 'further-flow-refused-after-seconds',
    requirement: 'ROBE-P1-S-06',
    breaks: 'A valid third segment is reset when it comes more than three seconds after the first SYN of its Key-A.',
    defect: {
      decides: { listener: { attachesFurther: (stack, { firstAt }) => stack.now - firstAt < seconds(3) } },
    },
  },
  {
    id: 'closing-connection-correlates',
    requirement: 'ROBE-P1-S-11',
    breaks: 'A SYN with the Key-A of a closing connection gets its Key-B.',
    defect: {
      decides: {
        listener: {
          correlate: (requests, syn, parameters) =>
            correlate(requests, syn, parameters) ?? requests.find(({ connection }) => connection?.state === 'closing'),
        },
      },
    },
  },
]);

const breakBeforeMakeServers = mutants({ profile: 'robe-bbm', role: 'server' }, [
  {
    id: 'late-syn-answered-without-the-elected-flow',
    requirement: 'ROBE-P2-S-06',
    breaks: 'When the elected flow has ended, a SYN with the Key-A of the live connection is answered.',
    defect: {
      decides: {
        listener: {
          answerLateSyn: (stack, request) =>
            request.session?.members.some(({ by }) => by === 'capable') === false
              ? 'answer'
              : answerLateSyn(stack, request),
        },
      },
    },
  },
]);

const esimServers = mutants({ profile: 'robe-esim', role: 'server' }, [
  {
    id: 'esim-join-refused-after-seconds',
    requirement: 'DRAFT-eSIM-S-02',
    breaks: 'MP_JOIN_CAP is refused when it comes more than a second and a half after the SYN of its flow.',
    defect: {
      decides: {
        joinCap: {
          mayJoin: (stack, own, target) =>
            stack.now - own.request.firstAt < seconds(1.5) && mayJoin(stack, own, target),
        },
      },
    },
  },
  {
    id: 'esim-longer-mac-taken',
    requirement: 'DRAFT-eSIM-S-10',
    breaks: 'A MAC longer than declared is accepted if its first octets and the fast hash at its end match.',
    defect: {
      decides: {
        joinCap: {
          verifies: (stack, candidate, own, option) =>
            verifies(stack, candidate, own, { ...option, mac: cut(option.mac, stack.parameters.esim.mac_bits / 8) }),
        },
      },
    },
  },
  {
    id: 'esim-joins-across-versions',
    requirement: 'DRAFT-eSIM-C-19',
    breaks: 'A flow of one version joins a connection of the other if its MAC is right by its own version.',
    defect: {
      decides: {
        joinCap: {
          candidates: (stack, own, option) => [
            ...candidates(stack, own, option),
            ...stack.correlation.withKeyA(option.key).filter(({ over, version }) => !over && version !== own.version),
          ],
        },
      },
    },
  },
]);

/** So many octets of a MAC, the last ten bits from its end. */
const cut = (mac: Uint8Array, octets: number): Uint8Array => {
  const short = mac.slice(0, octets);
  const [above = 0, last = 0] = mac.subarray(-2);
  if (short.length === octets) short.set([((short[octets - 2] ?? 0) & 0xfc) | (above & 3), last], octets - 2);
  return short;
};

const timerClients = mutants({ profile: 'robe-timer', role: 'client' }, [
  {
    id: 'timer-halved-after-a-refusal',
    requirement: 'ROBE-P3-C-03',
    breaks: 'After a refusal the next path is tried after half a timer.',
    defect: {
      decides: {
        client: {
          timerWait: ({ parameters }, { refusals }) => seconds(parameters.timer.value_s) / (refusals > 0 ? 2n : 1n),
        },
      },
    },
  },
  {
    id: 'timer-ends-with-the-second-refusal',
    requirement: 'DERIVED-RST-03',
    breaks: 'After two refusals no further path is tried.',
    defect: {
      wire: [withhold((tcp, { flows }) => isSyn(tcp) && flows.filter(({ reset }) => reset).length > 1)],
    },
  },
]);

const remoteTimes = mutants({ profile: 'robe-ips', role: 'server' }, [
  {
    id: 'rtt-first-value-told-again',
    requirement: 'DRAFT-RTT-S-02',
    breaks: 'Every report of a round trip time has the value of the first one on its flow.',
    defect: {
      remembers: () => {
        const told = new Map<unknown, bigint>();
        return {
          data: {
            remoteRttReport: (stack, session, member) => {
              const report = remoteRttReport(stack, session, member);
              if (report === undefined) return undefined;
              const rtt = told.get(member.flow.key) ?? report.rtt;
              told.set(member.flow.key, rtt);
              return { ...report, rtt };
            },
          },
        };
      },
    },
  },
  {
    id: 'rtt-not-told-on-joined-flows',
    requirement: 'DRAFT-RTT-S-02',
    breaks: 'A round trip time is reported only on the initial flow.',
    defect: {
      decides: {
        data: {
          remoteRttReport: (stack, session, member) =>
            member.by === 'join' ? undefined : remoteRttReport(stack, session, member),
        },
      },
    },
  },
]);

export const robeLateMutants: readonly Mutant[] = [
  ...forgotten,
  ...downgradeServers,
  ...breakBeforeMakeServers,
  ...esimServers,
  ...timerClients,
  ...remoteTimes,
];
