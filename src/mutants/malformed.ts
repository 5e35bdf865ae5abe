/** Mutants that take malformed or contradictory options for what they are not. */
import { mptcpKind, nibbleOf } from '../protocol/mptcp/head.js';
import { mpCapable } from '../protocol/mptcp/mp-capable.js';
import { mpJoin } from '../protocol/mptcp/mp-join.js';
import { mpTcpRst } from '../protocol/mptcp/mp-tcprst.js';
import { MpCapableFlag } from '../protocol/mptcp/option.js';
import { malformedSubtype, type TcpOption } from '../protocol/wire/tcp-option.js';
import { asIf } from './altered-offer.js';
import { crash, misread, overlook, spoil } from './fault.js';
import { mutants } from './mutant.js';
import { carries, findAny, isSyn, isSynAck, withEdited, withOption, without } from './segment.js';

const { A, H } = MpCapableFlag;

const key = 0x0123_4567_89ab_cdefn;

const isBrokenCapableOfV0 = (option: TcpOption): boolean =>
  option.option === 'malformed' && malformedSubtype(option) === mpCapable.subtype && nibbleOf(option.octets, 0) === 0;
const isBrokenJoin = (option: TcpOption): boolean => malformedSubtype(option) === mpJoin.subtype;
/** A subtype that neither RFC knows: those of RobE, too, which decode to Malformed when their length is another. */
export const isUnknownToRfcs = (option: TcpOption): boolean => {
  switch (option.option) {
    case 'mptcp_unknown':
    case 'robe_esim_en':
    case 'mp_join_cap':
    case 'l_rtt_en':
      return true;
    case 'malformed':
      return (malformedSubtype(option) ?? 0) > mpTcpRst.subtype;
    default:
      return false;
  }
};

export const malformedMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'v1-key-in-syn-accepted',
    requirement: 'DERIVED-MALF-01',
    breaks: 'A v1 MP_CAPABLE of 12 octets in a SYN is accepted although v1 has none of that length there.',
    defect: {
      decides: {
        listener: {
          judgeOffer: asIf(({ option, version, flags, key }) =>
            version === 1 || key === undefined ? { option, version, flags } : { option, version, flags, key },
          ),
        },
      },
    },
  },
  {
    id: 'v0-keyless-syn-accepted',
    requirement: 'DERIVED-MALF-01',
    breaks: 'A v0 MP_CAPABLE of another length than 12 octets in a SYN is accepted.',
    defect: {
      wire: [
        misread(
          (tcp) => isSyn(tcp) && tcp.options.some(isBrokenCapableOfV0),
          (tcp) =>
            withOption(
              { ...tcp, options: tcp.options.filter((option) => !isBrokenCapableOfV0(option)) },
              { option: 'mp_capable', version: 0, flags: A | H, key },
            ),
        ),
      ],
    },
  },
  {
    id: 'malformed-option-crashes',
    requirement: 'DERIVED-MALF-01',
    breaks: 'An MP_CAPABLE of a length that no version has crashes the process.',
    defect: {
      wire: [crash((tcp) => tcp.options.some((option) => option.option === 'malformed' && option.kind === mptcpKind))],
    },
  },
  {
    id: 'malformed-join-becomes-a-join',
    requirement: 'DERIVED-MALF-02',
    breaks: 'An MP_JOIN of a wrong length in a SYN is refused as a join instead of ignored.',
    defect: {
      wire: [
        overlook(
          (tcp) =>
            isSyn(tcp) &&
            (tcp.options.some(isBrokenJoin) || tcp.options.some((o) => o.option === 'mp_join' && o.form !== 'syn')),
        ),
      ],
    },
  },
  {
    id: 'capable-beside-join-honoured',
    requirement: 'DERIVED-MALF-03',
    breaks: 'If a SYN has MP_CAPABLE and MP_JOIN, MP_CAPABLE is accepted.',
    defect: {
      wire: [
        misread(
          (tcp) => isSyn(tcp) && carries('mp_capable')(tcp) && carries('mp_join')(tcp),
          (tcp) => without(tcp, 'mp_join'),
        ),
      ],
    },
  },
  {
    id: 'join-beside-capable-honoured',
    requirement: 'DERIVED-MALF-03',
    breaks: 'If a SYN has MP_CAPABLE and MP_JOIN, MP_JOIN is accepted.',
    defect: {
      wire: [
        misread(
          (tcp) => isSyn(tcp) && carries('mp_capable')(tcp) && carries('mp_join')(tcp),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'several-capables-crash',
    requirement: 'DERIVED-MALF-04',
    breaks: 'Two MP_CAPABLE options in one SYN crash the process.',
    defect: {
      wire: [crash((tcp) => isSyn(tcp) && tcp.options.filter(({ option }) => option === 'mp_capable').length > 1)],
    },
  },
  {
    id: 'several-capables-change-their-outcome',
    requirement: 'DERIVED-MALF-04',
    breaks: 'Two MP_CAPABLE options in one SYN are accepted in the first SYN/ACK, but not in its repetition.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isSynAck(tcp) &&
            flow.synAcked &&
            flow.segments('in').some((syn) => syn.options.filter(({ option }) => option === 'mp_capable').length > 1),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'unknown-subtype-spoils-the-offer',
    requirement: 'DERIVED-MALF-05',
    breaks: 'An unknown MPTCP subtype beside a valid MP_CAPABLE makes the handshake plain TCP.',
    defect: {
      wire: [
        misread(
          (tcp) => isSyn(tcp) && tcp.options.some(isUnknownToRfcs),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'key-of-zero-crashes',
    requirement: 'DERIVED-MALF-06',
    breaks: 'A key of zero crashes the process.',
    defect: { wire: [crash((tcp) => findAny(tcp, 'mp_capable')?.key === 0n)] },
  },
  {
    id: 'equal-keys-crash',
    requirement: 'DERIVED-MALF-08',
    breaks: 'A third segment whose Key-A equals Key-B crashes the process.',
    defect: {
      wire: [
        crash((tcp) => {
          const capable = findAny(tcp, 'mp_capable');
          return capable?.peerKey !== undefined && capable.peerKey === capable.key;
        }),
      ],
    },
  },
  {
    id: 'option-kind-29',
    requirement: 'RFC6824-3-01',
    breaks: 'Every MPTCP option has kind 29.',
    defect: {
      wire: [
        spoil(isSynAck, (tcp) =>
          withEdited(tcp, 'mp_capable', ({ flags }) => ({
            option: 'unknown',
            kind: 29,
            data: Uint8Array.from([0, flags, 1, 2, 3, 4, 5, 6, 7, 8]),
          })),
        ),
      ],
    },
  },
]);
