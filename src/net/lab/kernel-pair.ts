/**
 * A lab with this machine's kernel at both ends: a client with an address of its own on each path, and a server that is
 * reached over all of them. A path without fault is a veth pair; one with faults leads through a namespace in between, where a
 * relay has both ends.
 *
 *     namespace tb (client)      namespace tb of the middle      namespace iut (server)
 *     tester1 ------------------------------------------------- iut1            a good path
 *     tester2 ----------------- client2     server2 ------------ iut2            one with faults
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { allOff } from '../link/libpcap/offload.js';
import { nthAddress } from './addresses.js';
import { command, LabError } from './command.js';
import { type IpVersion, type LabPath, layOutPath, mostPaths } from './layout.js';
import { nameNamespaces, thisProcess } from './namespace-name.js';
import { guestScript } from './setup.js';
import { removeNamespaces } from './sweep.js';

export type PairSide = 'client' | 'server' | 'middle';

export interface KernelPair {
  readonly paths: readonly LabPath[];
  readonly namespaces: Readonly<Record<PairSide, string>>;
  /** Starts a process inside. */
  exec(side: PairSide, argv: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Kills every process inside and removes the lab. */
  remove(): Promise<void>;
}

/** The interfaces of the middle on a path with faults. */
export const middleDevices = (path: number): { readonly client: string; readonly server: string } => ({
  client: `client${path}`,
  server: `server${path}`,
});

const versions: readonly IpVersion[] = [4, 6];
const mtu = 1500;
let made = 0;

/** `relayed` are the paths through the middle. Throws a LabError, and leaves nothing, if the lab cannot be created. */
export const createKernelPair = async (paths: number, relayed: ReadonlySet<number>): Promise<KernelPair> => {
  if (!Number.isInteger(paths) || paths < 1 || paths > mostPaths)
    throw new LabError(`a lab has 1 to ${mostPaths} paths, not ${paths}`, `ask for 1 to ${mostPaths}`);
  made += 1;
  const outer = nameNamespaces(thisProcess(), `race_${made}`);
  const inner = nameNamespaces(thisProcess(), `race_middle_${made}`);
  const namespaces = { client: outer.tb, server: outer.iut, middle: inner.tb };
  const laid = Array.from({ length: paths }, (_, index) => layOutPath(index + 1));
  const children = new Set<ChildProcess>();
  const pair: KernelPair = {
    paths: laid,
    namespaces,
    exec(side, argv, options = {}) {
      const child = spawn('nsenter', [`--net=/run/netns/${namespaces[side]}`, '--', ...argv], options);
      children.add(child);
      child.once('exit', () => children.delete(child));
      return child;
    },
    async remove() {
      for (const child of children) child.kill('SIGKILL');
      await removeNamespaces(Object.values(namespaces));
    },
  };
  const inside = (side: PairSide, script: string): Promise<string> =>
    command('nsenter', [`--net=/run/netns/${namespaces[side]}`, '--', 'sh', '-e'], script);
  try {
    await command('ip', ['-batch', '-'], wires(namespaces, laid, relayed));
    const throughMiddle = laid.filter(({ path }) => relayed.has(path));
    await inside('server', offloadsOff(throughMiddle.map(({ iut }) => iut.device)) + guestScript(laid));
    await inside('client', offloadsOff(throughMiddle.map(({ tester }) => tester.device)) + clientScript(laid));
    await inside('middle', middleScript(throughMiddle));
    return pair;
  } catch (error) {
    await pair.remove();
    throw error;
  }
};

const wires = (
  namespaces: KernelPair['namespaces'],
  paths: readonly LabPath[],
  relayed: ReadonlySet<number>,
): string => {
  const veth = (device: string, mac: string, there: string, peer: string, peerMac: string, peerThere: string) =>
    `link add ${device} address ${mac} mtu ${mtu} netns ${there} type veth ` +
    `peer name ${peer} address ${peerMac} mtu ${mtu} netns ${peerThere}`;
  const { client, server, middle } = namespaces;
  return lines([
    ...Object.values(namespaces).map((name) => `netns add ${name}`),
    ...paths.flatMap(({ path, tester, iut }) => {
      const between = middleDevices(path);
      // Each end of the middle has the address of the host that it represents.
      return relayed.has(path)
        ? [
            veth(tester.device, tester.mac, client, between.client, iut.mac, middle),
            veth(iut.device, iut.mac, server, between.server, tester.mac, middle),
          ]
        : [veth(tester.device, tester.mac, client, iut.device, iut.mac, server)];
    }),
  ]);
};

/** A relay that captures sees segments as the wire would carry them. */
const offloadsOff = (devices: readonly string[]): string =>
  lines(devices.map((device) => `ethtool -K ${device} ${allOff.join(' ')}`));

const middleScript = (paths: readonly LabPath[]): string => {
  const devices = paths.flatMap(({ path }) => Object.values(middleDevices(path)));
  return (
    lines(['echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6', 'ip link set dev lo up']) +
    offloadsOff(devices) +
    lines(devices.map((device) => `ip link set dev ${device} up`))
  );
};

/** The client's own address on a path, the first that a lab's server expects of a tester. */
const pairClientAddress = ({ testerPrefix }: LabPath, version: IpVersion): string =>
  nthAddress(testerPrefix[version], 1);

/** As a laptop with a default route for each uplink, the first path preferred, and as many endpoints. */
const clientScript = (paths: readonly LabPath[]): string =>
  lines([
    'echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter',
    'echo 1 > /proc/sys/net/ipv4/tcp_no_metrics_save',
    'echo 1 > /proc/sys/net/mptcp/enabled',
    '! test -e /proc/sys/net/mptcp/blackhole_timeout || echo 0 > /proc/sys/net/mptcp/blackhole_timeout',
    ...paths.flatMap(({ tester }) => [
      `echo 0 > /proc/sys/net/ipv4/conf/${tester.device}/rp_filter`,
      `echo 1 > /proc/sys/net/ipv6/conf/${tester.device}/addr_gen_mode`,
      `echo 0 > /proc/sys/net/ipv6/conf/${tester.device}/accept_ra`,
    ]),
    "ip -batch - <<'END'",
    'link set dev lo up',
    ...paths.flatMap((path) => [
      `link set dev ${path.tester.device} up`,
      ...versions.flatMap((version) => clientPath(path, version)),
    ]),
    'mptcp limits set subflows 8 add_addr_accepted 8',
    'END',
    // The family of a rule is not derived from its address.
    ...versions.flatMap((version) =>
      paths.map((path) => `ip -${version} rule add from ${pairClientAddress(path, version)} lookup ${tableOf(path)}`),
    ),
  ]);

const tableOf = ({ path }: LabPath): number => 100 + path;

const clientPath = (path: LabPath, version: IpVersion): readonly string[] => {
  const own = pairClientAddress(path, version);
  const { device } = path.tester;
  const gateway = path.iutAddress[version];
  const via = `via ${gateway} dev ${device} onlink`;
  return [
    `addr add ${own}/${version === 4 ? 32 : 128} dev ${device}${version === 6 ? ' nodad' : ''}`,
    `neigh add ${gateway} lladdr ${path.iut.mac} dev ${device} nud permanent`,
    `route add default ${via} metric ${100 * path.path}`,
    `route add default ${via} table ${tableOf(path)}`,
    `mptcp endpoint add ${own} dev ${device} subflow`,
  ];
};

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
