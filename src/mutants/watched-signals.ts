/**
 * Mutants of what holds of every signal: joins, announced addresses, priorities, reasons of resets (RFC 8684 sections 3.2, 3.4
 * and 3.6). The book of rules notices them. Hosts that announce do so rightly but for the defect.
 */

import { MpCapableFlag } from '../protocol/mptcp/option.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import type { Decisions } from '../reference/questions.js';
import { type Fault, spoil } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { type Mutant, mutants } from './mutant.js';
import {
  carries,
  findAny,
  isBareAck,
  isJoinSyn,
  isReset,
  isSyn,
  isSynAck,
  isThird,
  withEdited,
  withOption,
} from './segment.js';

const joins = carries('mp_join');
const addAddr = carries('add_addr');
const isFresh = (tcp: Parameters<typeof isSyn>[0]): boolean => {
  const option = findAny(tcp, 'add_addr');
  return option !== undefined && option.hmac !== undefined;
};
const hasJoined = (flow: FlowHistory): boolean => flow.segments('in').some((tcp) => joins(tcp) && !isSyn(tcp));

/** Announces addresses of its other paths once the connection is confirmed. */
const announcing = (count: number) => ({
  join: {
    announces: (...[stack, session, moment]: Parameters<Decisions['join']['announces']>) => {
      const first = session.members[0]?.flow;
      if (moment !== 'confirmed' || first === undefined) return [];
      const isIpv6 = first.local.includes(':');
      return stack.config.paths
        .filter(({ path }) => path !== first.path)
        .flatMap(({ addresses }) => addresses.filter((each) => each.includes(':') === isIpv6))
        .slice(0, count)
        .map((address) => ({ address }));
    },
  },
});

const announced = (count: number, ...wire: readonly Fault[]) => ({ decides: announcing(count), wire });

/** On the first ACK with a DSS, an option more. */
const onFirstDss = (option: Parameters<typeof withOption>[1]): Fault =>
  spoil(
    (tcp, { flow }) => isBareAck(tcp) && carries('dss')(tcp) && !flow.segments('out').some(carries('dss')),
    (tcp) => ({ options: [...(withOption(tcp, option).options?.filter(({ option: name }) => name !== 'dss') ?? [])] }),
  );

