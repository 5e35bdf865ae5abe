/** Signals that a host may send at any time: ADD_ADDR, REMOVE_ADDR, MP_PRIO, and Data ACKs where nobody waits for one. */
import type { Passing } from '../mutants/fault.js';
import type { FlowHistory } from '../mutants/flow-history.js';
import { findAny, redraft } from '../mutants/segment.js';
import { addAddrHmac } from '../protocol/keys/add-addr-hmac.js';
import { initialDsn } from '../protocol/keys/key-digest.js';
import { DssFlag } from '../protocol/mptcp/option.js';
import { ipOctets } from '../protocol/wire/address.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import type { HostConfig } from '../reference/contract.js';
import { dsnAdd } from '../reference/mptcp/sequence.js';
import type { Departure, Habit, Wire } from './habit.js';
import { ackAfter, carriesOn, completesHandshake, type Keys, keysOf } from './mptcp-view.js';
import { mptcpProfiles, type Variant, variants } from './variant.js';

/** When a signal leaves: with the end of the handshake, after the first DSS of the host, or so long after that. */
type Moment = 'handshake' | 'first-dss' | { readonly after: bigint; readonly again?: readonly bigint[] };

/** What is said, given the keys and the path of the flow it is said on; nothing: an empty list. */
type Say = (keys: Keys, path: number) => readonly TcpOption[];

/** Says something once for each connection, on ACKs of its own. */
const saying = (moment: Moment, say: Say) => (): Habit => {
  /** Connections, by the host's own keys, of which it was said. */
  const said = new Set<bigint>();
  const speak = (passing: Passing, keys: Keys): readonly Departure[] => {
    const options = say(keys, passing.path);
    return options.length === 0 ? [] : [ackAfter(passing.path, passing.packet, options)];
  };
  const speakLater = (flow: FlowHistory, path: number, keys: Keys, wire: Wire, after: bigint): void => {
    wire.later(after, () => {
      const packet = flow.latest('out');
      if (packet === undefined || !carriesOn(flow)) return [];
      return [ackAfter(path, packet, say(keys, path))];
    });
  };
  return {
    comes(passing) {
      if (moment !== 'handshake' || !completesHandshake(passing)) return undefined;
      const keys = keysOf(passing, 'in');
      const answer = passing.flow.latest('out');
      if (keys === undefined || answer === undefined || said.has(keys.own)) return undefined;
      if (isCommonKey(passing, keys.own)) return undefined;
      said.add(keys.own);
      return { after: [ackAfter(passing.path, acknowledging(answer, passing), say(keys, passing.path))] };
    },
    leaves(passing, wire) {
      const { flow, tcp, path, packet } = passing;
      if (findAny(tcp, 'dss') === undefined || (tcp.flags & TcpFlag.RST) !== 0) return undefined;
      const keys = keysOf(passing, 'out');
      if (keys === undefined || said.has(keys.own) || moment === 'handshake') return undefined;
      said.add(keys.own);
      if (moment === 'first-dss') return [{ path, draft: redraft(packet) }, ...speak(passing, keys)];
      for (const after of [moment.after, ...(moment.again ?? [])]) speakLater(flow, path, keys, wire, after);
      return undefined;
    },
  };
};

/** Another flow with that key has come further than its SYN: what this one's third segment means depends on it. */
const isCommonKey = ({ flow, flows }: Passing, own: bigint): boolean =>
  flows.some(
    (other) =>
      other !== flow &&
      other.key('out') === own &&
      other.segments('in').some(({ flags }) => (flags & TcpFlag.SYN) === 0),
  );

/** The SYN/ACK as if it had acknowledged what came since. */
const acknowledging = (answer: Passing['packet'], { packet }: Passing): Passing['packet'] => ({
  ...answer,
  tcp: {
    ...answer.tcp,
    ack: packet.tcp.seq,
    options: answer.tcp.options.flatMap((option) =>
      option.option === 'timestamps' ? [{ ...option, echo: timestampOf(packet) ?? option.echo }] : [],
    ),
  },
});

const timestampOf = ({ tcp }: Passing['packet']): number | undefined => findAny(tcp, 'timestamps')?.value;

interface Announcement {
  /** IP version of the address. */
  readonly ip: 4 | 6;
  readonly port?: number;
}

