/**
 * Mutants of what becomes of addresses in the life of a connection: announced, refused, moved to another port, taken back (RFC 6824 and
 * RFC 8684 sections 3.4.1 and 3.4.2).
 */
import { deriveFromKey } from '../protocol/keys/key-digest.js';
import { ipv4Text, ipv6Text } from '../protocol/wire/address.js';
import { type Tcp, type TcpDraft, TcpFlag } from '../protocol/wire/packet.js';
import { seq } from '../protocol/wire/seq.js';
import { accompany, answer, misread, overlook, type Passing, spoil, withhold } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { type Mutant, mutants } from './mutant.js';
import { backTo, carries, findAny, isBareAck, isJoinSyn, isReset, redraft, withEdited } from './segment.js';

const tells = carries('add_addr');
const removes = carries('remove_addr');
const wasTold = (flows: readonly FlowHistory[]): boolean => flows.some((flow) => flow.segments('in').some(tells));

/** The join that this host opened on the flow, once more from another port and with another nonce. */
const joinAgain = ({ flow }: Passing): readonly TcpDraft[] => {
  const first = flow.first;
  if (first === undefined || !isJoinSyn(first.tcp)) return [];
  const change = withEdited(first.tcp, 'mp_join', (option) =>
    option.form === 'syn' ? { ...option, nonce: option.nonce ^ 0x5555 } : option,
  );
  return [redraft(first, { ...change, sourcePort: first.tcp.sourcePort ^ 1, seq: seq(first.tcp.seq ^ 0x0f0f) })];
};

const refused = (tcp: Tcp, { flow, flows }: Passing): boolean =>
  isReset(tcp) && flow.openedHere && !flow.synAcked && wasTold(flows);

/** A SYN with MP_JOIN towards the address of an announcement that came just now. */
const joinTo = (packet: Passing['packet'], told: Tcp, token: number): TcpDraft => {
  const address = findAny(told, 'add_addr')?.address ?? new Uint8Array(4);
  const back = backTo(packet, { seq: seq(77), flags: TcpFlag.SYN });
  const destination = address.length === 4 ? ipv4Text(address, 0) : ipv6Text(address, 0);
  return {
    ...back,
    ip: { ...back.ip, destination },
    tcp: {
      ...back.tcp,
      sourcePort: 40_404,
      options: [
        { option: 'mp_join', form: 'syn', backup: false, reserved: 0, addressId: 0, token, nonce: 0x1234_5678 },
      ],
    },
  };
};

const inBothRoles = (['client', 'server'] as const).flatMap((role) =>
  mutants({ profile: 'mptcp', role }, [
    {
      id: `ids-of-joins-forgotten.${role}`,
      requirement: 'RFC6824-3.4-03',
      breaks: 'The Address ID by which the peer joined is not kept, so a removal that names it concerns nobody.',
      defect: { wire: [overlook(removes)] },
    },
    {
      id: `removal-without-asking.${role}`,
      requirement: 'RFC6824-3.4-17',
      breaks: 'REMOVE_ADDR ends the flow of the address at once, whether it answers or not.',
      defect: { decides: { join: { asksBeforeRemoval: () => false } } },
    },
    {
      id: `told-on-one-flow-alone.${role}`,
      requirement: 'RFC6824-3.4-09',
      versions: [0],
      breaks: 'An announcement goes out on the first flow alone.',
      defect: { wire: [withhold((tcp, { flow, flows }) => tells(tcp) && flow !== flows[0])] },
    },
  ]),
);

