/**
 * Mutants of a server of RobE_eSIM (draft): MP_JOIN_CAP and ROBE_eSIM_EN.
 * Longer than 300 lines because it is one list of small faults of one role.
 */
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { candidates, mayJoin, verifies } from '../reference/listener/join-cap.js';
import { answer, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import {
  carries,
  isBareAck,
  isData,
  isReset,
  isSyn,
  isSynAck,
  resetTo,
  withEdited,
  withOption,
  without,
} from './segment.js';

const joinCap = carries('mp_join_cap');
const capable = carries('mp_capable');
const enabled = carries('robe_esim_en');
const broken = (tcp: Tcp): boolean => tcp.options.some(({ option }) => option === 'malformed');
const plain = (tcp: Tcp): boolean => !capable(tcp) && !carries('dss')(tcp);

/** What the lowest ten bits may be, as the last two octets' low bits. */
const everyTail = Array.from({ length: 1024 }, (_, tail) => tail);

const withTail = (mac: Uint8Array, tail: number): Uint8Array => {
  const changed = mac.slice();
  const at = changed.length - 2;
  changed[at] = ((changed[at] ?? 0) & ~3) | (tail >> 8);
  changed[at + 1] = tail & 0xff;
  return changed;
};

export const esimServerMutants = mutants({ profile: 'robe-esim', role: 'server' }, [
  {
    id: 'esim-one-key-for-all-flows',
    requirement: 'DRAFT-eSIM-S-12',
    breaks: 'Every SYN is answered with the same key, so that a recorded MP_JOIN_CAP fits everywhere.',
    defect: { decides: { listener: { chooseKeyB: () => 0xaaaa_bbbb_cccc_ddddn } } },
  },
  {
    id: 'esim-key-per-client',
    requirement: 'DRAFT-eSIM-S-01',
    breaks: 'A second SYN with the same Key-A is answered with the Key-B of the first.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow, flows }) =>
            isSynAck(tcp) && capable(tcp) && flows.some((other) => other !== flow && other.synAcked),
          (tcp, { flow, flows }) =>
            withEdited(tcp, 'mp_capable', (option) => ({
              ...option,
              key: flows.find((other) => other !== flow)?.key('out') ?? 0n,
            })),
        ),
      ],
    },
  },
  {
    id: 'esim-connection-not-found-by-key-a',
    requirement: 'DRAFT-eSIM-S-02',
    breaks: 'An MP_JOIN_CAP does not find an established connection.',
    defect: {
      decides: {
        joinCap: { candidates: (...given) => candidates(...given).filter(({ session }) => session === undefined) },
      },
    },
  },
  {
    id: 'esim-early-join-refused',
    requirement: 'DRAFT-eSIM-S-03',
    breaks: 'In v1 an MP_JOIN_CAP that comes before the ACK of the initial flow is refused.',
    defect: {
      decides: {
        joinCap: {
          candidates: (stack, own, option) =>
            candidates(stack, own, option).filter(({ session, version }) => version === 0 || session !== undefined),
        },
      },
    },
  },
  {
    id: 'esim-v0-early-join-refused',
    requirement: 'DRAFT-eSIM-S-04',
    breaks: 'In v0 an MP_JOIN_CAP that comes before the ACK of the initial flow is refused.',
    defect: {
      decides: {
        joinCap: {
          candidates: (stack, own, option) =>
            candidates(stack, own, option).filter(({ session, version }) => version === 1 || session !== undefined),
        },
      },
    },
  },
  {
    id: 'esim-only-first-flow-initial',
    requirement: 'DRAFT-eSIM-S-05',
    breaks: 'Only the flow that came first may be initial; a join to a later one is refused.',
    defect: {
      decides: {
        joinCap: {
          candidates: (stack, own, option) =>
            candidates(stack, own, option).filter(({ firstAt }) => firstAt < own.firstAt),
        },
      },
    },
  },
  {
    id: 'esim-first-candidate-taken',
    requirement: 'DRAFT-eSIM-S-06',
    breaks: 'Of several connections with one Key-A only the first is tried.',
    defect: { decides: { joinCap: { candidates: (...given) => candidates(...given).slice(0, 1) } } },
  },
  {
    id: 'esim-key-a-suffices',
    requirement: 'DRAFT-eSIM-S-07',
    breaks: 'Key-A suffices to join: the MAC is not compared.',
    defect: { decides: { joinCap: { verifies: () => true } } },
  },
  {
    id: 'esim-fast-hash-suffices',
    requirement: 'DRAFT-eSIM-S-08',
    breaks: 'A matching fast hash suffices as proof.',
    defect: {
      decides: {
        joinCap: {
          verifies: (stack, candidate, own, option) =>
            candidate.session === undefined || verifies(stack, candidate, own, option),
        },
      },
    },
  },
  {
    id: 'esim-fast-hash-unchecked',
    requirement: 'DRAFT-eSIM-S-09',
    breaks: 'The lowest ten bits of the MAC are not compared.',
    defect: {
      decides: {
        joinCap: {
          verifies: (stack, candidate, own, option) =>
            everyTail.some((tail) => verifies(stack, candidate, own, { ...option, mac: withTail(option.mac, tail) })),
        },
      },
    },
  },
  {
    id: 'esim-first-octets-of-mac-unchecked',
    requirement: 'DRAFT-eSIM-S-09',
    breaks: 'The first octet of the MAC is not compared.',
    defect: {
      decides: {
        joinCap: {
          verifies: (stack, candidate, own, option) =>
            Array.from({ length: 256 }, (_, first) => first).some((first) =>
              verifies(stack, candidate, own, { ...option, mac: Uint8Array.from([first, ...option.mac.slice(1)]) }),
            ),
        },
      },
    },
  },
  {
    id: 'esim-failed-join-unanswered',
    requirement: 'DRAFT-eSIM-S-10',
    breaks: 'A failed verification draws no reset.',
    defect: { wire: [withhold((tcp, { flow }) => isReset(tcp) && flow.segments('in').some(joinCap))] },
  },
  {
    id: 'esim-failed-join-ends-the-connection',
    requirement: 'DRAFT-eSIM-S-10',
    breaks: 'A failed verification resets the other flows as well.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => joinCap(tcp) && !flow.confirmed,
          ({ flow, flows }) =>
            flows.flatMap((other) =>
              other !== flow && other.confirmed && !other.reset && other.latestIn !== undefined
                ? [resetTo(other.latestIn)]
                : [],
            ),
          'besides',
        ),
      ],
    },
  },
  {
    id: 'esim-late-ack-of-initial-flow-resets',
    requirement: 'DRAFT-eSIM-S-14',
    breaks: 'The ACK MP_CAPABLE of an initial flow that a join established draws a reset.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows }) =>
            isBareAck(tcp) &&
            capable(tcp) &&
            flows.some((other) => other !== flow && other.segments('in').some(joinCap)),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'esim-repeated-join-cap-resets',
    requirement: 'DRAFT-eSIM-S-15',
    breaks: 'A duplicate MP_JOIN_CAP ends its flow.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => joinCap(tcp) && flow.segments('in').some(joinCap),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'esim-support-not-confirmed',
    requirement: 'DRAFT-eSIM-S-16',
    breaks: 'ROBE_eSIM_EN is not repeated in the SYN/ACK.',
    defect: { decides: { listener: { confirmsEsim: () => false } } },
  },
  {
    id: 'esim-support-confirmed-unasked',
    requirement: 'DRAFT-eSIM-S-16',
    breaks: 'The SYN/ACK carries ROBE_eSIM_EN although the SYN had none.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSynAck(tcp) && capable(tcp) && !enabled(tcp),
          (tcp) => withOption(tcp, { option: 'robe_esim_en', reserved: 0 }),
        ),
      ],
    },
  },
  {
    id: 'esim-en-reserved-bits',
    requirement: 'DRAFT-OPT-01',
    breaks: 'A reserved bit of ROBE_eSIM_EN is set.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSynAck(tcp) && enabled(tcp),
          (tcp) => withEdited(tcp, 'robe_esim_en', (option) => ({ ...option, reserved: 1 })),
        ),
      ],
    },
  },
  {
    id: 'esim-early-data-delivered',
    requirement: 'DRAFT-eSIM-S-19',
    breaks: 'Data on a flow that has not joined yet creates a connection of its own.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) =>
            isData(tcp) &&
            flow.synAcked &&
            !flow.segments('in').some((s) => joinCap(s) || (isBareAck(s) && capable(s))) &&
            flow.segments('in').some(capable),
          ({ packet, tcp }) => [
            {
              ethernet: { destination: packet.ethernet.source, source: packet.ethernet.destination },
              ip: { source: packet.ip.destination, destination: packet.ip.source },
              tcp: {
                sourcePort: tcp.destinationPort,
                destinationPort: tcp.sourcePort,
                seq: tcp.ack,
                ack: tcp.seq,
                flags: TcpFlag.ACK | TcpFlag.PSH,
                payload: tcp.payload,
                window: 512,
              },
            },
          ],
        ),
      ],
    },
  },
  {
    id: 'esim-joins-what-is-closing',
    requirement: 'DRAFT-eSIM-S-20',
    breaks: 'A flow joins a connection that is closing.',
    defect: {
      decides: {
        joinCap: {
          mayJoin: (stack, own, target) =>
            (target.connection !== undefined && target.connection.state !== 'established') ||
            mayJoin(stack, own, target),
        },
      },
    },
  },
  {
    id: 'esim-joins-other-negotiation',
    requirement: 'DRAFT-eSIM-C-19',
    breaks: 'A flow that negotiated other checksums joins.',
    declared: { mpc: { checksum: false } },
    defect: { decides: { joinCap: { mayJoin: () => true } } },
  },
  {
    id: 'esim-server-other-split',
    requirement: 'DRAFT-eSIM-S-09',
    breaks: 'The server expects a MAC with other keys than those declared.',
    defect: { behaves: { esim: { split: 'abb2|' } } },
  },
  {
    id: 'esim-second-join-refused',
    requirement: 'DRAFT-GEN-04',
    breaks: 'Only the first of several joining flows is accepted.',
    defect: {
      wire: [
        answer(
          (tcp, { flow, flows }) =>
            joinCap(tcp) &&
            !flow.confirmed &&
            flows.some((other) => other !== flow && other.segments('in').some(joinCap)),
          ({ packet }) => [resetTo(packet)],
        ),
      ],
    },
  },
  {
    id: 'esim-last-candidate-taken',
    requirement: 'DRAFT-eSIM-S-06',
    breaks: 'Of several connections with one Key-A only the last is tried.',
    defect: { decides: { joinCap: { candidates: (...given) => candidates(...given).slice(-1) } } },
  },
  {
    id: 'esim-join-on-syn-answered',
    requirement: 'DRAFT-eSIM-S-13',
    breaks: 'A SYN with MP_JOIN_CAP is answered by MP_JOIN_CAP.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSynAck(tcp) && flow.segments('in').some((came) => isSyn(came) && joinCap(came)),
          (tcp) =>
            withOption(tcp, {
              option: 'mp_join_cap',
              reserved: 0,
              addressId: 0,
              key: 0n,
              mac: new Uint8Array(12),
            }),
        ),
      ],
    },
  },
  {
    id: 'esim-join-without-flow-unanswered',
    requirement: 'DRAFT-eSIM-S-13',
    breaks: 'MP_JOIN_CAP without a flow draws no reset.',
    defect: { wire: [withhold((tcp, { flow }) => isReset(tcp) && !flow.synAcked)] },
  },
  {
    id: 'esim-later-key-replaces-the-proved-one',
    requirement: 'DRAFT-eSIM-S-14',
    breaks: 'An ACK with another Key-A than the proved one ends the flows that joined.',
    defect: {
      wire: [
        answer(
          (tcp) => isBareAck(tcp) && capable(tcp),
          ({ flow, flows }) =>
            flows.flatMap((other) =>
              other !== flow && other.latestIn !== undefined && other.segments('in').some(joinCap)
                ? [resetTo(other.latestIn)]
                : [],
            ),
          'besides',
        ),
      ],
    },
  },
  {
    id: 'esim-odd-announcement-costs-mptcp',
    requirement: 'DRAFT-OPT-01',
    breaks: 'A ROBE_eSIM_EN of a wrong length is answered without MP_CAPABLE.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSynAck(tcp) && flow.segments('in').some(broken),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'esim-joins-what-fell-back',
    requirement: 'DRAFT-eSIM-S-20',
    breaks: 'A join to a connection that fell back draws no reset.',
    defect: {
      wire: [
        withhold(
          (tcp, { flow, flows }) =>
            isReset(tcp) &&
            flow.segments('in').some(joinCap) &&
            flows.some(
              (other) => other !== flow && other.segments('in').some((known) => isData(known) && plain(known)),
            ),
        ),
      ],
    },
  },
]);