export const watchedSignalMutants: readonly Mutant[] = [
  ...mutants({ profile: 'mptcp', role: 'server' }, [
    {
      id: 'add-addr-with-an-unassigned-flag',
      requirement: 'RFC8684-3.4-03',
      breaks: 'An unassigned flag of ADD_ADDR is set.',
      versions: [1],
      defect: announced(
        1,
        spoil(addAddr, (tcp) => withEdited(tcp, 'add_addr', (option) => ({ ...option, nibble: option.nibble | 8 }))),
      ),
    },
    {
      id: 'add-addr-with-a-wrong-hmac',
      requirement: 'RFC8684-3.4-11',
      breaks: 'The HMAC of ADD_ADDR is wrong in its last octet.',
      versions: [1],
      defect: announced(
        1,
        spoil(isFresh, (tcp) =>
          withEdited(tcp, 'add_addr', ({ hmac, ...option }) =>
            hmac === undefined
              ? option
              : { ...option, hmac: hmac.map((octet, index) => (index === hmac.length - 1 ? octet ^ 1 : octet)) },
          ),
        ),
      ),
    },
    {
      id: 'echo-of-what-nobody-announced',
      requirement: 'RFC8684-3.4-10',
      breaks: 'The first DSS is replaced by an echo of an address that was not announced.',
      versions: [1],
      defect: {
        wire: [onFirstDss({ option: 'add_addr', nibble: 1, addressId: 9, address: Uint8Array.of(10, 9, 8, 7) })],
      },
    },
    {
      id: 'two-addresses-under-one-id',
      requirement: 'RFC6824-3.4-11',
      breaks: 'Two addresses are announced under the same Address ID.',
      versions: [0],
      defect: announced(
        2,
        spoil(addAddr, (tcp) => withEdited(tcp, 'add_addr', (option) => ({ ...option, addressId: 7 }))),
      ),
    },
    {
      id: 'reason-without-reset',
      requirement: 'RFC8684-3.6-40',
      breaks: 'MP_TCPRST is sent on an ACK.',
      versions: [1],
      defect: { wire: [onFirstDss({ option: 'mp_tcprst', flags: 0, reason: 0 })] },
    },
    {
      id: 'priority-with-an-address-id',
      requirement: 'RFC8684-3.3-40',
      breaks: 'MP_PRIO of version 1 has the Address ID of version 0.',
      versions: [1],
      defect: { wire: [onFirstDss({ option: 'mp_prio', reserved: 0, backup: true, addressId: 0 })] },
    },
    {
      id: 'wrong-hmac-a-gets-data',
      requirement: 'RFC6824-3.2-07',
      breaks: 'A join whose HMAC is wrong gets data instead of a reset.',
      defect: {
        wire: [
          spoil(
            (tcp, { flow }) => isReset(tcp) && hasJoined(flow) && flow.synAcked,
            (tcp, { flow }) => ({
              flags: TcpFlag.ACK,
              ack: flow.next('in') ?? tcp.ack,
              options: [],
              payload: Uint8Array.of(1, 2, 3, 4),
            }),
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'mptcp', role: 'client' }, [
    {
      id: 'joins-under-one-address-id',
      requirement: 'RFC6824-3.4-02',
      breaks: 'The joins from all paths have the Address ID 1.',
      defect: {
        wire: [spoil(isJoinSyn, (tcp) => withEdited(tcp, 'mp_join', (option) => ({ ...option, addressId: 1 })))],
      },
    },
    {
      id: 'join-with-another-token',
      requirement: 'RFC6824-3.2-01',
      breaks: 'The token of a join is wrong in its last bit.',
      defect: {
        wire: [
          spoil(isJoinSyn, (tcp) =>
            withEdited(tcp, 'mp_join', (option) =>
              option.form === 'syn' ? { ...option, token: option.token ^ 1 } : option,
            ),
          ),
        ],
      },
    },
    {
      id: 'join-of-sixteen-octets',
      requirement: 'RFC6824-3.2-01',
      breaks: 'The MP_JOIN of a SYN has the length of one of a SYN/ACK.',
      defect: {
        wire: [
          spoil(isJoinSyn, (tcp) =>
            withEdited(tcp, 'mp_join', () => ({
              option: 'raw',
              octets: Uint8Array.from([30, 15, 16, ...new Array(12).fill(1)]),
            })),
          ),
        ],
      },
    },
    {
      id: 'plain-answer-to-a-join-gets-data',
      requirement: 'RFC6824-3.2-08',
      breaks: 'A SYN/ACK without MP_JOIN to a join is answered with data instead of a reset.',
      defect: {
        wire: [
          spoil(
            (tcp, { flow }) =>
              isReset(tcp) &&
              flow.segments('out').some(isJoinSyn) &&
              flow.segments('in').some((answer) => isSynAck(answer) && !joins(answer)),
            (tcp, { flow }) => ({
              flags: TcpFlag.ACK | TcpFlag.PSH,
              ack: flow.next('in') ?? tcp.ack,
              options: [],
              payload: Uint8Array.of(1, 2, 3, 4),
            }),
          ),
        ],
      },
    },
    {
      id: 'third-segment-with-one-key',
      requirement: 'RFC6824-3.1-03',
      breaks: "In v0 the MP_CAPABLE of the third segment carries only the client's key.",
      defect: {
        wire: [
          spoil(
            (tcp) => isThird(tcp) && findAny(tcp, 'mp_capable')?.version === 0,
            (tcp) => withEdited(tcp, 'mp_capable', ({ peerKey: _, ...option }) => option),
          ),
        ],
      },
    },
    {
      id: 'v1-third-segment-with-one-key',
      requirement: 'RFC8684-3.1-03',
      breaks: "In v1 the MP_CAPABLE of the third segment carries only the client's key.",
      defect: {
        wire: [
          spoil(
            (tcp) => isThird(tcp) && findAny(tcp, 'mp_capable')?.version === 1,
            (tcp) => withEdited(tcp, 'mp_capable', ({ peerKey: _, ...option }) => option),
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'robe-downgrade', role: 'server' }, [
    {
      id: 'late-syn-ack-with-other-flag',
      requirement: 'ROBE-P1-S-14',
      breaks: 'A SYN that comes after establishment is answered with flag A inverted.',
      defect: {
        wire: [
          spoil(
            (tcp, { flow, flows }) =>
              isSynAck(tcp) && carries('mp_capable')(tcp) && flows.some((other) => other !== flow && other.confirmed),
            (tcp) => withEdited(tcp, 'mp_capable', (option) => ({ ...option, flags: option.flags ^ MpCapableFlag.A })),
          ),
        ],
      },
    },
  ]),
];
