/** Mutants of the choice of an algorithm in MP_CAPABLE: bits D to H, in RFC 6824 C to H, of a SYN and of the answer to it. */
import { MpCapableFlag } from '../protocol/mptcp/option.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { asIf } from './altered-offer.js';
import { spoil } from './fault.js';
import { mutants } from './mutant.js';
import { findAny, isSyn, isSynAck, withEdited } from './segment.js';

const { G, H } = MpCapableFlag;

const answers = (version: number) => (tcp: Tcp) => isSynAck(tcp) && findAny(tcp, 'mp_capable')?.version === version;
const flagsOf = (tcp: Tcp) => findAny(tcp, 'mp_capable')?.flags ?? 0;

export const cryptoBitMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'v0-syn-ack-with-second-crypto-bit',
    requirement: 'RFC6824-3.1-12',
    breaks: 'A v0 host that supports only HMAC-SHA1 claims crypto algorithm G as well.',
    defect: {
      wire: [
        spoil(answers(0), (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags | G }))),
      ],
    },
  },
  {
    id: 'v1-syn-ack-with-second-crypto-bit',
    requirement: 'RFC8684-3.1-21',
    breaks: 'A v1 host that supports only HMAC-SHA256 claims crypto algorithm G as well.',
    defect: {
      wire: [
        spoil(answers(1), (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags | G }))),
      ],
    },
  },
  {
    id: 'v0-no-crypto-bit-accepted',
    requirement: 'RFC6824-3.1-13',
    breaks: 'A v0 MP_CAPABLE without any crypto bit is accepted.',
    defect: {
      decides: {
        listener: {
          judgeOffer: asIf((option) =>
            option.version === 0 && (option.flags & 0x3f) === 0 ? { ...option, flags: option.flags | H } : option,
          ),
        },
      },
    },
  },
  {
    id: 'v1-no-crypto-bit-accepted',
    requirement: 'RFC8684-3.1-22',
    breaks: 'A v1 MP_CAPABLE without any crypto bit is accepted.',
    defect: {
      decides: {
        listener: {
          judgeOffer: asIf((option) =>
            option.version === 1 && (option.flags & 0x1f) === 0 ? { ...option, flags: option.flags | H } : option,
          ),
        },
      },
    },
  },
  {
    id: 'unknown-crypto-accepted',
    requirement: 'RFC8684-3.1-28',
    breaks: 'An offer of only unknown algorithms is answered with MP_CAPABLE.',
    defect: {
      decides: {
        listener: {
          judgeOffer: asIf((option) => ((option.flags & 0x1f) !== 0 ? { ...option, flags: option.flags | H } : option)),
        },
      },
    },
  },
  {
    id: 'answered-crypto-mirrors-offer',
    requirement: 'RFC6824-3.1-17',
    breaks: 'The SYN/ACK repeats every crypto bit of the SYN instead of one.',
    defect: {
      wire: [
        spoil(isSynAck, (tcp, { flow }) =>
          withEdited(tcp, 'mp_capable', (option) => ({
            ...option,
            flags:
              option.flags |
              (flow
                .segments('in')
                .filter(isSyn)
                .reduce((all, syn) => all | flagsOf(syn), 0) &
                0x1f),
          })),
        ),
      ],
    },
  },
]);
