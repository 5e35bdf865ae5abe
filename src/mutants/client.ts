/** Mutants of a client's own MP_CAPABLE (RFC 6824 and RFC 8684 section 3.1): the offer and the third segment. */
import { MpCapableFlag } from '../protocol/mptcp/option.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { echoKeys } from '../reference/client/synack.js';
import { spoil } from './fault.js';
import { mutants } from './mutant.js';
import { findAny, isSyn, isThird, withEdited, without } from './segment.js';

const { A, B, G } = MpCapableFlag;
const offers = (version: number) => (tcp: Tcp) => isSyn(tcp) && findAny(tcp, 'mp_capable')?.version === version;

export const clientMutants = mutants({ profile: 'mptcp', role: 'client' }, [
  {
    id: 'v0-syn-without-key',
    requirement: 'RFC6824-3.1-01',
    breaks: 'The SYN of v0 carries a 4-octet MP_CAPABLE without the key of the client.',
    defect: {
      wire: [
        spoil(offers(0), (tcp) =>
          withEdited(tcp, 'mp_capable', ({ option, version, flags }) => ({ option, version, flags })),
        ),
      ],
    },
  },
  {
    id: 'v1-syn-with-key',
    requirement: 'RFC8684-3.1-01',
    breaks: 'The SYN of v1 carries the key of the client, which v1 does not have there.',
    defect: {
      wire: [spoil(offers(1), (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, key: 0x77n })))],
    },
  },
  {
    id: 'syn-claims-version-2',
    requirement: 'RFC6824-3.1-08',
    breaks: 'The SYN of v0 claims version 2.',
    defect: {
      wire: [spoil(offers(0), (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, version: 2 })))],
    },
  },
  {
    id: 'third-keys-swapped',
    requirement: 'RFC6824-3.1-03',
    breaks: 'The third segment has the key of the listener first.',
    defect: { decides: { client: { echoKeys: (keyA, keyB) => echoKeys(keyB, keyA) } } },
  },
  {
    id: 'third-key-a-twice',
    requirement: 'RFC6824-3.1-03',
    breaks: "The third segment carries the client's key twice and not the listener's.",
    defect: { decides: { client: { echoKeys: (keyA) => echoKeys(keyA, keyA) } } },
  },
  {
    id: 'v1-third-without-keys',
    requirement: 'RFC8684-3.1-03',
    breaks: 'In v1 the bare third segment carries no MP_CAPABLE.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isThird(tcp) && flow.segments('out').some(offers(1)),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'v0-third-without-keys',
    requirement: 'RFC6824-3.1-03',
    breaks: 'In v0 the third segment carries no MP_CAPABLE.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isThird(tcp) && flow.segments('out').some(offers(0)),
          (tcp) => without(tcp, 'mp_capable'),
        ),
      ],
    },
  },
  {
    id: 'v0-third-with-data',
    requirement: 'RFC6824-3.6-05',
    breaks: 'The third segment of a v0 handshake carries data.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isThird(tcp) && flow.segments('out').some(offers(0)),
          () => ({ flags: TcpFlag.ACK | TcpFlag.PSH, payload: Uint8Array.of(0x21) }),
        ),
      ],
    },
  },
  {
    id: 'third-contradicts-checksums',
    requirement: 'RFC6824-3.1-16',
    breaks: 'The third segment has A=0 although checksums were agreed.',
    defect: {
      wire: [
        spoil(isThird, (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags & ~A }))),
      ],
    },
  },
  {
    id: 'client-flag-b-sent',
    requirement: 'RFC6824-3.1-10',
    breaks: 'The SYN has flag B set, which must be zero.',
    defect: {
      wire: [
        spoil(isSyn, (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags | B }))),
      ],
    },
  },
  {
    id: 'client-offers-unknown-crypto',
    requirement: 'RFC8684-3.1-21',
    breaks: 'The SYN of v1 offers crypto algorithm G, which is not defined.',
    defect: {
      wire: [
        spoil(offers(1), (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags | G }))),
      ],
    },
  },
  {
    id: 'v0-client-offers-unknown-crypto',
    requirement: 'RFC6824-3.1-12',
    breaks: 'The SYN of v0 offers crypto algorithm G, which is not defined.',
    defect: {
      wire: [
        spoil(offers(0), (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags | G }))),
      ],
    },
  },
  {
    id: 'client-waives-checksums',
    requirement: 'RFC6824-3.1-09',
    breaks: 'The SYN has A=0 although checksums were not waived.',
    defect: { behaves: { mpc: { checksum: false } } },
  },
]);
