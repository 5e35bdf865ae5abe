/** Machines of several kinds, as `ip -json` prints them: which paths they have and what they lack. */
import { expect } from 'chai';
import { findPaths, type NamedPaths } from './find-paths.js';
import { type MachineNetwork, machineNetwork } from './machine-network.js';
import { routeCommands } from './route-commands.js';

const up = ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'];
const four = (local: string, prefixlen = 24) => ({ family: 'inet', local, prefixlen, scope: 'global' });
const six = (local: string, more: object = {}) => ({
  family: 'inet6',
  local,
  prefixlen: 64,
  scope: 'global',
  ...more,
});
const linkLocal = { family: 'inet6', local: 'fe80::1', prefixlen: 64, scope: 'link' };
const loopback = { ifname: 'lo', flags: ['LOOPBACK', 'UP', 'LOWER_UP'], addr_info: [four('127.0.0.1', 8)] };

const machine = (said: {
  readonly links: readonly object[];
  readonly routes4?: readonly object[];
  readonly routes6?: readonly object[];
  readonly rules?: readonly object[];
  readonly endpoints?: readonly object[];
  readonly limits?: string;
}): MachineNetwork =>
  machineNetwork({
    addresses: JSON.stringify([loopback, {}, ...said.links]),
    routes4: JSON.stringify(said.routes4 ?? []),
    routes6: said.routes6 === undefined ? '' : JSON.stringify(said.routes6),
    rules: [JSON.stringify([{ priority: 0, src: 'all', table: 'local' }, ...(said.rules ?? [])]), ''],
    endpoints: said.endpoints === undefined ? undefined : JSON.stringify(said.endpoints),
    limits: said.limits,
  });

/** A laptop at its dock: NetworkManager gives each default route a metric; a bridge of containers leads nowhere. */
const laptop = machine({
  links: [
    { ifname: 'wlan0', flags: up, addr_info: [four('192.0.2.7'), six('2001:db8::7', { temporary: true }), linkLocal] },
    { ifname: 'eth0', flags: up, addr_info: [four('198.51.100.7'), six('2001:db8:1::9', { tentative: true })] },
    { ifname: 'docker0', flags: up, addr_info: [four('172.17.0.1', 16)] },
    { ifname: 'wwan0', flags: ['UP'], addr_info: [four('203.0.113.7')] },
  ],
  routes4: [
    { dst: 'default', gateway: '192.0.2.1', dev: 'wlan0', metric: 600 },
    { dst: 'default', gateway: '198.51.100.1', dev: 'eth0', metric: 100 },
    { dst: 'default', gateway: '203.0.113.1', dev: 'wwan0', metric: 700 },
    { dst: '172.17.0.0/16', dev: 'docker0' },
    { type: 'unreachable', dst: 'default', dev: 'lo' },
  ],
  routes6: [{ dst: 'default', gateway: 'fe80::2', dev: 'wlan0', metric: 600 }],
});

/** A router with a table for each line, and one default route in the main table. */
const router = machine({
  links: [
    { ifname: 'dsl', flags: up, addr_info: [four('192.0.2.7')] },
    { ifname: 'lte', flags: up, addr_info: [four('198.51.100.7')] },
  ],
  routes4: [
    { dst: 'default', gateway: '198.51.100.1', dev: 'lte' },
    { dst: 'default', gateway: '192.0.2.1', dev: 'dsl', table: '201' },
    { dst: 'default', gateway: '198.51.100.1', dev: 'lte', table: '202' },
  ],
  rules: [
    { src: '192.0.2.7', table: '201' },
    { src: '198.51.100.7', table: '202' },
    { src: '10.0.0.0', srclen: 8, table: '203' },
  ],
  endpoints: [
    { address: '192.0.2.7', id: 1, subflow: true, dev: 'dsl' },
    { address: '198.51.100.7', id: 2, flags: ['signal'] },
  ],
  limits: 'add_addr_accepted 0 subflows 4 ',
});

const nobody: NamedPaths = { devices: new Map(), addresses: new Map() };
const named = (devices: Record<number, string>, addresses: Record<number, readonly string[]> = {}): NamedPaths => ({
  devices: new Map(Object.entries(devices).map(([path, device]) => [Number(path), device])),
  addresses: new Map(Object.entries(addresses).map(([path, all]) => [Number(path), all])),
});

