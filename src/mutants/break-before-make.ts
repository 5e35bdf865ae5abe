/** Mutants of proposal 2, break before make (paper 2.2), both roles. */
import { TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd } from '../protocol/wire/seq.js';
import { correlate } from '../reference/listener/correlation.js';
import { loserResetForm, losersOf } from '../reference/listener/losers.js';
import { schedule } from '../reference/mptcp/scheduling.js';
import { answer, overlook, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import { backTo, carries, isBareAck, isData, isReset, isSyn, resetTo, without } from './segment.js';

const capable = carries('mp_capable');

const server = mutants({ profile: 'robe-bbm', role: 'server' }, [
  {
    id: 'bbm-new-key-b-for-known-key-a',
    requirement: 'ROBE-P2-S-01',
    breaks: 'Correlated SYNs get different Key-Bs.',
    defect: {
      decides: {
        listener: {
          correlate: (requests, ...rest) =>
            correlate(
              requests.filter(({ session }) => session !== undefined),
              ...rest,
            ),
        },
      },
    },
  },
  {
    id: 'bbm-first-ack-does-not-establish',
    requirement: 'ROBE-P2-S-02',
    breaks: 'The first valid ACK is ignored.',
    defect: {
      wire: [
        overlook((tcp, { flows }) => isBareAck(tcp) && !flows.some((flow) => flow.segments('in').some(isBareAck))),
      ],
    },
  },
  {
    id: 'losers-not-reset',
    requirement: 'ROBE-P2-S-03',
    breaks: 'The other half-open flows of the group are not reset.',
    defect: { decides: { listener: { losersOf: () => [] } } },
  },
  {
    id: 'only-one-loser-reset',
    requirement: 'ROBE-P2-S-03',
    breaks: 'Only the first of several losers is reset.',
    defect: { decides: { listener: { losersOf: (request, winner) => losersOf(request, winner).slice(0, 1) } } },
  },
  {
    id: 'losers-forgotten-silently',
    requirement: 'ROBE-P2-S-03',
    breaks: 'The losers are removed without a reset.',
    defect: {
      wire: [withhold((tcp, { flow }) => isReset(tcp) && flow.synAcked && !flow.segments('in').some(isBareAck))],
    },
  },
  {
    id: 'loser-revived-by-late-ack',
    requirement: 'ROBE-P2-S-04',
    breaks: 'The late ACK of a terminated flow draws no reset.',
    defect: { wire: [overlook((tcp, { flow }) => isBareAck(tcp) && flow.reset)] },
  },
  {
    id: 'loser-acknowledged-by-late-ack',
    requirement: 'ROBE-P2-S-04',
    breaks: 'The late ACK of a terminated flow revives it.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isBareAck(tcp) && flow.reset,
          ({ packet, tcp }) => [backTo(packet, { seq: tcp.ack, ack: tcp.seq, flags: TcpFlag.ACK })],
        ),
      ],
    },
  },
  {
    id: 'late-correlated-syn-answered',
    requirement: 'ROBE-P2-S-06',
    breaks: 'A correlated SYN after establishment is answered as if the connection were half-open.',
    defect: { decides: { listener: { answerLateSyn: () => 'answer', attachesFurther: () => true } } },
  },
  {
    id: 'loser-reset-before-any-ack',
    requirement: 'ROBE-P2-S-07',
    breaks: 'The second SYN is reset on arrival.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows }) =>
            isSyn(tcp) && capable(tcp) && flows.some((other) => other !== flow && other.synAcked && !other.confirmed),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'bbm-join-refused',
    requirement: 'ROBE-P2-S-08',
    breaks: 'After establishment joins are refused.',
    defect: {
      wire: [
        answer(
          (tcp) => isSyn(tcp) && carries('mp_join')(tcp),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'loser-reset-without-acknowledgment',
    requirement: 'ROBE-P2-S-09',
    breaks: 'The terminating reset has no ACK bit, so that a client in SYN-SENT cannot accept it.',
    defect: { behaves: { p2: { rst_form: 'rst' } } },
  },
  {
    id: 'loser-reset-at-wrong-number',
    requirement: 'ROBE-P2-S-09',
    breaks: 'The terminating reset has the number of the SYN/ACK itself, so that an established client drops it.',
    defect: {
      decides: { listener: { loserResetForm: (stack, flow) => ({ ...loserResetForm(stack, flow), seq: flow.iss }) } },
    },
  },
  {
    id: 'loser-reset-acknowledges-too-much',
    requirement: 'ROBE-P2-S-09',
    breaks: 'The terminating reset acknowledges one octet more than the SYN.',
    defect: {
      decides: {
        listener: { loserResetForm: (stack, flow) => ({ ...loserResetForm(stack, flow), ack: seqAdd(flow.irs, 2) }) },
      },
    },
  },
  {
    id: 'second-capable-flow-survives',
    requirement: 'ROBE-P2-S-10',
    breaks: 'Every confirmed flow is kept as a subflow.',
    defect: { decides: { listener: { losersOf: () => [], attachesFurther: () => true } } },
  },
  {
    id: 'winner-reset-as-well',
    requirement: 'ROBE-P2-S-10',
    breaks: 'The winning flow is reset with the others.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows }) => isBareAck(tcp) && capable(tcp) && !flow.confirmed && flows.length > 1,
          ({ packet }) => [resetTo(packet)],
          'besides',
        ),
      ],
    },
  },
]);

