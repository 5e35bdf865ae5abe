/** Mutants of RobE_eSIM (draft): MP_JOIN_CAP and ROBE_eSIM_EN, both roles, explicit and implicit. */
import { DssFlag } from '../../protocol/mptcp/option.js';
import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import { joinCapOption, judgeEnhanced } from '../election/enhanced.js';
import { candidates, mayJoin, verifies } from '../listener/join-cap.js';
import { answer, misread, overlook, spoil, withhold } from './fault.js';
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
const stamped = (tcp: Tcp): boolean => tcp.options.some(({ option }) => option === 'timestamps');
const plain = (tcp: Tcp): boolean => !capable(tcp) && !carries('dss')(tcp);
const implicit = { esim: { mode: 'implicit' } } as const;

const server = mutants({ profile: 'robe-esim', role: 'server' }, [
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
              senderKey: flows.find((other) => other !== flow)?.key('out') ?? 0n,
            })),
        ),
      ],
    },
  },
  {
    id: 'esim-connection-not-found-by-key-a',
    requirement: 'DRAFT-eSIM-S-02',
    breaks: 'A MP_JOIN_CAP for an established connection finds none.',
    defect: {
      decides: {
        joinCap: { candidates: (...given) => candidates(...given).filter(({ session }) => session === undefined) },
      },
    },
  },
  {
    id: 'esim-early-join-refused',
    requirement: 'DRAFT-eSIM-S-03',
    breaks: 'In v1 a MP_JOIN_CAP that comes before the ACK of the initial flow is refused.',
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
    breaks: 'In v0 a MP_JOIN_CAP that comes before the ACK of the initial flow is refused.',
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
    breaks: 'Of several connections with one Key-A the first alone is tried.',
    defect: { decides: { joinCap: { candidates: (...given) => candidates(...given).slice(0, 1) } } },
  },
  {
    id: 'esim-key-a-suffices',
    requirement: 'DRAFT-eSIM-S-07',
    breaks: 'Who knows Key-A may join: the MAC is not looked at.',
    defect: { decides: { joinCap: { verifies: () => true } } },
  },
  {
    id: 'esim-fast-hash-suffices',
    requirement: 'DRAFT-eSIM-S-08',
    breaks: 'A matching fast hash is taken for proof.',
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
    breaks: 'The SYN/ACK carries ROBE_eSIM_EN though the SYN had none.',
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
    breaks: 'Data on a flow that has not joined yet makes a connection of its own.',
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
    breaks: 'A connection that is closing is still joined.',
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
    breaks: 'A flow that negotiated checksums otherwise is joined.',
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
    breaks: 'Of several joining flows only the first is taken.',
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
    id: 'esim-implicit-join-refused',
    requirement: 'DRAFT-eSIM-S-02',
    breaks: 'In implicit mode a flow that did not announce anything may not join.',
    declared: implicit,
    defect: { behaves: { esim: { mode: 'explicit' } } },
  },
  {
    id: 'esim-last-candidate-taken',
    requirement: 'DRAFT-eSIM-S-06',
    breaks: 'Of several connections with one Key-A the last alone is tried.',
    defect: { decides: { joinCap: { candidates: (...given) => candidates(...given).slice(-1) } } },
  },
  {
    id: 'esim-short-mac-unanswered',
    requirement: 'DRAFT-eSIM-S-10',
    breaks: 'A MP_JOIN_CAP too short to be one draws no reset.',
    defect: { wire: [withhold((tcp, { flow }) => isReset(tcp) && flow.segments('in').some(broken))] },
  },
  {
    id: 'esim-plain-flow-joins',
    requirement: 'DRAFT-eSIM-S-13',
    breaks: 'A flow that began without MP_CAPABLE carries data of MPTCP after MP_JOIN_CAP.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isData(tcp) && flow.segments('in').some(joinCap) && !flow.segments('in').some(capable),
          (tcp) => withOption(tcp, { option: 'dss', flags: DssFlag.A, dataAck: 0n }),
        ),
      ],
    },
  },
  {
    id: 'esim-join-on-syn-answered',
    requirement: 'DRAFT-eSIM-S-13',
    breaks: 'A SYN with MP_JOIN_CAP is answered by MP_JOIN_CAP.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSynAck(tcp) && flow.segments('in').some(joinCap),
          (tcp) =>
            withOption(tcp, {
              option: 'mp_join_cap',
              reserved: 0,
              addressId: 0,
              senderKey: 0n,
              mac: new Uint8Array(12),
            }),
        ),
      ],
    },
  },
  {
    id: 'esim-join-without-flow-unanswered',
    requirement: 'DRAFT-eSIM-S-13',
    breaks: 'MP_JOIN_CAP for which there is no flow draws no reset.',
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
    id: 'esim-announcement-alone-confirmed',
    requirement: 'DRAFT-eSIM-S-16',
    breaks: 'ROBE_eSIM_EN comes back although MPTCP was not negotiated, or on a join.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSynAck(tcp) && !enabled(tcp) && flow.segments('in').some(enabled),
          (tcp) => withOption(tcp, { option: 'robe_esim_en', reserved: 0 }),
        ),
      ],
    },
  },
  {
    id: 'esim-odd-announcement-costs-mptcp',
    requirement: 'DRAFT-OPT-01',
    breaks: 'A ROBE_eSIM_EN of a wrong length is taken for a reason to answer without MP_CAPABLE.',
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
    id: 'esim-no-room-for-mp-capable',
    requirement: 'DRAFT-OPT-04',
    breaks: 'Beside timestamps the SYN/ACK leaves MP_CAPABLE out.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSynAck(tcp) && stamped(tcp),
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

const client = mutants({ profile: 'robe-esim', role: 'client' }, [
  {
    id: 'esim-second-flow-by-mp-capable',
    requirement: 'DRAFT-eSIM-C-03',
    breaks: 'A later SYN/ACK is confirmed with MP_CAPABLE in place of MP_JOIN_CAP.',
    defect: {
      decides: {
        client: {
          judgeEnhanced: (...given) => (judgeEnhanced(...given) === 'join-cap' ? 'attach' : judgeEnhanced(...given)),
        },
      },
    },
  },
  {
    id: 'esim-second-flow-reset',
    requirement: 'DRAFT-eSIM-C-03',
    breaks: 'A later SYN/ACK is reset though it could join.',
    defect: { decides: { client: { judgeEnhanced: () => 'reset' } } },
  },
  {
    id: 'esim-short-mac',
    requirement: 'DRAFT-eSIM-C-04',
    breaks: 'The MAC of MP_JOIN_CAP is cut to 64 bits.',
    defect: {
      wire: [
        spoil(joinCap, (tcp) =>
          withEdited(tcp, 'mp_join_cap', (option) => ({ ...option, mac: option.mac.subarray(0, 8) })),
        ),
      ],
    },
  },
  {
    id: 'esim-spare-bits-set',
    requirement: 'DRAFT-eSIM-C-04',
    breaks: 'A spare bit of MP_JOIN_CAP is set.',
    defect: {
      wire: [spoil(joinCap, (tcp) => withEdited(tcp, 'mp_join_cap', (option) => ({ ...option, reserved: 1 })))],
    },
  },
  {
    id: 'esim-key-a-of-the-joining-flow',
    requirement: 'DRAFT-eSIM-C-05',
    breaks: 'MP_JOIN_CAP names another Key-A than that of the initial flow.',
    defect: {
      wire: [
        spoil(joinCap, (tcp) =>
          withEdited(tcp, 'mp_join_cap', (option) => ({ ...option, senderKey: option.senderKey ^ 1n })),
        ),
      ],
    },
  },
  {
    id: 'esim-mac-without-key-b2',
    requirement: 'DRAFT-eSIM-C-06',
    breaks: "The MAC covers Key-B twice and not Key-B' of the joining flow.",
    defect: {
      decides: {
        joinCap: {
          option: (stack, session, id, given) =>
            joinCapOption(stack, session, id, { ...given, keyB: session.remoteKey }),
        },
      },
    },
  },
  {
    id: 'esim-mac-split-otherwise',
    requirement: 'DRAFT-eSIM-C-06',
    breaks: 'The MAC splits the keys otherwise than declared.',
    defect: { behaves: { esim: { split: 'b|ab2' } } },
  },
  {
    id: 'esim-fast-hash-in-front',
    requirement: 'DRAFT-eSIM-C-07',
    breaks: 'The fast hash stands in the highest bits of the MAC.',
    defect: { behaves: { esim: { place: 'msb' } } },
  },
  {
    id: 'esim-other-crc',
    requirement: 'DRAFT-eSIM-C-07',
    breaks: 'The fast hash is made by another CRC than the one declared.',
    defect: { behaves: { esim: { crc: 'ccitt-false' } } },
  },
  {
    id: 'esim-fast-hash-missing',
    requirement: 'DRAFT-eSIM-C-07',
    breaks: 'The fast hash is not put into the MAC.',
    defect: { behaves: { esim: { place: 'before-truncation' } } },
  },
  {
    id: 'esim-address-id-zero',
    requirement: 'DRAFT-eSIM-C-08',
    breaks: 'A joining flow has Address ID 0, which belongs to the initial one.',
    defect: {
      wire: [spoil(joinCap, (tcp) => withEdited(tcp, 'mp_join_cap', (option) => ({ ...option, addressId: 0 })))],
    },
  },
  {
    id: 'esim-repeated-syn-ack-acknowledged-barely',
    requirement: 'DRAFT-eSIM-C-09',
    breaks: 'A repeated SYN/ACK of a joining flow is answered without MP_JOIN_CAP.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => joinCap(tcp) && flow.segments('out').some(joinCap),
          (tcp) => without(tcp, 'mp_join_cap'),
        ),
      ],
    },
  },
  {
    id: 'esim-repeated-syn-ack-unanswered',
    requirement: 'DRAFT-eSIM-C-17',
    breaks: 'A repeated SYN/ACK of a joining flow is not answered, and the option not repeated.',
    defect: { wire: [withhold((tcp, { flow }) => joinCap(tcp) && flow.segments('out').some(joinCap))] },
  },
  {
    id: 'esim-join-besides',
    requirement: 'DRAFT-eSIM-C-10',
    breaks: 'Paths that joined by MP_JOIN_CAP are joined by MP_JOIN as well.',
    defect: { decides: { client: { joinPaths: ({ paths, joined }) => paths.filter((path) => !joined.has(path)) } } },
  },
  {
    id: 'esim-plain-answer-joined',
    requirement: 'DRAFT-eSIM-C-11',
    breaks: 'A later SYN/ACK without MP_CAPABLE is not reset.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow, flows }) =>
            isSynAck(tcp) &&
            !capable(tcp) &&
            !carries('mp_join')(tcp) &&
            flows.some((other) => other !== flow && other.synAcked),
        ),
      ],
    },
  },
  {
    id: 'esim-syn-without-en',
    requirement: 'DRAFT-eSIM-C-12',
    breaks: 'The SYNs of explicit mode carry no ROBE_eSIM_EN.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSyn(tcp) && enabled(tcp),
          (tcp) => without(tcp, 'robe_esim_en'),
        ),
      ],
    },
  },
  {
    id: 'esim-en-in-first-syn-only',
    requirement: 'DRAFT-eSIM-C-12',
    breaks: 'ROBE_eSIM_EN is in the SYN of the first path alone.',
    defect: {
      wire: [
        spoil(
          (tcp, { path }) => isSyn(tcp) && enabled(tcp) && path !== 1,
          (tcp) => without(tcp, 'robe_esim_en'),
        ),
      ],
    },
  },
  {
    id: 'esim-joins-unconfirmed',
    requirement: 'DRAFT-eSIM-C-13',
    breaks: 'In explicit mode MP_JOIN_CAP is used although nothing was confirmed.',
    defect: {
      decides: {
        client: {
          judgeEnhanced: (_stack, attempt, _potential, given) =>
            given === undefined || attempt.connection.session === undefined ? 'reset' : 'join-cap',
        },
      },
    },
  },
  {
    id: 'esim-unconfirmed-flow-kept',
    requirement: 'DRAFT-eSIM-C-14',
    breaks: 'Without confirmation the other flows are left and not reset.',
    defect: {
      decides: {
        client: {
          judgeEnhanced: (...given) => (judgeEnhanced(...given) === 'reset' ? 'leave' : judgeEnhanced(...given)),
        },
      },
      wire: [withhold((tcp, { flow }) => isReset(tcp) && flow.segments('in').some((s) => isSynAck(s) && !enabled(s)))],
    },
  },
  {
    id: 'esim-unconfirmed-path-not-joined',
    requirement: 'DRAFT-eSIM-C-14',
    breaks: 'Without confirmation the paths that were reset are not joined later.',
    defect: { decides: { client: { joinPaths: () => [] } } },
  },
  {
    id: 'esim-tcp-keeps-other-flows',
    requirement: 'DRAFT-eSIM-C-15',
    breaks: 'When the answers are plain TCP, the later ones are confirmed as well.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow, flows }) =>
            isReset(tcp) && flow.synAcked && !flows.some((other) => other.segments('in').some(capable)),
          () => ({ flags: TcpFlag.ACK, window: 512 }),
        ),
      ],
    },
  },
  {
    id: 'esim-implicit-uses-unproven-flow',
    requirement: 'DRAFT-eSIM-C-16',
    breaks: 'In implicit mode data goes on a joined flow before the server has shown that it took the join.',
    declared: implicit,
    defect: { decides: { client: { joinCapAwaits: () => 'nothing' } } },
  },
  {
    id: 'esim-implicit-never-closes-unproven-flow',
    requirement: 'DRAFT-eSIM-C-16',
    breaks: 'In implicit mode a flow that the server did not take is kept.',
    declared: implicit,
    defect: { wire: [withhold((tcp, { flow }) => isReset(tcp) && flow.segments('out').some(joinCap))] },
  },
  {
    id: 'esim-joins-despite-c',
    requirement: 'DRAFT-eSIM-C-20',
    breaks: 'C=1 of the server does not keep other flows from joining.',
    defect: { behaves: { esim: { c_flag: 'allow' } } },
  },
  {
    id: 'esim-client-joins-other-negotiation',
    requirement: 'DRAFT-eSIM-C-19',
    breaks: 'A later SYN/ACK that negotiated checksums otherwise is joined.',
    declared: { mpc: { checksum: false } },
    defect: {
      decides: {
        client: {
          judgeEnhanced: (stack, attempt, potential, given) =>
            judgeEnhanced(
              stack,
              attempt,
              potential,
              given === undefined
                ? given
                : { ...given, checksum: attempt.connection.session?.checksum ?? given.checksum },
            ),
        },
      },
    },
  },
  {
    id: 'esim-lost-third-blocks-the-join',
    requirement: 'DRAFT-eSIM-C-18',
    breaks: 'Other flows join only when the server has acknowledged the initial one.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow, flows }) =>
            isSynAck(tcp) && flows.some((other) => other !== flow && other.synAcked && other.segments('in').length < 2),
        ),
      ],
    },
  },
  {
    id: 'esim-announces-in-implicit-mode',
    requirement: 'DRAFT-eSIM-C-12',
    breaks: 'A client that declares the implicit mode announces, and waits for confirmations.',
    declared: implicit,
    defect: { behaves: { esim: { mode: 'explicit' } } },
  },
  {
    id: 'esim-implicit-never-joins',
    requirement: 'DRAFT-eSIM-C-03',
    breaks: 'In implicit mode the other flows are reset for want of a confirmation.',
    declared: implicit,
    defect: { decides: { client: { judgeEnhanced: () => 'reset' } } },
  },
  {
    id: 'esim-odd-confirmation-costs-mptcp',
    requirement: 'DRAFT-OPT-01',
    breaks: 'A SYN/ACK whose ROBE_eSIM_EN is odd counts as one without MP_CAPABLE.',
    defect: {
      wire: [
        misread(
          (tcp) =>
            isSynAck(tcp) &&
            (broken(tcp) ||
              tcp.options.filter(({ option }) => option === 'robe_esim_en').length > 1 ||
              tcp.options.some((option) => option.option === 'robe_esim_en' && option.reserved !== 0)),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'esim-waits-for-every-path',
    requirement: 'DRAFT-GEN-02',
    breaks: 'A SYN/ACK counts only when every path has answered.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow, flows }) =>
            isSynAck(tcp) &&
            flows.some((other) => other !== flow && other.openedHere && !other.segments('in').some(isSynAck)),
        ),
      ],
    },
  },
  {
    id: 'esim-one-path-at-a-time',
    requirement: 'DRAFT-GEN-04',
    breaks: 'Only the first path is tried.',
    defect: { wire: [withhold((tcp, { path }) => isSyn(tcp) && path !== 1)] },
  },
  {
    id: 'esim-refusal-ends-the-attempt',
    requirement: 'DRAFT-GEN-02',
    breaks: 'A refusal on one path resets the answers of the others.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow, flows }) =>
            isBareAck(tcp) && flows.some((other) => other !== flow && other.segments('in').some(isReset)),
          () => ({ flags: TcpFlag.RST, window: 0 }),
        ),
      ],
    },
  },
  {
    id: 'esim-one-key-on-all-paths',
    requirement: 'DRAFT-eSIM-C-05',
    breaks: 'In v0 every SYN carries the same Key-A.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSyn(tcp) && capable(tcp),
          (tcp) =>
            withEdited(tcp, 'mp_capable', (option) =>
              option.senderKey === undefined ? option : { ...option, senderKey: 0xaaaa_bbbb_cccc_ddddn },
            ),
        ),
      ],
    },
  },
  {
    id: 'esim-tcp-confirms-the-other-flow',
    requirement: 'DRAFT-eSIM-C-15',
    breaks: 'When the first answer was plain TCP, a later one with MP_CAPABLE is confirmed.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow, flows }) =>
            isReset(tcp) &&
            flow.segments('in').some((known) => isSynAck(known) && capable(known)) &&
            flows.some(
              (other) => other !== flow && other.segments('in').some((known) => isSynAck(known) && !capable(known)),
            ),
          () => ({ flags: TcpFlag.ACK, window: 512 }),
        ),
      ],
    },
  },
  {
    id: 'esim-joins-other-algorithm',
    requirement: 'DRAFT-eSIM-C-19',
    breaks: 'A later SYN/ACK of another version or algorithm is taken as if it had been the right one.',
    defect: {
      wire: [
        misread(
          (tcp, { flow, flows }) =>
            isSynAck(tcp) &&
            capable(tcp) &&
            flows.some((other) => other !== flow && other.segments('in').some(isSynAck)),
          (tcp, { flow }) =>
            withEdited(tcp, 'mp_capable', (option) => {
              const asked = flow
                .segments('out')
                .flatMap(({ options }) => options)
                .find(({ option: name }) => name === 'mp_capable');
              return asked?.option === 'mp_capable'
                ? { ...option, version: asked.version, flags: option.flags | 1 }
                : option;
            }),
        ),
      ],
    },
  },
  {
    id: 'esim-joining-flow-takes-the-connection-along',
    requirement: 'DRAFT-eSIM-C-17',
    breaks: 'A reset of the joining flow ends the connection.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow, flows }) =>
            isBareAck(tcp) &&
            flows.some(
              (other) => other !== flow && other.segments('out').some(joinCap) && other.segments('in').some(isReset),
            ),
          () => ({ flags: TcpFlag.RST, window: 0 }),
        ),
      ],
    },
  },
]);

/** What the lowest ten bits may be, as the last two octets' low bits. */
const everyTail = Array.from({ length: 1024 }, (_, tail) => tail);

const withTail = (mac: Uint8Array, tail: number): Uint8Array => {
  const changed = mac.slice();
  const at = changed.length - 2;
  changed[at] = ((changed[at] ?? 0) & ~3) | (tail >> 8);
  changed[at + 1] = tail & 0xff;
  return changed;
};

export const esimMutants = [...server, ...client];
