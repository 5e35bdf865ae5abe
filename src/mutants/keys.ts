/** Mutants of keys and what follows from them: uniqueness, repetition, tokens, initial data sequence numbers (section 3.1). */
import { token } from '../protocol/keys/key-digest.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { spoil } from './fault.js';
import { shiftMapping } from './mapping.js';
import { mutants } from './mutant.js';
import { carries, findAny, isSyn, isSynAck, withEdited } from './segment.js';

const isOf = (version: 0 | 1) => (tcp: Tcp) => isSyn(tcp) && findAny(tcp, 'mp_capable')?.version === version;

export const keyMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'same-key-for-every-connection',
    requirement: 'RFC6824-3.1-04',
    breaks: 'Every connection has the same Key-B.',
    defect: { decides: { listener: { chooseKeyB: () => 0x1111_2222_3333_4444n } } },
  },
  {
    id: 'keys-count-upwards',
    requirement: 'RFC8684-3.1-10',
    breaks: 'Each key is the previous key plus one, so that one key reveals the next.',
    defect: {
      remembers: () => {
        let last = 0x5555_0000_0000_0000n;
        return {
          listener: {
            chooseKeyB: () => {
              last += 1n;
              return last;
            },
          },
        };
      },
    },
  },
  {
    id: 'new-key-in-repeated-syn-ack',
    requirement: 'DERIVED-KEY-01',
    breaks: 'A repeated SYN/ACK carries another key than the first.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isSynAck(tcp) && flow.synAcked && carries('mp_capable')(tcp),
          (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, key: (option.key ?? 0n) ^ 1n })),
        ),
      ],
    },
  },
  {
    id: 'v0-token-by-the-other-hash',
    requirement: 'RFC6824-3.1-14',
    breaks: 'In v0 a connection is found by the SHA-256 token of its key, not the SHA-1 one.',
    defect: {
      decides: {
        join: {
          findSession: (stack, wanted) =>
            [...stack.tokens.values()].find(
              (session) => (session.version === 0 ? token(1, session.localKey) : session.localToken) === wanted,
            ),
        },
      },
    },
  },
  {
    id: 'v1-token-by-the-other-hash',
    requirement: 'RFC8684-3.1-23',
    breaks: 'In v1 a connection is found by the SHA-1 token of its key, not the SHA-256 one.',
    defect: {
      decides: {
        join: {
          findSession: (stack, wanted) =>
            [...stack.tokens.values()].find(
              (session) => (session.version === 1 ? token(0, session.localKey) : session.localToken) === wanted,
            ),
        },
      },
    },
  },
  {
    id: 'v0-first-octet-at-idsn',
    requirement: 'RFC6824-3.1-15',
    breaks: 'In v0 the first payload octet has the IDSN itself and not the number after it.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => carries('dss')(tcp) && flow.segments('in').some(isOf(0)),
          (tcp) => shiftMapping(tcp, -1n),
        ),
      ],
    },
  },
  {
    id: 'v1-first-octet-at-idsn',
    requirement: 'RFC8684-3.1-24',
    breaks: 'In v1 the first payload octet has the IDSN itself and not the number after it.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => carries('dss')(tcp) && flow.segments('in').some(isOf(1)),
          (tcp) => shiftMapping(tcp, -1n),
        ),
      ],
    },
  },
  {
    id: 'client-token-of-its-own-key',
    role: 'client',
    requirement: 'RFC6824-3.2-01',
    breaks: "The join carries the token of the client's own key instead of the server's key.",
    defect: {
      wire: [
        spoil(
          (tcp) => isSyn(tcp) && carries('mp_join')(tcp),
          (tcp, { flows }) =>
            withEdited(tcp, 'mp_join', (option) => {
              const own = flows.map((flow) => flow.key('out')).find((key) => key !== undefined);
              return option.form === 'syn' && own !== undefined
                ? { ...option, token: token(flows.some((f) => f.segments('out').some(isOf(0))) ? 0 : 1, own) }
                : option;
            }),
        ),
      ],
    },
  },
  {
    id: 'client-v0-first-octet-at-idsn',
    role: 'client',
    requirement: 'RFC6824-3.1-15',
    breaks: "In v0 the client's first payload octet has the IDSN itself and not the number after it.",
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => carries('dss')(tcp) && flow.segments('out').some(isOf(0)),
          (tcp) => shiftMapping(tcp, -1n),
        ),
      ],
    },
  },
]);
