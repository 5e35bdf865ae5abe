/** Mutants of a server's MP_CAPABLE (RFC 6824 and RFC 8684 section 3.1): what it takes for an offer, and what it answers. */
import { MpCapableFlag } from '../protocol/mptcp/option.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { judgeOffer } from '../reference/mptcp/capable.js';
import { asIf } from './altered-offer.js';
import { misread, overlook, spoil } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { mutants } from './mutant.js';
import { carries, findAny, isSyn, isSynAck, withEdited, withOption } from './segment.js';

const { A, B, H } = MpCapableFlag;

const offers = (version: number) => (tcp: Tcp) => isSyn(tcp) && findAny(tcp, 'mp_capable')?.version === version;
const answers = (version: number) => (tcp: Tcp) => isSynAck(tcp) && findAny(tcp, 'mp_capable')?.version === version;
const flagsOf = (tcp: Tcp) => findAny(tcp, 'mp_capable')?.flags ?? 0;

const key = 0x0123_4567_89ab_cdefn;

const isOffer = (tcp: Tcp): boolean => isSyn(tcp) && carries('mp_capable')(tcp);
const isKeyedLaterOffer = (tcp: Tcp): boolean => {
  const offer = findAny(tcp, 'mp_capable');
  return isSyn(tcp) && offer?.key !== undefined && offer.version > 1;
};
const offeredVersion = (flow: FlowHistory): number =>
  flow.segments('in').flatMap((tcp) => findAny(tcp, 'mp_capable')?.version ?? [])[0] ?? 0;
const isBareOrData = (tcp: Tcp): boolean => !isSyn(tcp) && !isSynAck(tcp);

