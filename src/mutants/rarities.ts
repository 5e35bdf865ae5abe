/**
 * Mutants of what is met rarely: floods, duplicate acknowledgments, joins that cross, second connections, aborts without answer.
 * Longer than 300 lines because it is one list of small faults.
 */
import type { Tcp } from '../protocol/wire/packet.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd } from '../protocol/wire/seq.js';
import { answer, crash, misread, overlook, spoil, withhold } from './fault.js';
import { editMapping } from './mapping.js';
import { type Mutant, mutants } from './mutant.js';
import {
  backTo,
  carries,
  findAny,
  isBareAck,
  isData,
  isReset,
  isSyn,
  isSynAck,
  resetTo,
  withEdited,
  withOption,
} from './segment.js';

const capable = carries('mp_capable');
const joins = carries('mp_join');
const many = 30;

const floods = [
  ['robe-downgrade', 'DERIVED-SEC-02'],
  ['robe-downgrade', 'DERIVED-KEY-03'],
  ['robe-esim', 'DRAFT-eSIM-S-18'],
  ['mptcp', 'RFC7430-4-01'],
] as const;

const starved: readonly Mutant[] = floods.map(([profile, requirement]) => ({
  id: `flood-starves-everybody.${requirement.toLowerCase()}`,
  profile,
  role: 'server',
  requirement,
  breaks: 'With more than thirty flows every segment but SYNs is ignored.',
  defect: { wire: [overlook((tcp, { flows }) => !isSyn(tcp) && !isReset(tcp) && flows.length > many)] },
}));

const servers = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'signals-count-as-duplicate-acks',
    role: 'both',
    requirement: 'RFC6824-3-02',
    breaks: 'ACKs with MP_PRIO count as duplicate ones, and data is repeated for them.',
    defect: {
      wire: [
        answer(
          carries('mp_prio'),
          ({ packet, flow }) => {
            const latest = flow.segments('out').findLast(isData);
            return latest === undefined
              ? []
              : [
                  backTo(packet, {
                    seq: latest.seq,
                    ack: latest.ack,
                    flags: latest.flags,
                    options: latest.options,
                    payload: latest.payload,
                  }),
                ];
          },
          'besides',
        ),
      ],
    },
  },
  {
    id: 'mapping-of-other-octets-taken',
    requirement: 'RFC8684-3.3-02',
    breaks: 'The subflow sequence number of a mapping is not compared with that of its segment.',
    defect: {
      wire: [
        misread(
          (tcp) => isData(tcp) && (findAny(tcp, 'dss')?.ssn ?? 0) > 1000,
          (tcp) => editMapping(tcp, () => ({ ssn: 5 })),
        ),
      ],
    },
  },
  {
    id: 'addresses-announced-in-a-row',
    requirement: 'RFC6824-3-04',
    breaks: 'Four ACKs in a row announce addresses when a flow has joined.',
    defect: {
      wire: [
        answer(
          (tcp) => isBareAck(tcp) && joins(tcp),
          ({ packet, flows }) => {
            const first = flows[0];
            const latest = first?.latestIn;
            const seq = first?.next('out');
            if (latest === undefined || seq === undefined)
              return [backTo(packet, { seq: packet.tcp.ack, flags: TcpFlag.ACK })];
            const ack = first?.next('in') ?? latest.tcp.seq;
            return [1, 2, 3, 4].map((addressId) =>
              backTo(latest, {
                seq,
                ack,
                flags: TcpFlag.ACK,
                options: [{ option: 'add_addr', nibble: 4, addressId, address: Uint8Array.of(10, 9, 8, addressId) }],
              }),
            );
          },
          'besides',
        ),
      ],
    },
  },
  {
    id: 'join-from-unseen-address-refused',
    requirement: 'RFC7430-6-01',
    breaks: 'A join from an address with which there was no flow before is refused.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows, packet }) =>
            isSyn(tcp) &&
            joins(tcp) &&
            !flows.some((other) => other !== flow && other.first?.ip.source === packet.ip.source),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'key-beside-a-join',
    requirement: 'RFC6824-3.1-25',
    breaks: 'The SYN/ACK of a join carries a key in clear.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSynAck(tcp) && joins(tcp),
          (tcp) => withOption(tcp, { option: 'mp_capable', version: 1, flags: 0x81, key: 0x1234_5678_9abc_def0n }),
        ),
      ],
    },
  },
  {
    id: 'data-in-a-syn-crashes',
    requirement: 'RFC8684-B-01',
    breaks: 'A SYN with data crashes the server.',
    defect: { wire: [crash((tcp) => isSyn(tcp) && tcp.payload.length > 0)] },
  },
  {
    id: 'early-join-refused-in-silence',
    requirement: 'RFC8684-3.2-02',
    breaks: 'A join that comes too early is dropped without a reset.',
    defect: {
      wire: [overlook((tcp, { flows }) => isSyn(tcp) && joins(tcp) && !flows.some((flow) => flow.carriedData))],
    },
  },
  {
    id: 'removed-address-takes-the-wrong-flow',
    profile: 'robe-downgrade',
    requirement: 'DERIVED-ADDR-01',
    breaks: 'REMOVE_ADDR closes every flow of a group, since none of them has an Address ID of its own.',
    defect: {
      wire: [answer(carries('remove_addr'), ({ packet }) => [resetTo(packet)])],
    },
  },
]);

/** The third segment is lost inside the host, and the timer of the SYN/ACK has to bring another one. */
const hesitates = (test: (tcp: Tcp) => boolean) =>
  withhold((tcp, { flow }) => isBareAck(tcp) && test(tcp) && !flow.segments('out').some((own) => isBareAck(own)));