const client = mutants({ profile: 'robe-bbm', role: 'client' }, [
  {
    id: 'bbm-key-a-per-path',
    requirement: 'ROBE-P2-C-01',
    breaks: 'Each path has a Key-A of its own.',
    defect: { decides: { client: { chooseKeyA: (_stack, _attempt, fresh) => fresh() } } },
  },
  {
    id: 'bbm-one-syn-alone',
    requirement: 'ROBE-P2-C-01',
    breaks: 'No SYN is sent on the second path.',
    defect: { wire: [withhold((tcp, { path }) => isSyn(tcp) && path === 2)] },
  },
  {
    id: 'bbm-client-chooses',
    requirement: 'ROBE-P2-C-02',
    breaks: 'The client resets the second SYN/ACK, although the server chooses.',
    defect: { decides: { client: { sameReceiverKey: () => false } } },
  },
  {
    id: 'bbm-second-ack-without-keys',
    requirement: 'ROBE-P2-C-02',
    breaks: 'The second ACK has no keys.',
    defect: {
      wire: [
        spoil(
          (tcp, { path }) => isBareAck(tcp) && capable(tcp) && path === 2,
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'bbm-joins-missing',
    requirement: 'ROBE-P2-C-04',
    breaks: 'No joins are sent after the ACKs.',
    defect: { decides: { client: { joinPaths: () => [] } } },
  },
  {
    id: 'bbm-joins-on-one-path',
    requirement: 'ROBE-P2-C-04',
    breaks: 'Only one of the paths is joined.',
    defect: { decides: { client: { joinPaths: ({ paths, joined }) => (joined.size > 0 ? [] : paths.slice(0, 1)) } } },
  },
  {
    id: 'bbm-data-on-one-flow',
    requirement: 'ROBE-P2-C-05',
    breaks: 'While the surviving flow is undecided, data is sent on only one flow.',
    defect: {
      decides: {
        data: {
          schedule: (connection, session, usable) => schedule({ ...connection, redundant: false }, session, usable),
        },
      },
    },
  },
  {
    id: 'bbm-first-octets-alone-redundant',
    requirement: 'ROBE-P2-C-05',
    breaks: 'After the first octets of the application, data is sent on only one flow.',
    defect: {
      decides: {
        data: {
          schedule: (connection, session, usable) =>
            schedule({ ...connection, redundant: connection.redundant && session.chunks.length < 2 }, session, usable),
        },
      },
    },
  },
  {
    id: 'bbm-copies-at-other-numbers',
    requirement: 'ROBE-P2-C-05',
    breaks: 'The copy on the second path carries other octets.',
    defect: {
      wire: [
        spoil(
          (tcp, { path }) => isData(tcp) && path === 2,
          (tcp) => ({ payload: tcp.payload.map((octet) => octet ^ 1) }),
        ),
      ],
    },
  },
  {
    id: 'bbm-redundancy-never-ends',
    requirement: 'ROBE-P2-C-06',
    breaks: 'After the resets every octet is still sent on all flows.',
    defect: {
      decides: {
        data: {
          schedule: (connection, session, usable) =>
            connection.redundant ? schedule(connection, session, usable) : usable,
        },
      },
    },
  },
  {
    id: 'bbm-initial-known-too-early',
    requirement: 'ROBE-P2-C-03',
    breaks: 'The first flow counts as initial before the resets have come.',
    defect: {
      decides: {
        client: { isInitialKnown: () => true },
        data: {
          schedule: (connection, session, usable) =>
            connection.redundant ? usable.slice(0, 1) : schedule(connection, session, usable),
        },
      },
    },
  },
  {
    id: 'bbm-parallel-join-stays',
    requirement: 'ROBE-P2-C-07',
    breaks: 'The join parallel to the initial flow is never closed.',
    defect: { behaves: { p2: { redundant_close_s: 100_000 } } },
  },
  {
    id: 'bbm-any-reset-in-syn-sent',
    requirement: 'ROBE-P2-C-08',
    breaks: 'A reset that does not acknowledge the SYN ends its flow.',
    defect: { decides: { tcp: { refuses: () => true } } },
  },
  {
    id: 'bbm-reset-of-loser-ignored',
    requirement: 'ROBE-P2-C-09',
    breaks: 'A reset of an attached flow is ignored: data goes on there.',
    defect: { wire: [overlook((tcp, { flow }) => isReset(tcp) && flow.synAcked)] },
  },
  {
    id: 'bbm-reset-of-loser-answered',
    requirement: 'DERIVED-RST-02',
    breaks: 'A reset of one flow makes the client reset the others.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isReset(tcp) && flow.openedHere,
          ({ flow, flows }) =>
            flows.flatMap((other) =>
              other !== flow && other.synAcked && !other.reset && other.latestIn !== undefined
                ? [resetTo(other.latestIn)]
                : [],
            ),
          'besides',
        ),
      ],
    },
  },
]);

export const breakBeforeMakeMutants = [...server, ...client];
