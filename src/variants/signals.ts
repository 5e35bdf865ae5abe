/** Signals that a host may send at any time: ADD_ADDR, REMOVE_ADDR, MP_PRIO, and Data ACKs where nobody waits for one. */
import { findAny, redraft } from '../mutants/segment.js';
import { addAddrHmac } from '../protocol/keys/add-addr-hmac.js';
import { ipOctets } from '../protocol/wire/address.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import type { HostConfig } from '../reference/contract.js';
import type { AnnouncementMoment } from '../reference/mptcp/connection.js';
import type { Decisions } from '../reference/questions.js';
import type { Habit } from './habit.js';
import { ackAfter, ackLater, type Keys, keysOf } from './mptcp-view.js';
import { mptcpProfiles, type Variant, variants } from './variant.js';

/** When a signal leaves: after the first DSS of the host, or so long after that, once or several times. */
type Moment = 'first-dss' | readonly bigint[];

/** What is said, given the keys and the flow it is said on; nothing: an empty list. */
type Say = (keys: Keys, on: On) => readonly TcpOption[];

interface On {
  readonly path: number;
  readonly ip: 4 | 6;
}

/** Says something once for each connection, on ACKs of its own. */
export const saying = (moment: Moment, say: Say) => (): Habit => {
  /** Connections, by the host's own keys, of which it was said. */
  const said = new Set<bigint>();
  return {
    leaves(passing, wire) {
      const { flow, tcp, path, packet } = passing;
      if (findAny(tcp, 'dss') === undefined || (tcp.flags & TcpFlag.RST) !== 0) return undefined;
      const keys = keysOf(passing);
      if (keys === undefined || said.has(keys.own)) return undefined;
      said.add(keys.own);
      const options = say(keys, { path, ip: packet.ip.version });
      if (moment === 'first-dss') return [{ path, draft: redraft(packet) }, ackAfter(path, packet, options)];
      for (const after of moment) wire.later(after, () => ackLater(flow, options));
      return undefined;
    },
  };
};

interface Announcement {
  /** IP version of the address. */
  readonly ip: 4 | 6;
  readonly port?: number;
}

/** An address of another path than that one, of an IP version. */
const addressBeside = (paths: HostConfig['paths'], path: number | undefined, ip: 4 | 6) => {
  const other = paths.find((each) => each.path !== path);
  const address = other?.addresses.find((each) => each.includes(':') === (ip === 6));
  return other === undefined || address === undefined ? undefined : { path: other.path, address };
};

/** ADD_ADDR of an address of another path than the one it is said on; its ID is the number of that path, as in joins. */
const announcing =
  ({ paths }: HostConfig): Say =>
  ({ version, own, peer }, { path, ip }) => {
    const beside = addressBeside(paths, path, ip);
    if (beside === undefined) return [];
    const announced = { addressId: beside.path, address: ipOctets(beside.address) };
    if (version === 0) return [{ option: 'add_addr', nibble: ip, ...announced }];
    const hmac = addAddrHmac({ localKey: own, remoteKey: peer, ...announced });
    return [{ option: 'add_addr', nibble: 0, ...announced, hmac }];
  };

const withdrawing =
  ({ paths }: HostConfig): Say =>
  (_keys, { path, ip }) => {
    const beside = addressBeside(paths, path, ip);
    return beside === undefined ? [] : [{ option: 'remove_addr', reserved: 0, addressIds: [beside.path] }];
  };

/** The host itself announces an address beside the one that its first flow has. */
const announced = (at: AnnouncementMoment, { ip, port }: Announcement) => ({
  decides: {
    join: {
      announces: (...[stack, session, moment]: Parameters<Decisions['join']['announces']>) => {
        const beside = addressBeside(stack.config.paths, session.members[0]?.flow.path, ip);
        if (moment !== at || beside === undefined) return [];
        return [{ address: beside.address, ...(port === undefined ? {} : { port }) }];
      },
    },
  },
});