export const addressLifeMutants: readonly Mutant[] = [
  ...inBothRoles,
  ...mutants({ profile: 'mptcp', role: 'client' }, [
    {
      id: 'dead-flow-of-a-removed-address-left',
      requirement: 'RFC6824-3.4-19',
      breaks: 'The flow of an address that was taken back is forgotten without a reset.',
      defect: {
        wire: [
          withhold(
            (tcp, { flow, flows }) =>
              isReset(tcp) && flow.openedHere && flows.some((each) => each.segments('in').some(removes)),
          ),
        ],
      },
    },
    {
      id: 'refusing-address-tried-again',
      requirement: 'RFC6824-3.4-15',
      breaks: 'A join to an announced address that was refused is tried again at once.',
      defect: { wire: [answer(refused, joinAgain, 'besides')] },
    },
    {
      id: 'withdrawn-address-joined-again',
      requirement: 'RFC8684-3.4-08',
      versions: [1],
      breaks: 'When the flow to an address that was withdrawn ends, the address is joined again.',
      defect: {
        wire: [
          answer(
            (tcp, { flow, flows }) =>
              isReset(tcp) && flow.openedHere && flows.some((other) => other.segments('in').some(removes)),
            joinAgain,
            'besides',
          ),
        ],
      },
    },
    {
      id: 'address-on-another-port-not-tried',
      requirement: 'RFC8684-3.4-05',
      versions: [1],
      breaks: 'An address to which a join went is not joined at another port.',
      defect: {
        wire: [
          withhold(
            (tcp, { packet, flows }) =>
              isJoinSyn(tcp) &&
              flows.some(
                ({ first }) =>
                  first !== undefined &&
                  isJoinSyn(first.tcp) &&
                  first.ip.destination === packet.ip.destination &&
                  first.tcp.destinationPort !== tcp.destinationPort,
              ),
          ),
        ],
      },
    },
    {
      id: 'announced-address-joined-at-the-next-port',
      requirement: 'RFC6824-3.4-07',
      breaks: 'A join to an address that was announced without a port goes to the port after the one in use.',
      defect: {
        wire: [
          spoil(
            (tcp, { flows }) => isJoinSyn(tcp) && wasTold(flows),
            ({ destinationPort }) => ({ destinationPort: destinationPort + 1 }),
          ),
        ],
      },
    },
    {
      id: 'joined-flow-announces-in-a-row',
      requirement: 'RFC6824-3-04',
      breaks: 'Four ACKs in a row announce addresses when a flow has joined.',
      defect: {
        wire: [
          accompany(
            (tcp) => isBareAck(tcp) && carries('mp_join')(tcp),
            ({ packet }) =>
              [1, 2, 3, 4].map((id) =>
                redraft(packet, {
                  options: [
                    { option: 'add_addr', nibble: 4, addressId: 100 + id, address: Uint8Array.of(10, 9, 8, id) },
                  ],
                }),
              ),
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'mptcp', role: 'server' }, [
    {
      id: 'announced-address-joined-with-the-own-token',
      requirement: 'RFC6824-3.2-01',
      breaks: 'An announcement is answered by a join that names a token of nobody.',
      defect: {
        wire: [answer(tells, ({ packet, tcp }) => [joinTo(packet, tcp, 0x0101_0101)], 'besides')],
      },
    },
    {
      id: 'id-in-use-followed',
      requirement: 'RFC6824-3.4-13',
      versions: [0],
      breaks: 'An announcement that gives an Address ID in use another address is followed by a join.',
      defect: {
        wire: [
          answer(
            (tcp, { flows }) => tells(tcp) && flows.length > 1,
            ({ packet, tcp, flows }) => {
              const key = flows[0]?.key('in');
              return key === undefined ? [] : [joinTo(packet, tcp, deriveFromKey(0, key).token)];
            },
            'besides',
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'robe-esim', role: 'client' }, [
    {
      id: 'removal-of-all-flows-overlooked',
      requirement: 'DERIVED-ADDR-01',
      breaks: 'A removal of the Address ID that the initial flow and those that joined it have concerns none of them.',
      defect: {
        wire: [misread(removes, (tcp) => withEdited(tcp, 'remove_addr', (o) => ({ ...o, addressIds: [200] })))],
      },
    },
  ]),
];
