/**
 * Mutants of what a client makes of a SYN/ACK, and of its first data (RFC 6824 and RFC 8684 section 3.1).
 * Longer than 300 lines because it is one list of small faults about one decision.
 */
import { initialDsn } from '../protocol/keys/key-digest.js';
import { DssFlag, type MpCapable, MpCapableFlag } from '../protocol/mptcp/option.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { judgeAnswer } from '../reference/mptcp/capable.js';
import { dsnAdd } from '../reference/mptcp/sequence.js';
import { crash, misread, overlook, spoil, withhold } from './fault.js';
import { mutants } from './mutant.js';
import {
  carries,
  findAny,
  isBareAck,
  isData,
  isSyn,
  isSynAck,
  isThird,
  withEdited,
  withOption,
  without,
} from './segment.js';

const { A, B, C, H } = MpCapableFlag;
const capable = carries('mp_capable');
const offers = (version: number) => (tcp: Tcp) => isSyn(tcp) && findAny(tcp, 'mp_capable')?.version === version;

/** A SYN/ACK that is judged as if its MP_CAPABLE were another. */
const asIf =
  (alter: (option: MpCapable) => MpCapable): typeof judgeAnswer =>
  (segment, version, offeredChecksum, parameters) =>
    judgeAnswer(
      {
        ...segment,
        options: segment.options.map((option) => (option.option === 'mp_capable' ? alter(option) : option)),
      },
      version,
      offeredChecksum,
      parameters,
    );

/** The option as if its receiver's key and what follows were not there. */
const keyAlone = ({ option, version, flags, key }: MpCapable): MpCapable => ({
  option,
  version,
  flags,
  ...(key === undefined ? {} : { key }),
});

const isMptcp = ({ option }: Tcp['options'][number]): boolean => option === 'mp_join' || option === 'mp_capable';

/** MP_CAPABLE with data as the DSS that maps the same octets. */
const asDss = (option: Tcp['options'][number]): Tcp['options'][number] => {
  if (option.option !== 'mp_capable' || option.key === undefined) return option;
  return {
    option: 'dss',
    flags: DssFlag.M | DssFlag.m,
    dsn: dsnAdd(initialDsn(1, option.key), 1),
    ssn: 1,
    dataLength: option.dataLength ?? 0,
    ...(option.checksum === undefined ? {} : { checksum: option.checksum }),
  };
};

