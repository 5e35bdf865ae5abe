/** Mutants of what a host tells of its own addresses when control asks for it, and of announcements on joined flows. */
import type { Tcp } from '../protocol/wire/packet.js';
import { overlook, spoil } from './fault.js';
import { type Mutant, mutants } from './mutant.js';
import { carries, findAny, isSynAck, withEdited } from './segment.js';

const isFresh = (tcp: Tcp): boolean => findAny(tcp, 'add_addr')?.hmac !== undefined;
const joins = carries('mp_join');

const inBothRoles = (['client', 'server'] as const).flatMap((role) =>
  mutants({ profile: 'mptcp', role }, [
    {
      id: `told-address-with-a-wrong-hmac.${role}`,
      requirement: 'RFC8684-3.4-11',
      breaks: 'The first octet of the HMAC of an ADD_ADDR is wrong.',
      versions: [1],
      defect: {
        wire: [
          spoil(isFresh, (tcp) =>
            withEdited(tcp, 'add_addr', ({ hmac, ...option }) =>
              hmac === undefined ? option : { ...option, hmac: hmac.with(0, (hmac[0] ?? 0) ^ 0x80) },
            ),
          ),
        ],
      },
    },
    {
      id: `told-port-left-out.${role}`,
      requirement: 'RFC8684-3.4-11',
      breaks: 'An ADD_ADDR leaves out the announced port, which its HMAC covers.',
      defect: {
        wire: [
          spoil(
            (tcp) => findAny(tcp, 'add_addr')?.port !== undefined && findAny(tcp, 'add_addr')?.nibble !== 1,
            (tcp) => withEdited(tcp, 'add_addr', ({ port: _, ...option }) => option),
          ),
        ],
      },
    },
    {
      id: `removal-of-another-id.${role}`,
      requirement: 'RFC6824-3.4-16',
      breaks: 'REMOVE_ADDR names the Address ID after the announced one.',
      defect: {
        wire: [
          spoil(carries('remove_addr'), (tcp) =>
            withEdited(tcp, 'remove_addr', (option) => ({
              ...option,
              addressIds: option.addressIds.map((id) => (id + 1) % 256),
            })),
          ),
        ],
      },
    },
    {
      id: `joined-flow-echoes-nothing.${role}`,
      requirement: 'RFC8684-3.4-10',
      breaks: 'An ADD_ADDR on a joined flow is ignored.',
      defect: {
        wire: [
          overlook(
            (tcp, { flow }) =>
              carries('add_addr')(tcp) && [...flow.segments('in'), ...flow.segments('out')].some((each) => joins(each)),
          ),
        ],
      },
    },
  ]),
);

export const toldAddressMutants: readonly Mutant[] = [
  ...inBothRoles,
  ...mutants({ profile: 'mptcp', role: 'server' }, [
    {
      id: 'announced-address-joined-under-another-id',
      requirement: 'RFC6824-3.4-02',
      breaks: 'The SYN/ACK of a join to an announced address has another Address ID than the announcement.',
      defect: {
        wire: [
          spoil(
            (tcp) => isSynAck(tcp) && joins(tcp),
            (tcp) =>
              withEdited(tcp, 'mp_join', (option) =>
                option.form === 'syn/ack' && option.addressId > 0
                  ? { ...option, addressId: (option.addressId % 255) + 1 }
                  : option,
              ),
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'mptcp', role: 'client' }, [
    {
      id: 'told-priority-with-an-address-id',
      requirement: 'RFC8684-3.3-40',
      breaks: 'MP_PRIO of version 1 has the Address ID of version 0.',
      versions: [1],
      defect: {
        wire: [
          spoil(carries('mp_prio'), (tcp) => withEdited(tcp, 'mp_prio', (option) => ({ ...option, addressId: 2 }))),
        ],
      },
    },
    {
      id: 'told-priority-never-taken-back',
      requirement: 'RFC8684-3.3-40',
      breaks: 'MP_PRIO has B set although the path is to be used again.',
      versions: [1],
      defect: {
        wire: [
          spoil(carries('mp_prio'), (tcp) => withEdited(tcp, 'mp_prio', (option) => ({ ...option, backup: true }))),
        ],
      },
    },
  ]),
];