/** ADD_ADDR of an address of another path than the one it is said on; its ID is the number of that path, as in joins. */
const announcing =
  ({ paths }: HostConfig, { ip, port }: Announcement): Say =>
  ({ version, own, peer }, path) => {
    const other = paths.find((each) => each.path !== path);
    const text = other?.addresses.find((each) => each.includes(':') === (ip === 6));
    if (other === undefined || text === undefined) return [];
    const address = ipOctets(text);
    const addressId = other.path;
    const announced = { addressId, address, ...(port === undefined ? {} : { port }) };
    if (version === 0) return [{ option: 'add_addr', nibble: ip, ...announced }];
    const hmac = addAddrHmac({ localKey: own, remoteKey: peer, ...announced });
    return [{ option: 'add_addr', nibble: 0, ...announced, hmac }];
  };

const withdrawing =
  ({ paths }: HostConfig): Say =>
  (_keys, path) => {
    const other = paths.find((each) => each.path !== path);
    return other === undefined ? [] : [{ option: 'remove_addr', reserved: 0, addressIds: [other.path] }];
  };

/** Two habits, one after the other. */
const both =
  (first: (config: HostConfig) => Habit, second: (config: HostConfig) => Habit) =>
  (config: HostConfig): Habit => {
    const [one, other] = [first(config), second(config)];
    return {
      comes: (passing, wire) => one.comes?.(passing, wire) ?? other.comes?.(passing, wire),
      leaves(passing, wire) {
        const departures = one.leaves?.(passing, wire);
        const more = other.leaves?.(passing, wire);
        if (departures === undefined) return more;
        return more === undefined ? departures : [...departures, ...more.slice(1)];
      },
    };
  };

const announced = { source: 'RFC 8684', section: '3.4.1' } as const;
const anyTime = {
  ...announced,
  says: 'ADD_ADDR may be sent at any time during a connection, on an ACK of its own.',
} as const;

const address = (moment: Moment, announcement: Announcement) => (config: HostConfig) =>
  saying(moment, announcing(config, announcement))();

const seconds = (count: number): bigint => BigInt(count * 1_000_000_000);

export const signalVariants: readonly Variant[] = [
  ...variants({ profiles: mptcpProfiles, about: 'announced addresses' }, [
    {
      id: 'add-addr-with-handshake',
      sentence: anyTime,
      role: 'server',
      change: { habit: address('handshake', { ip: 4 }) },
    },
    { id: 'add-addr-at-once', sentence: anyTime, change: { habit: address('first-dss', { ip: 4 }) } },
    { id: 'add-addr-later', sentence: anyTime, change: { habit: address({ after: seconds(0.2) }, { ip: 4 }) } },
    {
      id: 'add-addr-again-and-again',
      sentence: { ...announced, says: 'ADD_ADDR may be sent again where its echo does not come, and be refreshed.' },
      change: {
        habit: address({ after: seconds(0.05), again: [seconds(0.15), seconds(1), seconds(2)] }, { ip: 4 }),
      },
    },
    {
      id: 'add-addr-with-port',
      sentence: { ...announced, says: 'ADD_ADDR may name a port.' },
      change: { habit: address('first-dss', { ip: 4, port: 4711 }) },
    },
    {
      id: 'add-addr-of-ipv6',
      sentence: { ...announced, says: 'An announced address may be of either IP version, whichever the flow has.' },
      change: { habit: address('first-dss', { ip: 6 }) },
    },
    {
      id: 'add-addr-and-remove-addr',
      sentence: {
        source: 'RFC 8684',
        section: '3.4.2',
        says: 'An address that was announced may be withdrawn, whether it was used or not.',
      },
      change: {
        habit: (config) =>
          both(
            () => saying('first-dss', announcing(config, { ip: 4 }))(),
            () => saying({ after: seconds(0.1) }, withdrawing(config))(),
          )(config),
      },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'priority' }, [
    {
      id: 'prio-at-once',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.8',
        says: 'A host may ask at any time that a flow be used as backup, and send data there all the same.',
      },
      change: { habit: saying('first-dss', () => [{ option: 'mp_prio', backup: true, reserved: 0 }]) },
    },
    {
      id: 'prio-later',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.8',
        says: 'MP_PRIO changes the priority of a flow when the host wishes.',
      },
      change: {
        habit: saying({ after: seconds(0.2) }, () => [{ option: 'mp_prio', backup: false, reserved: 0 }]),
      },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'answer to the third segment' }, [
    {
      id: 'data-ack-with-handshake',
      sentence: {
        source: 'RFC 8684',
        section: '3.1',
        says: 'The SYN takes the first octet of the data sequence and need not be acknowledged before data comes: so it may be.',
      },
      role: 'server',
      change: {
        habit: saying('handshake', ({ version, peer }) => [
          { option: 'dss', flags: DssFlag.A | DssFlag.a, ack: dsnAdd(initialDsn(version, peer), 1) },
        ]),
      },
    },
  ]),
];