/** Two habits, one after the other. */
const both = (first: Habit, second: Habit): Habit => ({
  leaves(passing, wire) {
    const departures = first.leaves?.(passing, wire);
    const more = second.leaves?.(passing, wire);
    if (departures === undefined) return more;
    return more === undefined ? departures : [...departures, ...more.slice(1)];
  },
});

const advertising = { source: 'RFC 8684', section: '3.4.1' } as const;
const anyTime = {
  ...advertising,
  says: 'ADD_ADDR may be sent at any time during a connection, on an ACK of its own.',
} as const;

const seconds = (count: number): bigint => BigInt(count * 1_000_000_000);

export const signalVariants: readonly Variant[] = [
  ...variants({ profiles: mptcpProfiles, about: 'announced addresses' }, [
    { id: 'add-addr-with-handshake', sentence: anyTime, change: announced('established', { ip: 4 }) },
    { id: 'add-addr-at-once', sentence: anyTime, change: announced('confirmed', { ip: 4 }) },
    {
      id: 'add-addr-later',
      sentence: anyTime,
      change: { habit: (config) => saying([seconds(0.2)], announcing(config))() },
    },
    {
      id: 'add-addr-again-and-again',
      sentence: { ...advertising, says: 'ADD_ADDR may be sent again if its echo does not come, and be refreshed.' },
      change: {
        habit: (config) => saying([0.05, 0.2, 1, 2].map(seconds), announcing(config))(),
      },
    },
    {
      id: 'add-addr-with-port',
      sentence: { ...advertising, says: 'ADD_ADDR may name a port.' },
      change: announced('confirmed', { ip: 4, port: 4711 }),
    },
    {
      id: 'add-addr-of-ipv6',
      sentence: { ...advertising, says: 'An announced address may have either IP version, whatever that of the flow.' },
      change: announced('confirmed', { ip: 6 }),
    },
    {
      id: 'add-addr-and-remove-addr',
      sentence: {
        source: 'RFC 8684',
        section: '3.4.2',
        says: 'An announced address may be withdrawn, whether it was used or not.',
      },
      change: {
        habit: (config) =>
          both(saying('first-dss', announcing(config))(), saying([seconds(0.1)], withdrawing(config))()),
      },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'use of advertisements', role: 'client' }, [
    {
      id: 'advertisements-discarded',
      sentence: { ...advertising, says: 'A host may discard address advertisements at will.' },
      change: { decides: { client: { pathsToAnnounced: () => [] } } },
    },
    {
      id: 'advertised-address-joined-from-every-path',
      sentence: {
        source: 'RFC 8684',
        section: '3.2',
        says: 'A host can initiate a subflow over any unused pair of addresses: here from every path to the announced one.',
      },
      change: { decides: { client: { pathsToAnnounced: (_stack, { paths }) => paths } } },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'removal of addresses' }, [
    {
      id: 'removes-at-once',
      sentence: {
        source: 'RFC 8684',
        section: '3.4.2',
        says: 'Sending a keepalive before a path is removed is a recommendation: here the path is removed at once.',
      },
      keeps: 'musts',
      change: { decides: { join: { asksBeforeRemoval: () => false } } },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'priority' }, [
    {
      id: 'prio-at-once',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.8',
        says: 'A host may request at any time that a flow be used as backup, and still send data on it.',
      },
      change: { habit: saying('first-dss', () => [{ option: 'mp_prio', backup: true, reserved: 0 }]) },
    },
    {
      id: 'prio-later',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.8',
        says: 'A host may change the priority of a flow by MP_PRIO at any time.',
      },
      change: {
        habit: saying([seconds(0.2)], () => [{ option: 'mp_prio', backup: false, reserved: 0 }]),
      },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'answer to the third segment' }, [
    {
      id: 'data-ack-with-handshake',
      sentence: {
        source: 'RFC 8684',
        section: '3.1',
        says: 'The SYN takes the first octet of the data sequence and may be Data-ACKed before data comes.',
      },
      role: 'server',
      change: { behaves: { mpc: { ack_third: true } } },
    },
  ]),
];
