/**
 * Mutants of a client of RobE_eSIM (draft): MP_JOIN_CAP and ROBE_eSIM_EN, explicit and implicit.
 * Longer than 300 lines because it is one list of small faults of one role.
 */
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { joinCapOption, judgeEnhanced } from '../reference/election/enhanced.js';
import { misread, overlook, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import { carries, isBareAck, isReset, isSyn, isSynAck, withEdited, without } from './segment.js';

const joinCap = carries('mp_join_cap');
const capable = carries('mp_capable');
const enabled = carries('robe_esim_en');
const broken = (tcp: Tcp): boolean => tcp.options.some(({ option }) => option === 'malformed');
const implicit = { esim: { mode: 'implicit' } } as const;

export const esimClientMutants = mutants({ profile: 'robe-esim', role: 'client' }, [
  {
    id: 'esim-second-flow-by-mp-capable',
    requirement: 'DRAFT-eSIM-C-03',
    breaks: 'A later SYN/ACK is confirmed with MP_CAPABLE instead of MP_JOIN_CAP.',
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
    breaks: 'A later SYN/ACK is reset although its flow could join.',
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
        spoil(joinCap, (tcp) => withEdited(tcp, 'mp_join_cap', (option) => ({ ...option, key: option.key ^ 1n }))),
      ],
    },
  },
  {
    id: 'esim-mac-without-key-b2',
    requirement: 'DRAFT-eSIM-C-06',
    breaks: "The MAC covers Key-B twice instead of Key-B' of the joining flow.",
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
    breaks: 'The MAC splits the keys in another way than declared.',
    defect: { behaves: { esim: { split: 'b|ab2' } } },
  },
  {
    id: 'esim-fast-hash-in-front',
    requirement: 'DRAFT-eSIM-C-07',
    breaks: 'The fast hash is in the highest bits of the MAC.',
    defect: { behaves: { esim: { place: 'msb' } } },
  },
  {
    id: 'esim-other-crc',
    requirement: 'DRAFT-eSIM-C-07',
    breaks: 'The fast hash is computed by another CRC than declared.',
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
    breaks: 'A repeated SYN/ACK of a joining flow draws no answer.',
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
    breaks: 'Only the SYN of the first path carries ROBE_eSIM_EN.',
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
    breaks: 'In explicit mode MP_JOIN_CAP is used without confirmation.',
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
    breaks: 'Without confirmation the other flows are not reset.',
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
    breaks: 'In implicit mode data is sent on a joined flow before the server has shown that it accepted the join.',
    declared: implicit,
    defect: { decides: { client: { joinCapAwaits: () => 'nothing' } } },
  },
  {
    id: 'esim-implicit-never-closes-unproven-flow',
    requirement: 'DRAFT-eSIM-C-16',
    breaks: 'In implicit mode a flow whose join the server did not accept is kept.',
    declared: implicit,
    defect: { wire: [withhold((tcp, { flow }) => isReset(tcp) && flow.segments('out').some(joinCap))] },
  },
  {
    id: 'esim-joins-despite-c',
    requirement: 'DRAFT-eSIM-C-20',
    breaks: 'Other flows join although the server sent C=1.',
    defect: { behaves: { esim: { c_flag: 'allow' } } },
  },
  {
    id: 'esim-client-joins-other-negotiation',
    requirement: 'DRAFT-eSIM-C-19',
    breaks: 'A flow joins although its SYN/ACK negotiated other checksums.',
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
    breaks: 'Other flows join only after the server has acknowledged the initial one.',
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
    id: 'esim-odd-confirmation-costs-mptcp',
    requirement: 'DRAFT-OPT-01',
    breaks: 'A SYN/ACK with a malformed ROBE_eSIM_EN is treated as one without MP_CAPABLE.',
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
    breaks: 'A SYN/ACK is accepted only after every path has answered.',
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
    breaks: 'A later SYN/ACK of another version or algorithm is accepted.',
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
                ? { ...option, version: asked.version, flags: (option.flags & ~0x1e) | 1 }
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
