/** How and when a client opens further subflows, and what of a join is its opener's or its listener's choice (RFC 8684 section 3.2). */
import { spoil } from '../mutants/fault.js';
import { findAny, isBareAck, isJoinSyn, type OptionOf, redraft, withEdited, without } from '../mutants/segment.js';
import type { Habit } from './habit.js';
import { milliseconds } from './plain-acks.js';
import { mptcpProfiles, type Variant, variants } from './variant.js';

type Join = OptionOf<'mp_join'>;

const join = (edit: (join: Join) => Join, form: Join['form']) => ({
  wire: [
    spoil(
      (tcp) => findAny(tcp, 'mp_join')?.form === form,
      (tcp) => withEdited(tcp, 'mp_join', (option) => edit(option)),
    ),
  ],
});

const asBackup = (option: Join): Join => (option.form === 'ack' ? option : { ...option, backup: true });
const fromAnotherId = (option: Join): Join =>
  // The address of the initial subflow has the ID 0.
  option.form === 'ack' || option.addressId === 0 ? option : { ...option, addressId: option.addressId + 100 };

/** SYNs of joins leave later the higher the number of their path. */
const inTurn = (): Habit => ({
  leaves({ tcp, path, packet, flow }, wire) {
    if (!isJoinSyn(tcp) || flow.openedHere) return undefined;
    wire.later(milliseconds(150 * path), () => [{ path, draft: redraft(packet) }]);
    return [];
  },
});

const section = { source: 'RFC 8684', section: '3.2' } as const;

export const joinVariants: readonly Variant[] = [
  ...variants({ profiles: mptcpProfiles, about: 'moment of joins', role: 'client' }, [
    {
      id: 'joins-after-300ms',
      sentence: {
        source: 'RFC 8684',
        section: '3.9.2',
        says: 'Further subflows may be opened at any time: here after 300 ms.',
      },
      change: { behaves: { join: { delay_s: 0.3 } } },
    },
    {
      id: 'joins-after-5s',
      sentence: {
        source: 'RFC 8684',
        section: '3.9.2',
        says: 'Further subflows may be opened at any time: here after five seconds.',
      },
      change: { behaves: { join: { delay_s: 5 } } },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'joins in turn', role: 'client' }, [
    {
      id: 'joins-one-after-the-other',
      sentence: {
        source: 'RFC 8684',
        section: '3.9.2',
        says: 'Local policy decides when each subflow is opened: here 150 ms apart.',
      },
      change: { habit: inTurn },
    },
  ]),
  // RobE has joins of its own, and says when.
  ...variants({ profiles: ['mptcp'], about: 'gate of joins', role: 'client' }, [
    {
      id: 'joins-after-own-data',
      sentence: {
        ...section,
        says: "Local policy decides when further subflows are opened: here after the client's own data was Data-ACKed.",
      },
      declared: { join: { when: 'own-data' } },
    },
    {
      id: 'joins-never',
      sentence: {
        ...section,
        says: 'Local policy decides whether further subflows are opened: here none is, as where only the peer joins.',
      },
      declared: { join: { when: 'never' } },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'backup of joins' }, [
    {
      id: 'joins-as-backup',
      sentence: { ...section, says: 'B requests that the peer use the new subflow only as backup.' },
      role: 'client',
      change: join(asBackup, 'syn'),
    },
    {
      id: 'accepts-joins-as-backup',
      sentence: { ...section, says: 'B in the SYN/ACK requests the same from the accepting side.' },
      role: 'server',
      change: join(asBackup, 'syn/ack'),
    },
  ]),
  ...variants({ profiles: ['mptcp'], about: 'paths of joins', role: 'client' }, [
    {
      id: 'second-flow-on-the-first-path',
      sentence: {
        ...section,
        says: 'A subflow is a 4-tuple: a second subflow between the same addresses has another port.',
      },
      change: {
        decides: {
          client: {
            joinPaths: ({ paths, covered, joined }) => [
              ...paths.filter((path) => !covered.has(path)),
              ...(joined.has(1) ? [] : [1]),
            ],
          },
        },
      },
    },
  ]),
  ...variants({ profiles: ['robe-esim'], about: 'address IDs', role: 'client' }, [
    {
      id: 'joins-by-capable-from-other-ids',
      sentence: {
        source: 'draft',
        section: '3.1.3',
        says: 'The draft does not prescribe the Address ID in MP_JOIN_CAP: any that is not another address.',
      },
      change: {
        wire: [
          spoil(
            (tcp) => findAny(tcp, 'mp_join_cap') !== undefined,
            (tcp) => withEdited(tcp, 'mp_join_cap', (option) => ({ ...option, addressId: option.addressId + 200 })),
          ),
        ],
      },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'address IDs' }, [
    {
      id: 'joins-from-other-ids',
      sentence: { ...section, says: 'The sender chooses the Address ID of each address: any number that is its own.' },
      role: 'client',
      change: join(fromAnotherId, 'syn'),
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'fourth segment' }, [
    {
      id: 'fourth-segment-without-dss',
      sentence: {
        ...section,
        says: 'The third segment of a join triggers a regular TCP ACK, which need not carry a DSS.',
      },
      role: 'server',
      change: {
        wire: [
          spoil(
            (tcp, { flow }) => {
              const latest = flow.segments('in').at(-1);
              return (
                isBareAck(tcp) &&
                !flow.segments('out').some(isBareAck) &&
                findAny(tcp, 'dss')?.dsn === undefined &&
                latest !== undefined &&
                isBareAck(latest) &&
                findAny(latest, 'mp_join') !== undefined
              );
            },
            (tcp) => without(tcp, 'dss'),
          ),
        ],
      },
    },
  ]),
];
