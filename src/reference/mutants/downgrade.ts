/** Mutants of proposal 1, downgrading (paper 2.1), both roles. */
import type { Tcp } from '../../protocol/wire/packet.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { classic } from '../election/classic.js';
import { sameReceiverKey } from '../election/downgrade.js';
import { type CapableRequest, correlate } from '../listener/correlation.js';
import { acceptsEcho } from '../mptcp/capable.js';
import { acceptGhost, answer, imagine, overlook, repeat, spoil, withhold } from './fault.js';
import { shiftMapping } from './mapping.js';
import { mutants } from './mutant.js';
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
const keyOf = (tcp: Tcp | undefined): bigint | undefined =>
  tcp === undefined ? undefined : findAny(tcp, 'mp_capable')?.senderKey;
const flip = (tcp: Tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags ^ 0x80 }));

const server = mutants({ profile: 'robe-downgrade', role: 'server' }, [
  {
    id: 'new-key-b-for-known-key-a',
    requirement: 'ROBE-P1-S-02',
    breaks: 'A SYN with a Key-A in use gets a key of its own.',
    defect: { decides: { listener: { correlate: () => undefined } } },
  },
  {
    id: 'one-key-b-for-everybody',
    requirement: 'ROBE-P1-S-01',
    breaks: 'A SYN with an unknown Key-A gets the Key-B that others got before.',
    defect: { decides: { listener: { chooseKeyB: (repeated) => repeated?.keyB ?? 0x6666_7777_8888_9999n } } },
  },
  {
    id: 'correlation-after-establishment-only',
    requirement: 'ROBE-P1-S-03',
    breaks: 'Half-open flows with the same Key-A are not correlated; only a connection is.',
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
    id: 'third-syn-gets-a-new-key',
    requirement: 'ROBE-P1-S-04',
    breaks: 'From the third SYN with one Key-A on a new Key-B is made.',
    defect: {
      decides: {
        listener: {
          correlate: (requests, ...rest) =>
            correlate(
              requests.filter(({ halfOpen }) => halfOpen.size < 2),
              ...rest,
            ),
        },
      },
    },
  },
  {
    id: 'first-third-segment-does-not-count',
    requirement: 'ROBE-P1-S-05',
    breaks: 'The first valid third segment creates nothing: a second flow has to confirm.',
    defect: {
      wire: [
        overlook(
          (tcp, { flows }) =>
            !isSyn(tcp) && !isReset(tcp) && flows.filter((flow) => flow.segments('in').some(isThird)).length === 0,
        ),
      ],
    },
  },
  {
    id: 'second-flow-reset',
    requirement: 'ROBE-P1-S-06',
    breaks: 'A second valid third segment draws a reset and creates no subflow.',
    defect: { decides: { listener: { attachesFurther: () => false } } },
  },
  {
    id: 'second-flow-a-connection-of-its-own',
    requirement: 'ROBE-P1-S-20',
    breaks: 'Each further flow of a Key-A group is handed to the application as a connection.',
    defect: {
      wire: [
        acceptGhost(
          (tcp, { flow, flows }) =>
            isThird(tcp) && !flow.confirmed && flows.some((other) => other !== flow && other.confirmed),
        ),
      ],
    },
  },
  {
    id: 'wrong-echo-attached',
    requirement: 'ROBE-P1-S-08',
    breaks: 'A third segment with a wrong Key-B attaches its flow.',
    defect: {
      decides: {
        listener: {
          acceptsEcho: (expected, option) => acceptsEcho(expected, { ...option, receiverKey: expected.keyB }),
        },
      },
    },
  },
  {
    id: 'wrong-key-a-attached',
    requirement: 'ROBE-P1-S-08',
    breaks: 'A third segment with another Key-A than the SYN attaches its flow.',
    defect: {
      decides: {
        listener: {
          acceptsEcho: (expected, option) =>
            acceptsEcho(expected, expected.keyA === undefined ? option : { ...option, senderKey: expected.keyA }),
        },
      },
    },
  },
  {
    id: 'wrong-echo-unanswered',
    requirement: 'ROBE-P1-S-08',
    breaks: 'A third segment with wrong keys draws nothing though it can never be right.',
    defect: { behaves: { robe: { invalid_ack: 'ignore' } } },
  },
  {
    id: 'syn-ack-of-second-flow-not-repeated',
    requirement: 'ROBE-P1-S-09',
    breaks: 'Once the connection is there, the SYN/ACK of another flow is not repeated any more.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow, flows }) =>
            isSynAck(tcp) && flow.synAcked && flows.some((other) => other !== flow && other.confirmed),
        ),
      ],
    },
  },
  {
    id: 'late-syn-gets-a-new-key',
    requirement: 'ROBE-P1-S-10',
    breaks: 'A SYN with the Key-A of an established connection is taken for a new request.',
    defect: { behaves: { p1: { match_states: 'half' } } },
  },
  {
    id: 'key-a-known-for-ever',
    requirement: 'ROBE-P1-S-11',
    breaks: 'After the connection ended, its Key-A still gets the Key-B of old.',
    defect: {
      remembers: () => {
        const seen = new Map<bigint, bigint>();
        let keyA = 0n;
        return {
          listener: {
            correlate: (requests, syn, parameters) => {
              keyA = syn.offer.keyA ?? 0n;
              return correlate(requests, syn, parameters);
            },
            chooseKeyB: (repeated: CapableRequest | undefined, fresh: () => bigint) => {
              const key = repeated?.keyB ?? seen.get(keyA) ?? fresh();
              seen.set(keyA, key);
              return key;
            },
          },
        };
      },
    },
  },
  {
    id: 'second-syn-ack-with-other-flag',
    requirement: 'ROBE-P1-S-14',
    breaks: 'The second SYN/ACK of a group has flag A inverted.',
    defect: {
      wire: [
        spoil((tcp, { flows, flow }) => isSynAck(tcp) && flows.some((other) => other !== flow && other.synAcked), flip),
      ],
    },
  },
  {
    id: 'flag-mismatch-attaches',
    requirement: 'ROBE-P1-S-15',
    breaks: 'A known Key-A with another A flag is attached and mixes checksum modes.',
    defect: { behaves: { p1: { flag_mismatch: 'attach' } } },
  },
  {
    id: 'reset-of-one-half-open-flow-ends-the-group',
    requirement: 'ROBE-P1-S-16',
    breaks: 'The reset of one half-open flow ends the other ones of the group.',
    defect: {
      wire: [
        imagine(
          (tcp, { flow }) => isReset(tcp) && flow.synAcked && !flow.confirmed,
          ({ flow, flows }) =>
            flows.flatMap((other) => {
              const latest = other.latestIn;
              return other === flow || latest === undefined || other.reset
                ? []
                : [
                    {
                      path: other.path,
                      draft: redraft(latest, {
                        flags: TcpFlag.RST,
                        seq: other.next('in') ?? latest.tcp.seq,
                        options: [],
                        payload: new Uint8Array(0),
                      }),
                    },
                  ];
            }),
        ),
      ],
    },
  },
  {
    id: 'loss-of-initial-flow-ends-the-connection',
    requirement: 'ROBE-P1-S-17',
    breaks: 'The reset of the initial subflow ends the connection while another flow is there.',
    defect: {
      wire: [
        imagine(
          (tcp, { flow }) => isReset(tcp) && flow.confirmed,
          ({ flow, flows }) =>
            flows.flatMap((other) => {
              const latest = other.latestIn;
              return other === flow || latest === undefined || other.reset
                ? []
                : [
                    {
                      path: other.path,
                      draft: redraft(latest, {
                        flags: TcpFlag.RST,
                        seq: other.next('in') ?? latest.tcp.seq,
                        options: [],
                        payload: new Uint8Array(0),
                      }),
                    },
                  ];
            }),
        ),
      ],
    },
  },
  {
    id: 'different-key-a-from-one-host-merged',
    requirement: 'ROBE-P1-S-18',
    breaks: 'SYNs from one address are one connection whatever their Key-A.',
    defect: {
      remembers: () => {
        const byHost = new Map<string, CapableRequest>();
        return {
          listener: {
            correlate: (requests, syn, parameters) => {
              const known = correlate(requests, syn, parameters) ?? byHost.get(syn.from);
              return known === 'rst' || known?.over ? undefined : known;
            },
            acceptsEcho: (expected, option) => {
              const request = expected as CapableRequest;
              byHost.set(request.firstFrom, request);
              return acceptsEcho(request, option);
            },
          },
        };
      },
    },
  },
  {
    id: 'correlates-within-one-network-only',
    requirement: 'DERIVED-NAT-01',
    breaks: 'A known Key-A counts only from addresses near the first one.',
    defect: { behaves: { p1: { foreign_host: 'newkey' } } },
  },
  {
    id: 'further-flow-without-data',
    requirement: 'ROBE-P1-B-03',
    breaks: 'What comes by a further flow is never answered.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow, flows }) => isData(tcp) && flows.findIndex((each) => each.confirmed) !== flows.indexOf(flow),
        ),
      ],
    },
  },
  {
    id: 'classic-join-refused',
    requirement: 'ROBE-INT-03',
    breaks: 'A classic client of a RobE server cannot join.',
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
    id: 'plain-client-refused',
    requirement: 'ROBE-INT-04',
    breaks: 'A SYN without MPTCP is refused by a RobE server.',
    defect: {
      wire: [
        answer(
          (tcp, { flows }) => isSyn(tcp) && !capable(tcp) && !carries('mp_join')(tcp) && flows.length === 1,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'group-expires-together',
    requirement: 'DERIVED-TIME-02',
    breaks: 'When one half-open flow of a group is given up, the connection of the group ends.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSynAck(tcp) && flow.segments('out').filter(isSynAck).length > 1,
          (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, senderKey: 1n })),
        ),
      ],
    },
  },
]);