const clients = mutants({ profile: 'mptcp', role: 'client' }, [
  {
    id: 'third-segment-hesitates',
    requirement: 'ROBE-LAW-03',
    breaks: 'The third segment waits for the first data instead of leaving at once.',
    defect: { wire: [hesitates(capable)] },
  },
  {
    id: 'second-third-segment-hesitates',
    profile: 'robe-downgrade',
    requirement: 'ROBE-LAW-07',
    breaks: 'The third segment of the second path waits until the SYN/ACK is repeated.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow, flows }) =>
            isBareAck(tcp) &&
            capable(tcp) &&
            flows.some((other) => other !== flow && other.confirmed) &&
            !flow.confirmed,
        ),
      ],
    },
  },
  {
    id: 'one-nonce-for-all-joins',
    requirement: 'RFC6824-3.2-17',
    breaks: 'Each join after the first one uses the nonce of the first.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow, flows }) =>
            isSyn(tcp) && joins(tcp) && flows.some((other) => other !== flow && other.segments('out').some(joins)),
          (tcp, { flows }) => {
            const first = flows.flatMap((other) => other.segments('out')).find((own) => isSyn(own) && joins(own));
            const known = first === undefined ? undefined : findAny(first, 'mp_join');
            return withEdited(tcp, 'mp_join', (option) =>
              option.form === 'syn' && known?.form === 'syn' ? { ...option, nonce: known.nonce } : option,
            );
          },
        ),
      ],
    },
  },
  {
    id: 'crossing-join-crashes',
    requirement: 'RFC8684-3.9-01',
    breaks: 'A join that crosses its own crashes the client.',
    defect: { wire: [crash((tcp, { flow }) => isSyn(tcp) && joins(tcp) && flow.openedHere)] },
  },
  {
    id: 'join-after-final-refusal',
    requirement: 'RFC8684-3.6-03',
    breaks: 'A join that was refused with T=0 is tried again at once from another port.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isReset(tcp) && carries('mp_tcprst')(tcp) && flow.segments('out').some(joins),
          ({ packet, flow }) => {
            const syn = flow.segments('out').find(isSyn);
            return syn === undefined
              ? []
              : [
                  {
                    ...backTo(packet, { seq: seqAdd(syn.seq, 7), flags: TcpFlag.SYN, options: syn.options }),
                    tcp: {
                      sourcePort: syn.sourcePort ^ 1,
                      destinationPort: syn.destinationPort,
                      seq: seqAdd(syn.seq, 7),
                      flags: TcpFlag.SYN,
                      options: syn.options,
                    },
                  },
                ];
          },
          'besides',
        ),
      ],
    },
  },
  {
    id: 'fastclose-sent-once',
    requirement: 'RFC6824-3.5-03',
    breaks: 'MP_FASTCLOSE is sent on an ACK and not repeated.',
    defect: {
      wire: [
        spoil(
          (tcp) => isReset(tcp) && carries('mp_fastclose')(tcp),
          () => ({ flags: TcpFlag.ACK }),
        ),
        withhold((tcp, { flow }) => carries('mp_fastclose')(tcp) && flow.segments('out').some(carries('mp_fastclose'))),
      ],
    },
  },
  {
    id: 'no-connection-after-a-plain-answer',
    requirement: 'RFC6824-3.8-03',
    breaks: 'After one answer without MPTCP the client never connects to that server again, not even by TCP.',
    defect: { wire: [withhold((tcp, { flows }) => isSyn(tcp) && flows.length > 1)] },
  },
]);

/** Declarations that are not kept. */
const broken: readonly Mutant[] = [
  {
    id: 'declared-answer-to-a-late-syn-missing',
    profile: 'robe-bbm',
    role: 'server',
    declared: { p2: { late_syn: 'synack-rst' } },
    requirement: 'ROBE-P2-S-06',
    breaks: 'A late SYN is dropped although an answer is declared.',
    defect: { behaves: { p2: { late_syn: 'drop' } } },
  },
  ...mutants({ profile: 'robe-timer', role: 'client' }, [
    {
      id: 'declared-same-key-missing',
      declared: { timer: { key: 'same' } },
      requirement: 'ROBE-P3-C-06',
      breaks: 'The second path gets a key of its own although the first one is declared.',
      defect: { behaves: { timer: { key: 'fresh' } } },
    },
    {
      id: 'answers-to-one-key-taken-for-one-connection',
      declared: { timer: { key: 'same' } },
      requirement: 'ROBE-P3-C-07',
      breaks: 'Of two answers to SYNs with one key the second is also confirmed, whatever its key.',
      defect: {
        decides: {
          client: { election: (_stack, _choice, timer) => ({ ...timer, losers: 'keep', judgeLater: () => 'attach' }) },
        },
      },
    },
    {
      id: 'declared-backoff-missing',
      declared: { timer: { backoff: 'exp' } },
      requirement: 'ROBE-P3-C-04',
      breaks: 'The timer does not double from path to path although that is declared.',
      defect: { behaves: { timer: { backoff: 'none' } } },
    },
    {
      id: 'declared-end-of-an-abandoned-path-missing',
      declared: { timer: { late_synack: 'ignore-old' } },
      requirement: 'ROBE-P3-C-07',
      breaks: 'An answer of the abandoned path wins although the opposite is declared.',
      defect: { behaves: { timer: { late_synack: 'first-wins' } } },
    },
  ]),
];

export const rarityMutants: readonly Mutant[] = [...starved, ...servers, ...clients, ...broken];