export const listenerMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'syn-ack-of-v0-without-key',
    requirement: 'RFC6824-3.1-02',
    breaks: 'The SYN/ACK of v0 carries a 4-octet MP_CAPABLE without the key of the listener.',
    defect: {
      wire: [
        spoil(answers(0), (tcp) =>
          withEdited(tcp, 'mp_capable', ({ option, version, flags }) => ({ option, version, flags })),
        ),
      ],
    },
  },
  {
    id: 'syn-ack-of-v1-with-two-keys',
    requirement: 'RFC8684-3.1-02',
    breaks: 'The SYN/ACK of v1 carries the 20-octet form, its key twice.',
    defect: {
      wire: [
        spoil(answers(1), (tcp) =>
          withEdited(tcp, 'mp_capable', (option) => ({ ...option, peerKey: option.key ?? key })),
        ),
      ],
    },
  },
  {
    id: 'syn-ack-of-v1-without-key',
    requirement: 'RFC8684-3.1-02',
    breaks: 'The SYN/ACK of v1 mirrors the 4-octet form of the SYN.',
    defect: {
      wire: [
        spoil(answers(1), (tcp) =>
          withEdited(tcp, 'mp_capable', ({ option, version, flags }) => ({ option, version, flags })),
        ),
      ],
    },
  },
  {
    id: 'flag-b-sent',
    requirement: 'RFC6824-3.1-10',
    breaks: 'The SYN/ACK has flag B set, which must be zero.',
    defect: {
      wire: [
        spoil(isSynAck, (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags | B }))),
      ],
    },
  },
  {
    id: 'v0-flag-b-answered',
    requirement: 'RFC6824-3.1-11',
    breaks: 'A v0 SYN with flag B is answered instead of dropped.',
    defect: {
      decides: {
        listener: {
          judgeOffer: asIf((option) => (option.version === 0 ? { ...option, flags: option.flags & ~B } : option)),
        },
      },
    },
  },
  {
    id: 'v0-flag-b-answered-plainly',
    requirement: 'RFC6824-3.1-11',
    breaks: 'A v0 SYN with flag B becomes a TCP connection instead of being dropped.',
    defect: { behaves: { v0: { flag_b: 'plain' } } },
  },
  {
    id: 'v1-flag-b-understood',
    requirement: 'RFC8684-3.1-25',
    breaks: 'A v1 MP_CAPABLE with flag B, which has no meaning yet, is accepted.',
    defect: {
      decides: {
        listener: {
          judgeOffer: asIf((option) => (option.version === 1 ? { ...option, flags: option.flags & ~B } : option)),
        },
      },
    },
  },
  {
    id: 'v1-flag-b-dropped',
    requirement: 'RFC8684-3.1-25',
    breaks: 'A v1 SYN with flag B is dropped instead of answered as TCP.',
    defect: { wire: [overlook((tcp) => offers(1)(tcp) && (flagsOf(tcp) & B) !== 0)] },
  },
  {
    id: 'third-segment-flag-b-overlooked',
    requirement: 'RFC8684-3.1-25',
    breaks: 'Flag B of a third segment is ignored, and the connection is MPTCP.',
    defect: {
      wire: [
        misread(
          (tcp) => !isSyn(tcp) && carries('mp_capable')(tcp),
          (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags & ~B })),
        ),
      ],
    },
  },
  {
    id: 'checksums-only-when-both-ask',
    requirement: 'RFC6824-3.1-16',
    breaks: 'A listener with A=0 uses no checksums although the SYN had A=1.',
    defect: {
      behaves: { mpc: { checksum: false } },
      decides: {
        listener: {
          judgeOffer: (option, versions, parameters) => {
            const offer = judgeOffer(option, versions, parameters);
            return typeof offer === 'string' ? offer : { ...offer, checksum: false };
          },
        },
      },
    },
  },
  {
    id: 'checksum-waived-by-default',
    requirement: 'RFC6824-3.1-09',
    breaks: 'The SYN/ACK has A=0 although checksums were not waived.',
    defect: { behaves: { mpc: { checksum: false } } },
  },
  {
    id: 'mp-capable-unasked',
    requirement: 'RFC6824-3.1-19',
    breaks: 'A SYN without MP_CAPABLE draws a SYN/ACK with MP_CAPABLE.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSynAck(tcp) && !flow.segments('in').some(carries('mp_capable')),
          (tcp) => withOption(tcp, { option: 'mp_capable', version: 1, flags: A | H, key }),
        ),
      ],
    },
  },
  {
    id: 'third-segment-turns-tcp-into-mptcp',
    requirement: 'RFC6824-3.1-19',
    breaks: 'MP_CAPABLE in the third segment of a plain handshake makes the host send Data ACKs.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isBareOrData(tcp) &&
            flow.segments('in').some(isSyn) &&
            !flow.segments('in').some(isOffer) &&
            flow.segments('in').some(carries('mp_capable')),
          (tcp) => withOption(tcp, { option: 'dss', flags: 1, ack: 1n }),
        ),
      ],
    },
  },
  {
    id: 'v0-missing-third-option-passed-over',
    requirement: 'RFC6824-3.1-20',
    origin: 'multipath-tcp/mptcp#12',
    breaks:
      'A v0 third segment without MP_CAPABLE is dropped, and so is every later one, instead of making a TCP connection.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow }) =>
            !carries('mp_capable')(tcp) &&
            flow.segments('in').some(offers(0)) &&
            !isSyn(tcp) &&
            !flow.segments('in').slice(1).some(carries('mp_capable')),
        ),
      ],
    },
  },
  {
    id: 'v1-missing-third-option-passed-over',
    origin: 'multipath-tcp/mptcp_net-next#11',
    requirement: 'RFC8684-3.1-20',
    breaks:
      'A v1 third segment without MP_CAPABLE is dropped, and so is every later one, instead of making a TCP connection.',
    defect: {
      wire: [
        overlook(
          (tcp, { flow }) =>
            !carries('mp_capable')(tcp) &&
            flow.segments('in').some(offers(1)) &&
            !isSyn(tcp) &&
            !flow.segments('in').slice(1).some(carries('mp_capable')),
        ),
      ],
    },
  },
  {
    id: 'wrong-echo-is-mptcp',
    profile: 'robe-esim',
    requirement: 'DRAFT-eSIM-S-21',
    breaks: 'A third segment that echoes another key than the one sent is accepted as MPTCP.',
    defect: {
      wire: [
        misread(
          (tcp) => findAny(tcp, 'mp_capable')?.peerKey !== undefined,
          (tcp, { flow }) =>
            withEdited(tcp, 'mp_capable', (option) => ({
              ...option,
              peerKey: flow.key('out') ?? option.peerKey ?? 0n,
            })),
        ),
      ],
    },
  },
  {
    id: 'v1-version-for-v0-offer',
    requirement: 'RFC6824-3.1-08',
    breaks: 'A v0 offer is answered with version 1.',
    defect: {
      wire: [spoil(answers(0), (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, version: 1 })))],
    },
  },
  {
    id: 'keyed-offer-of-the-future-answered-as-offered',
    requirement: 'RFC8684-3.1-14',
    breaks: 'An offer with a key and an unknown higher version is answered with that version.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isSynAck(tcp) && !carries('mp_capable')(tcp) && flow.segments('in').some(isKeyedLaterOffer),
          (tcp, { flow }) =>
            withOption(tcp, { option: 'mp_capable', version: offeredVersion(flow), flags: A | H, key }),
        ),
      ],
    },
  },
  {
    id: 'higher-version-answered-as-offered',
    requirement: 'RFC8684-3.1-14',
    breaks: 'An offer of an unknown higher version is answered with that version.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) =>
            isSynAck(tcp) && flow.segments('in').some((syn) => (findAny(syn, 'mp_capable')?.version ?? 0) > 1),
          (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, version: 2 })),
        ),
      ],
    },
  },
]);