const client = mutants({ profile: 'robe-downgrade', role: 'client' }, [
  {
    id: 'one-syn-at-a-time',
    requirement: 'ROBE-P1-C-01',
    breaks: 'One SYN leaves on the default path alone.',
    defect: { decides: { client: { election: () => classic } } },
  },
  {
    id: 'key-a-per-path',
    requirement: 'ROBE-P1-C-02',
    breaks: 'Each path has a Key-A of its own.',
    defect: { decides: { client: { chooseKeyA: (_stack, _attempt, fresh) => fresh() } } },
  },
  {
    id: 'second-syn-with-other-flag',
    requirement: 'ROBE-P1-C-03',
    breaks: 'The SYN of the second path has flag A inverted.',
    defect: { wire: [spoil((tcp, { path }) => isSyn(tcp) && path === 2, flip)] },
  },
  {
    id: 'second-syn-on-the-first-path',
    requirement: 'ROBE-P1-C-01',
    breaks: 'On the second path no SYN leaves.',
    defect: { wire: [withhold((tcp, { path }) => isSyn(tcp) && path === 2)] },
  },
  {
    id: 'first-syn-ack-does-not-elect',
    requirement: 'ROBE-P1-C-04',
    breaks: 'The first SYN/ACK is passed over; the connection waits for the second.',
    defect: {
      wire: [overlook((tcp, { flows }) => isSynAck(tcp) && !flows.some((flow) => flow.segments('in').some(isSynAck)))],
    },
  },
  {
    id: 'only-first-path-elects',
    requirement: 'ROBE-GEN-01',
    breaks: 'Only the default path may become initial; answers on others are passed over until it answered.',
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
    id: 'second-syn-ack-confirmed-without-keys',
    requirement: 'ROBE-P1-C-05',
    breaks: 'The second SYN/ACK is confirmed without keys.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow, flows }) =>
            isThird(tcp) && flows.some((other) => other !== flow && other.segments('out').some(isThird)),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'second-syn-ack-confirmed-by-swapped-keys',
    requirement: 'ROBE-P1-C-05',
    breaks: 'The second SYN/ACK is confirmed with Key-B in front of Key-A.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow, flows }) =>
            isThird(tcp) && flows.some((other) => other !== flow && other.segments('out').some(isThird)),
          (tcp) =>
            withEdited(tcp, 'mp_capable', (option) => ({
              ...option,
              senderKey: option.receiverKey ?? 0n,
              receiverKey: option.senderKey ?? 0n,
            })),
        ),
      ],
    },
  },
  {
    id: 'same-key-b-reset',
    requirement: 'ROBE-P1-C-06',
    breaks: 'A later SYN/ACK with the same Key-B is reset.',
    defect: { decides: { client: { sameReceiverKey: () => false } } },
  },
  {
    id: 'other-key-b-attached',
    requirement: 'ROBE-P1-C-07',
    breaks: 'A later SYN/ACK with another Key-B is attached.',
    defect: { decides: { client: { sameReceiverKey: () => true } } },
  },
  {
    id: 'half-of-key-b-compared',
    requirement: 'ROBE-P1-C-07',
    breaks: 'Of Key-B the upper half alone is compared.',
    defect: {
      decides: {
        client: {
          sameReceiverKey: (session, answered) =>
            sameReceiverKey(session, answered) || answered.keyB >> 32n === session.remoteKey >> 32n,
        },
      },
    },
  },
  {
    id: 'other-negotiation-attached',
    requirement: 'ROBE-P1-C-06',
    breaks: 'A later SYN/ACK that negotiated checksums otherwise is attached.',
    declared: { mpc: { checksum: false } },
    defect: { decides: { client: { sameReceiverKey: (session, answered) => answered.keyB === session.remoteKey } } },
  },
  {
    id: 'late-syn-ack-reset',
    requirement: 'ROBE-P1-C-08',
    breaks: 'A SYN/ACK that comes when data has passed already is reset.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows }) => isSynAck(tcp) && flows.some((other) => other !== flow && other.carriedData),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'join-beside-downgraded-flow',
    requirement: 'ROBE-P1-C-09',
    breaks: 'Paths with an attached flow are joined as well.',
    defect: { decides: { client: { joinPaths: ({ paths, joined }) => paths.filter((path) => !joined.has(path)) } } },
  },
  {
    id: 'unrelated-paths-never-joined',
    requirement: 'ROBE-INT-02',
    breaks: 'Paths that a classic server did not correlate stay unused: no join follows.',
    defect: { decides: { client: { joinPaths: () => [] } } },
  },
  {
    id: 'repeated-syn-ack-reset',
    requirement: 'ROBE-P1-C-11',
    breaks: 'A repeated SYN/ACK of an attached flow draws a reset.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isSynAck(tcp) && flow.synAcked,
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'repeated-syn-ack-acknowledged-without-keys',
    requirement: 'ROBE-P1-C-11',
    breaks: 'A repeated SYN/ACK is answered by an ACK without the keys.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isThird(tcp) && flow.segments('out').some(isThird),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'unanswered-syn-not-repeated',
    requirement: 'ROBE-P1-C-12',
    breaks: 'When one path answered, the SYN of the other is not repeated.',
    defect: {
      wire: [
        withhold((tcp, { flow, flows }) => isSyn(tcp) && flow.openedHere && flows.some((other) => other.synAcked)),
      ],
    },
  },
  {
    id: 'second-flow-has-a-sequence-of-its-own',
    requirement: 'ROBE-P1-C-14',
    breaks: 'Data on the second flow is numbered beside that of the first.',
    defect: {
      wire: [
        spoil(
          (tcp, { path }) => isData(tcp) && path === 2,
          (tcp) => shiftMapping(tcp, 0x10000n),
        ),
      ],
    },
  },
  {
    id: 'refusal-of-one-path-fails-all',
    requirement: 'DERIVED-RST-03',
    breaks: 'A refusal on one path ends the attempt on the others.',
    defect: {
      wire: [
        imagine(
          (tcp, { flow }) => isReset(tcp) && flow.openedHere && !flow.synAcked,
          ({ flow, flows }) =>
            flows.flatMap((other) => {
              const syn = other.first;
              return other === flow || syn === undefined ? [] : [{ path: other.path, draft: resetTo(syn) }];
            }),
        ),
      ],
    },
  },
  {
    id: 'key-b-of-the-elected-flow-echoed-everywhere',
    requirement: 'DERIVED-KEY-02',
    breaks: 'The third segment of a later flow echoes the key of the first one and not its own.',
    defect: {
      decides: { client: { sameReceiverKey: () => true } },
      wire: [
        spoil(isThird, (tcp, { flows }) =>
          withEdited(tcp, 'mp_capable', (option) => {
            const first = flows.flatMap((flow) => flow.segments('in').filter(isSynAck)).map(keyOf)[0];
            return first === undefined ? option : { ...option, receiverKey: first };
          }),
        ),
      ],
    },
  },
  {
    id: 'abandoned-flow-reset-at-zero',
    requirement: 'DERIVED-RST-01',
    breaks: 'The reset of a flow that is given up has a sequence number the server cannot accept.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isReset(tcp) && flow.openedHere,
          (tcp) => ({ seq: (tcp.seq ^ 0x4000_0000) as Tcp['seq'] }),
        ),
      ],
    },
  },
  {
    id: 'abandoned-flow-not-reset',
    requirement: 'ROBE-P1-C-07',
    breaks: 'A SYN/ACK with another Key-B draws nothing at all.',
    defect: { behaves: { robe: { superfluous: 'leave' } } },
  },
  {
    id: 'reset-travels-on-the-elected-flow',
    requirement: 'DERIVED-RST-02',
    breaks: 'The reset of a superfluous flow goes out on the elected one as well.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows }) =>
            isSynAck(tcp) &&
            flows.some(
              (other) => other !== flow && other.synAcked && keyOf(other.segments('in').find(isSynAck)) !== keyOf(tcp),
            ),
          ({ packet, flows, flow }) => [
            resetTo(packet),
            ...flows.flatMap((other) =>
              other !== flow && other.synAcked && other.latestIn !== undefined ? [resetTo(other.latestIn)] : [],
            ),
          ],
        ),
      ],
    },
  },
  {
    id: 'stripped-path-takes-the-others-down',
    requirement: 'DERIVED-FB-04',
    breaks: 'A later SYN/ACK without MP_CAPABLE resets the MPTCP flow as well.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows }) =>
            isSynAck(tcp) && !capable(tcp) && flows.some((other) => other !== flow && other.synAcked),
          ({ packet, flows, flow }) => [
            resetTo(packet),
            ...flows.flatMap((other) =>
              other !== flow && other.synAcked && other.latestIn !== undefined ? [resetTo(other.latestIn)] : [],
            ),
          ],
        ),
      ],
    },
  },
  {
    id: 'data-in-every-syn',
    requirement: 'DERIVED-TFO-01',
    breaks: 'Every SYN of an attempt carries data.',
    defect: { wire: [spoil(isSyn, () => ({ payload: Uint8Array.of(0x21, 0x22) }))] },
  },
  {
    id: 'single-path-client-sends-twice',
    requirement: 'ROBE-INT-07',
    breaks: 'With one interface the SYN leaves twice.',
    defect: { wire: [repeat((tcp, { flow }) => isSyn(tcp) && !flow.openedHere)] },
  },
  {
    id: 'never-plain-on-any-path',
    requirement: 'DERIVED-FB-03',
    breaks: 'When MPTCP SYNs vanish on all paths, no plain one is tried.',
    defect: { decides: { client: { offersCapable: () => true } } },
  },
]);

export const downgradeMutants = [...server, ...client];