describe('the paths of a machine', () => {
  it('are the interfaces that lead everywhere, the one that the machine prefers first', () => {
    expect(findPaths(laptop, nobody)).to.deep.equal({
      paths: [
        { path: 1, device: 'eth0', address: { 4: '198.51.100.7' } },
        { path: 2, device: 'wlan0', address: { 4: '192.0.2.7', 6: '2001:db8::7' } },
      ],
      remarks: [],
    });
  });

  it('may lead everywhere by a table of their own', () => {
    expect(findPaths(router, nobody).paths.map(({ path, device }) => [path, device])).to.deep.equal([
      [1, 'lte'],
      [2, 'dsl'],
    ]);
  });

  it('are those that were named, by interface or by address', () => {
    expect(findPaths(laptop, named({ 1: 'wlan0' }, { 2: ['198.51.100.7'] })).paths).to.deep.equal([
      { path: 1, device: 'wlan0', address: { 4: '192.0.2.7', 6: '2001:db8::7' } },
      { path: 2, device: 'eth0', address: { 4: '198.51.100.7' } },
    ]);
    expect(findPaths(laptop, named({ 1: 'wlan0' }, { 1: ['2001:db8:0::7'] })).paths).to.deep.equal([
      { path: 1, device: 'wlan0', address: { 6: '2001:db8:0::7' } },
    ]);
  });

  it('are told to be unusable where they are', () => {
    expect(findPaths(laptop, named({ 1: 'docker0', 2: 'wwan0' })).remarks).to.deep.equal([
      'path 1: there is no default route from 172.17.0.1 over docker0; `--print-routes` says what is missing',
      'path 2: wwan0 is down',
    ]);
  });

  const wrong: readonly (readonly [what: string, NamedPaths, complaint: string])[] = [
    [
      'an interface that is not there',
      named({ 1: 'wlan1' }),
      '--interface path1=wlan1: expected one of lo, wlan0, eth0, docker0, wwan0',
    ],
    [
      "somebody else's address",
      named({}, { 2: ['192.0.2.8'] }),
      '--address path2=192.0.2.8: this machine has no such address',
    ],
    [
      'an address of another interface',
      named({ 1: 'eth0' }, { 1: ['192.0.2.7'] }),
      '--address path1=192.0.2.7: that address is on wlan0, not on eth0',
    ],
  ];
  for (const [what, names, complaint] of wrong) {
    it(`refuses ${what}`, () => {
      expect(() => findPaths(laptop, names)).to.throw(RangeError, complaint);
    });
  }
});

describe('the commands that set paths up', () => {
  const commandsFor = (network: MachineNetwork, names: NamedPaths = nobody): readonly string[] =>
    routeCommands(network, findPaths(network, names).paths);

  it('give each path a table, a rule and endpoints', () => {
    expect(commandsFor(laptop)).to.deep.equal([
      '# path 1: eth0 198.51.100.7',
      'ip -4 route add 198.51.100.0/24 dev eth0 table 101',
      'ip -4 route add default via 198.51.100.1 dev eth0 table 101',
      'ip -4 rule add from 198.51.100.7 lookup 101',
      'ip mptcp endpoint add 198.51.100.7 dev eth0 subflow',
      '# path 2: wlan0 192.0.2.7 2001:db8::7',
      'ip -4 route add 192.0.2.0/24 dev wlan0 table 102',
      'ip -4 route add default via 192.0.2.1 dev wlan0 table 102',
      'ip -4 rule add from 192.0.2.7 lookup 102',
      'ip mptcp endpoint add 192.0.2.7 dev wlan0 subflow',
      'ip -6 route add 2001:db8::/64 dev wlan0 table 102',
      'ip -6 route add default via fe80::2 dev wlan0 table 102',
      'ip -6 rule add from 2001:db8::7 lookup 102',
      'ip mptcp endpoint add 2001:db8::7 dev wlan0 subflow',
      '# how many further subflows a connection may have',
      'ip mptcp limits set subflows 2 add_addr_accepted 2',
    ]);
  });

  it('leave out what is there', () => {
    expect(commandsFor(router)).to.deep.equal([
      '# path 1: lte 198.51.100.7',
      'ip mptcp endpoint add 198.51.100.7 dev lte subflow',
      '# path 2: dsl 192.0.2.7',
      '# IPv4 of path 2 is set up already',
    ]);
  });

  it('leave the router to the reader where the machine knows none', () => {
    expect(commandsFor(laptop, named({ 1: 'docker0' }))[2]).to.equal(
      'ip -4 route add default via ROUTER dev docker0 table 101    # ROUTER is that of the network on docker0',
    );
  });
});
