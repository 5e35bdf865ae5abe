/** Mutants of RobE hosts for which a Key-A, a confirmation or a closing connection counts where it does not. */
import { judgeEnhanced } from '../reference/election/enhanced.js';
import { correlate } from '../reference/listener/correlation.js';
import { misread, overlook, type Passing, spoil } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import { carries, findAny, isData, isDataFin, isSynAck, without } from './segment.js';

const servers = mutants({ profile: 'robe-downgrade', role: 'server' }, [
  {
    id: 'key-of-another-port-correlates',
    requirement: 'ROBE-P1-S-14',
    breaks: 'A SYN with a known Key-A to another port gets the Key-B of the request to the first port.',
    defect: {
      decides: {
        listener: {
          correlate: (requests, syn, parameters) =>
            correlate(requests, { ...syn, port: requests[0]?.port ?? syn.port }, parameters),
        },
      },
    },
  },
  {
    id: 'key-of-version-1-correlates',
    requirement: 'ROBE-P1-S-14',
    breaks: 'A version 0 SYN with the Key-A of a version 1 connection gets the Key-B of that connection.',
    defect: {
      decides: {
        listener: {
          correlate: (requests, syn, parameters) =>
            correlate(requests, syn, parameters) ??
            requests.find(({ version, connection }) => version === 1 && connection?.state === 'established'),
        },
      },
    },
  },
  {
    id: 'oldest-request-of-a-key-alone',
    requirement: 'ROBE-P1-S-02',
    breaks: 'A SYN is compared only with the oldest of several requests with one Key-A.',
    defect: {
      decides: { listener: { correlate: (requests, ...rest) => correlate(requests.slice(0, 1), ...rest) } },
    },
  },
]);

/** Profiles whose clients keep the flows that were not elected until they are answered. */
const keeping = ['robe-downgrade', 'robe-bbm', 'robe-esim'] as const;

const closing: readonly Mutant[] = keeping.flatMap((profile) =>
  mutants({ profile, role: 'client' }, [
    {
      id: `answer-while-closing-unanswered.${profile}`,
      requirement: 'DERIVED-CLOSE-01',
      breaks: "After the client's DATA_FIN a SYN/ACK of a further flow draws no answer.",
      defect: {
        wire: [
          overlook(
            (tcp, { flow, flows }) =>
              isSynAck(tcp) && !flow.synAcked && flows.some((other) => other.segments('out').some(isDataFin)),
          ),
        ],
      },
    },
  ]),
);

const joinCap = carries('mp_join_cap');
const joinedHere = ({ flow }: Passing): boolean => flow.segments('out').some(joinCap);

const esimClients = mutants({ profile: 'robe-esim', role: 'client' }, [
  {
    id: 'esim-later-flows-need-no-confirmation',
    requirement: 'DRAFT-eSIM-C-13',
    breaks: 'After one flow has joined, a further one joins although its SYN/ACK does not confirm ROBE_eSIM_EN.',
    defect: {
      decides: {
        client: {
          judgeEnhanced: (stack, attempt, potential, answer) =>
            judgeEnhanced(
              stack,
              attempt,
              potential,
              answer !== undefined && (attempt.connection.session?.members.length ?? 0) > 1
                ? { ...answer, esim: true }
                : answer,
            ),
        },
      },
    },
  },
  {
    id: 'esim-first-data-of-a-joined-flow-by-mp-capable',
    requirement: 'RFC8684-3.1-07',
    breaks: 'The first data of a joined flow carries MP_CAPABLE with both keys instead of a DSS mapping.',
    defect: {
      wire: [
        spoil(
          (tcp, passing) => isData(tcp) && joinedHere(passing) && !passing.flow.segments('out').some(isData),
          (tcp, { flow, flows }) => ({
            options: tcp.options.map((option) => {
              if (option.option !== 'dss') return option;
              const key =
                flow
                  .segments('out')
                  .map((sent) => findAny(sent, 'mp_join_cap')?.key)
                  .find(Boolean) ?? 0n;
              const peerKey = flows.find((other) => other.key('out') === key)?.key('in') ?? 0n;
              return { option: 'mp_capable', version: 1, flags: 0x81, key, peerKey, dataLength: tcp.payload.length };
            }),
          }),
        ),
      ],
    },
  },
]);

const esimServers = mutants({ profile: 'robe-esim', role: 'server' }, [
  {
    id: 'esim-prio-of-a-joined-flow-passed-over',
    requirement: 'DERIVED-BK-01',
    breaks: 'MP_PRIO on a flow that joined by MP_JOIN_CAP is ignored.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => carries('mp_prio')(tcp) && flow.segments('in').some(joinCap),
          (tcp) => without(tcp, 'mp_prio'),
        ),
      ],
    },
  },
]);

export const robeSameKeyMutants: readonly Mutant[] = [...servers, ...closing, ...esimClients, ...esimServers];