export const clientAnswerMutants = mutants({ profile: 'mptcp', role: 'client' }, [
  {
    id: 'plain-syn-ack-is-mptcp',
    requirement: 'RFC6824-3.1-18',
    breaks: 'After a SYN/ACK without MP_CAPABLE the third segment carries MP_CAPABLE nevertheless.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isBareAck(tcp) &&
            !flow.carriedData &&
            flow.segments('out').some(capable) &&
            !flow.segments('in').some(capable),
          (tcp) => withOption(tcp, { option: 'mp_capable', version: 1, flags: A | H, key: 0x88n, peerKey: 0x99n }),
        ),
      ],
    },
  },
  {
    id: 'plain-syn-ack-refused',
    requirement: 'RFC6824-3.1-18',
    breaks: 'A SYN/ACK without MP_CAPABLE is ignored instead of accepted as TCP.',
    defect: {
      wire: [
        overlook((tcp, { flow }) => isSynAck(tcp) && flow.segments('out').some(capable) && !tcp.options.some(isMptcp)),
      ],
    },
  },
  {
    id: 'never-tries-plain-syn',
    origin: 'multipath-tcp/mptcp_net-next#477',
    requirement: 'RFC6824-3.1-21',
    breaks: 'After any number of unanswered MPTCP SYNs no plain SYN follows.',
    defect: { decides: { client: { offersCapable: (_, { profile }) => profile !== 'tcp' } } },
  },
  {
    id: 'lower-version-offered',
    requirement: 'RFC8684-3.1-13',
    breaks: 'A host of both versions offers the lower one.',
    defect: {
      wire: [
        spoil(offers(1), (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, version: 0, key: 0x4242n }))),
      ],
    },
  },
  {
    id: 'higher-version-accepted',
    requirement: 'RFC8684-3.1-18',
    breaks: 'A SYN/ACK with a version above the offered one is accepted as MPTCP.',
    defect: {
      decides: {
        client: {
          judgeAnswer: (segment, version, ...rest) =>
            asIf((option) => ({ ...option, version: Math.min(option.version, version) }))(segment, version, ...rest),
        },
      },
    },
  },
  {
    id: 'other-version-in-syn-ack-accepted',
    requirement: 'RFC6824-3.1-18',
    breaks: 'A SYN/ACK of another version than the offered one is accepted as MPTCP of the offered version.',
    defect: {
      decides: {
        client: {
          judgeAnswer: (segment, version, ...rest) =>
            asIf((option) => ({ ...option, version }))(segment, version, ...rest),
        },
      },
    },
  },
  {
    id: 'syn-ack-of-wrong-length-accepted',
    requirement: 'RFC8684-3.1-18',
    breaks: 'A SYN/ACK with an MP_CAPABLE of 20 octets is accepted as one of 12.',
    defect: { decides: { client: { judgeAnswer: asIf(keyAlone) } } },
  },
  {
    id: 'both-keys-in-a-v0-syn-ack-accepted',
    versions: [0],
    requirement: 'DERIVED-MALF-01',
    breaks: 'An MP_CAPABLE of 20 octets, as in a third segment, is accepted in a v0 SYN/ACK.',
    defect: { decides: { client: { judgeAnswer: asIf(keyAlone) } } },
  },
  {
    id: 'keyless-syn-ack-accepted',
    requirement: 'DERIVED-MALF-01',
    breaks: 'A SYN/ACK with a 4-octet MP_CAPABLE is accepted with key zero.',
    defect: {
      decides: { client: { judgeAnswer: asIf((option) => ({ ...option, key: option.key ?? 0n })) } },
    },
  },
  {
    id: 'malformed-syn-ack-crashes',
    requirement: 'DERIVED-MALF-01',
    breaks: 'An MP_CAPABLE of an impossible length in the SYN/ACK crashes the client.',
    defect: {
      wire: [crash((tcp) => isSynAck(tcp) && tcp.options.some(({ option }) => option === 'malformed'))],
    },
  },
  {
    id: 'flag-b-in-v0-syn-ack-accepted',
    versions: [0],
    requirement: 'RFC6824-3.1-11',
    breaks: 'A v0 SYN/ACK with flag B is accepted as MPTCP.',
    defect: { decides: { client: { judgeAnswer: asIf((option) => ({ ...option, flags: option.flags & ~B })) } } },
  },
  {
    id: 'plain-syn-ack-of-v1-answered-in-v0',
    requirement: 'RFC8684-3.1-16',
    breaks: 'After a plain SYN/ACK to a v1 SYN the third segment of the same flow claims version 0.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isBareAck(tcp) && flow.segments('out').some(offers(1)) && !flow.segments('in').some(capable),
          (tcp) => withOption(tcp, { option: 'mp_capable', version: 0, flags: A | H, key: 0x88n, peerKey: 0x99n }),
        ),
      ],
    },
  },
  {
    id: 'flag-b-in-syn-ack-accepted',
    requirement: 'RFC8684-3.1-25',
    breaks: 'A SYN/ACK with flag B is accepted as MPTCP.',
    defect: { decides: { client: { judgeAnswer: asIf((option) => ({ ...option, flags: option.flags & ~B })) } } },
  },
  {
    id: 'syn-ack-without-crypto-accepted',
    requirement: 'RFC8684-3.1-22',
    breaks: 'A v1 SYN/ACK without any crypto bit is accepted as MPTCP.',
    defect: {
      decides: {
        client: {
          judgeAnswer: asIf((option) =>
            option.version === 1 && (option.flags & 0x1f) === 0 ? { ...option, flags: option.flags | H } : option,
          ),
        },
      },
    },
  },
  {
    id: 'v0-syn-ack-without-crypto-accepted',
    requirement: 'RFC6824-3.1-13',
    breaks: 'A v0 SYN/ACK without any crypto bit is accepted as MPTCP.',
    defect: {
      decides: {
        client: {
          judgeAnswer: asIf((option) =>
            option.version === 0 && (option.flags & 0x3f) === 0 ? { ...option, flags: option.flags | H } : option,
          ),
        },
      },
    },
  },
  {
    id: 'unoffered-crypto-accepted',
    requirement: 'RFC6824-3.1-18',
    breaks: 'A SYN/ACK that chooses an algorithm that was not offered is accepted as MPTCP.',
    defect: {
      decides: {
        client: {
          judgeAnswer: asIf((option) =>
            (option.flags & 0x1e) !== 0 ? { ...option, flags: (option.flags & ~0x1e) | H } : option,
          ),
        },
      },
    },
  },
  {
    id: 'checksum-demand-ignored',
    requirement: 'RFC6824-3.1-16',
    breaks: 'A=1 in the SYN/ACK does not enable checksums for a client that sent A=0.',
    declared: { mpc: { checksum: false } },
    defect: { decides: { client: { judgeAnswer: asIf((option) => ({ ...option, flags: option.flags & ~A })) } } },
  },
  {
    id: 'c-flag-ignored',
    origin: 'multipath-tcp/mptcp_net-next#183',
    requirement: 'RFC8684-3.1-26',
    breaks: 'A join goes to an address that forbade joins with C=1.',
    defect: {
      decides: { client: { judgeAnswer: asIf((option) => ({ ...option, flags: option.flags & ~C })) } },
    },
  },
  {
    id: 'first-data-by-dss',
    origin: 'multipath-tcp/mptcp#405',
    requirement: 'RFC8684-3.1-04',
    breaks: 'In v1 the first data of the client carries a DSS mapping instead of MP_CAPABLE.',
    defect: {
      wire: [
        spoil(
          (tcp) => isData(tcp) && capable(tcp),
          (tcp) => ({ options: tcp.options.map(asDss) }),
        ),
      ],
    },
  },
  {
    id: 'first-data-bare',
    requirement: 'RFC8684-3.1-05',
    breaks: 'In v1 the first data of the client carries no MPTCP option, since the third segment had it.',
    defect: {
      wire: [
        spoil(
          (tcp) => isData(tcp) && capable(tcp),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'first-data-length-wrong',
    requirement: 'RFC8684-3.1-04',
    breaks: 'MP_CAPABLE on the first data states one octet more than the segment has.',
    defect: {
      wire: [
        spoil(
          (tcp) => isData(tcp) && capable(tcp),
          (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, dataLength: (option.dataLength ?? 0) + 1 })),
        ),
      ],
    },
  },
  {
    id: 'first-data-of-peer-not-data-acked',
    requirement: 'RFC8684-3.1-06',
    breaks: "The peer's first data with DSS draws no Data ACK.",
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isBareAck(tcp) && flow.segments('in').some(isData) && carries('dss')(tcp),
          (tcp) => without(tcp, 'dss'),
        ),
      ],
    },
  },
  {
    id: 'third-repeated-without-keys',
    requirement: 'RFC8684-3.1-09',
    breaks: 'After a repeated SYN/ACK the third segment is repeated without the keys.',
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
    id: 'repeated-syn-ack-unanswered',
    requirement: 'RFC8684-3.1-09',
    breaks: 'A repeated SYN/ACK draws no answer.',
    defect: { wire: [overlook((tcp, { flow }) => isSynAck(tcp) && flow.synAcked)] },
  },
  {
    id: 'unknown-subtype-in-syn-ack-spoils-it',
    requirement: 'DERIVED-MALF-05',
    breaks: 'An unknown MPTCP subtype beside MP_CAPABLE in the SYN/ACK makes the handshake plain TCP.',
    defect: {
      wire: [
        misread(
          (tcp) => isSynAck(tcp) && carries('mptcp_unknown')(tcp),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'join-in-syn-ack-honoured',
    requirement: 'DERIVED-MALF-03',
    breaks: 'A SYN/ACK with MP_CAPABLE and MP_JOIN is accepted as one with MP_CAPABLE.',
    defect: {
      wire: [
        misread(
          (tcp) => isSynAck(tcp) && capable(tcp) && carries('mp_join')(tcp),
          (tcp) => without(tcp, 'mp_join'),
        ),
      ],
    },
  },
  {
    id: 'same-key-a-for-every-connection',
    requirement: 'RFC6824-3.1-04',
    breaks: 'Every connection of the client has the same Key-A.',
    defect: { decides: { client: { chooseKeyA: () => 0x1234_1234_1234_1234n } } },
  },
  {
    id: 'client-option-kind-29',
    requirement: 'RFC6824-3-01',
    breaks: 'The MP_CAPABLE of the SYN has option kind 29.',
    defect: {
      wire: [
        spoil(isSyn, (tcp) =>
          withEdited(tcp, 'mp_capable', ({ flags }) => ({
            option: 'unknown',
            kind: 29,
            data: Uint8Array.of(0, flags),
          })),
        ),
      ],
    },
  },
  {
    id: 'options-kept-after-plain-syn-ack',
    requirement: 'RFC8684-3.1-19',
    breaks: 'After the SYN/ACK made the connection plain TCP, data still carries mappings.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isData(tcp) && flow.segments('out').some(capable) && !flow.segments('in').some(capable),
          (tcp) => withOption(tcp, { option: 'dss', flags: DssFlag.A, ack: 1n }),
        ),
      ],
    },
  },
  {
    id: 'client-data-without-mapping',
    requirement: 'RFC6824-3.6-02',
    breaks: 'Data of the client is sent without a mapping before any Data ACK came.',
    defect: { wire: [spoil(isData, (tcp) => without(tcp, 'dss', 'mp_capable'))] },
  },
  {
    id: 'v1-client-third-withheld',
    requirement: 'RFC9293-3.10.7-02',
    breaks: 'A SYN/ACK with MP_CAPABLE is not acknowledged until there is data.',
    defect: { wire: [withhold((tcp, { flow }) => isThird(tcp) && !flow.carriedData)] },
  },
]);
