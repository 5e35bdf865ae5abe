/**
 * The commands that create a lab, as text: one batch for `ip` and one shell script for the inside of each namespace.
 * Pure, so that the commands can be read and tested without running them.
 */
import { allOff } from '../link/libpcap/offload.js';
import { type IpVersion, type LabPath, secondServerAddress, serverAddress, testerServerPrefix } from './layout.js';
import type { LabNamespaces } from './namespace-name.js';

const mtu = 1500;
const versions: readonly IpVersion[] = [4, 6];
/** Routing tables of the paths: 101, 102, ... */
const tableOf = (path: number): number => 100 + path;

/** Both namespaces and the veth pairs, still down. For `ip -batch`. */
export const creationBatch = (namespaces: LabNamespaces, paths: readonly LabPath[]): string =>
  lines([
    `netns add ${namespaces.tb}`,
    `netns add ${namespaces.iut}`,
    ...paths.map(
      ({ tester, iut }) =>
        `link add ${tester.device} address ${tester.mac} mtu ${mtu} netns ${namespaces.tb} type veth ` +
        `peer name ${iut.device} address ${iut.mac} mtu ${mtu} netns ${namespaces.iut}`,
    ),
  ]);

/**
 * Both namespaces if the other ends of the wires are cards of a virtual machine: the second is empty. For `ip -batch`.
 */
export const machineBatch = (namespaces: LabNamespaces): string =>
  lines([`netns add ${namespaces.tb}`, `netns add ${namespaces.iut}`]);

/** The tester's ends of a virtual machine's wires. For `sh -e` in the tester's namespace. */
export const tapScript = (paths: readonly LabPath[]): string =>
  lines(
    ipBatch(
      paths.flatMap(({ tester }) => [
        `tuntap add dev ${tester.device} mode tap`,
        `link set dev ${tester.device} address ${tester.mac} mtu ${mtu}`,
      ]),
    ),
  );

/** The tester's end, also the reference's: a kernel that owns no address and sends nothing. For `sh -e`. */
export const silentScript = (devices: readonly string[]): string =>
  lines([
    'echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6',
    'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6',
    ...devices.map((device) => `ethtool -K ${device} ${allOff.join(' ')}`),
    ...ipBatch(['link set dev lo up', ...devices.map((device) => `link set dev ${device} up`)]),
  ]);

/** Settings of the kernel under test. Each disables a mechanism that no case tests. */
const kernelSettings: readonly (readonly [string, number])[] = [
  ['net/ipv4/conf/all/rp_filter', 0],
  // No case inherits round-trip times or windows from another.
  ['net/ipv4/tcp_no_metrics_save', 1],
  // With SYN cookies some answers are missing; hundreds of cases must not fill the backlog.
  ['net/core/somaxconn', 65_535],
  ['net/ipv4/tcp_max_syn_backlog', 65_535],
  // Answer every segment out of the window, not one in 500 ms.
  ['net/ipv4/tcp_invalid_ratelimit', 0],
  ['net/mptcp/enabled', 1],
];

/** Settings of each of its interfaces. */
const deviceSettings = (device: string): readonly (readonly [string, number])[] => [
  // Answers may leave by another path than the requests arrived on.
  [`net/ipv4/conf/${device}/rp_filter`, 0],
  // Only frames that the tester causes: no router solicitations, no duplicate address detection.
  [`net/ipv6/conf/${device}/accept_ra`, 0],
  [`net/ipv6/conf/${device}/autoconf`, 0],
  [`net/ipv6/conf/${device}/router_solicitations`, 0],
  [`net/ipv6/conf/${device}/addr_gen_mode`, 1],
];

/** Settings that older kernels lack. */
const optionalSettings: readonly (readonly [string, number])[] = [
  // One unanswered SYN without options must not disable the client's MPTCP for an hour.
  ['net/mptcp/blackhole_timeout', 0],
];

const mostSubflows = 8;
const linkLocal = 'fe80::1/64';

/** The end of a kernel under test: addresses, source routing, MPTCP. For `sh -e`. */
export const kernelScript = (paths: readonly LabPath[]): string =>
  lines([...paths.map(({ iut }) => `ethtool -K ${iut.device} ${allOff.join(' ')}`), guestScript(paths)]);

/** The same for a kernel whose cards have no offloads: those of a virtual machine are made so. */
export const guestScript = (paths: readonly LabPath[]): string =>
  lines([
    ...[...kernelSettings, ...paths.flatMap(({ iut }) => deviceSettings(iut.device))].map(
      ([name, value]) => `echo ${value} > /proc/sys/${name}`,
    ),
    ...optionalSettings.map(([name, value]) => `! test -e /proc/sys/${name} || echo ${value} > /proc/sys/${name}`),
    ...ipBatch([
      'link set dev lo up',
      `addr add ${serverAddress[4]}/32 dev lo`,
      `addr add ${serverAddress[6]}/128 dev lo nodad`,
      `addr add ${secondServerAddress[4]}/32 dev lo`,
      `addr add ${secondServerAddress[6]}/128 dev lo nodad`,
      ...paths.flatMap(addressCommands),
      ...paths.flatMap(routeCommands),
      `mptcp limits set subflows ${mostSubflows} add_addr_accepted ${mostSubflows}`,
    ]),
    // A rule's family is not told from its address.
    ...ipBatch(paths.map(ruleCommand(4)), '-4'),
    ...ipBatch(paths.map(ruleCommand(6)), '-6'),
  ]);

const ruleCommand =
  (version: IpVersion) =>
  ({ path, iutAddress }: LabPath): string =>
    `rule add from ${iutAddress[version]} lookup ${tableOf(path)}`;

const addressCommands = ({ iut, subnet, iutAddress }: LabPath): readonly string[] => [
  `link set dev ${iut.device} up`,
  `addr add ${iutAddress[4]}/${lengthOf(subnet[4])} dev ${iut.device}`,
  // Solicitations for the shared server address go out under the link-local one.
  `addr add ${linkLocal} dev ${iut.device} nodad`,
  `addr add ${iutAddress[6]}/${lengthOf(subnet[6])} dev ${iut.device} nodad`,
];

/**
 * Main table: the path's clients by their path, the tester's servers by path 1. Packets from the address of path p leave
 * by path p, to any destination.
 */
const routeCommands = ({ path, tester, iut, subnet, iutAddress, gateway, testerPrefix }: LabPath): readonly string[] =>
  versions.flatMap((version) => {
    const via = `via ${gateway[version]} dev ${iut.device}`;
    const table = `table ${tableOf(path)}`;
    return [
      `neigh add ${gateway[version]} lladdr ${tester.mac} dev ${iut.device} nud permanent`,
      `route add ${testerPrefix[version]} ${via}`,
      ...(path === 1 ? [`route add ${testerServerPrefix[version]} ${via} src ${iutAddress[version]}`] : []),
      `route add ${subnet[version]} dev ${iut.device} ${table}`,
      `route add ${testerPrefix[version]} ${via} ${table}`,
      `route add default ${via} ${table}`,
    ];
  });

/**
 * The addresses from which the kernel's client opens further subflows: those of path 2 and above. A kernel that serves
 * uses such endpoints too, to open subflows towards its clients; so they are set for client roles only.
 */
export const endpointBatch = (paths: readonly LabPath[]): string =>
  lines([
    'mptcp endpoint flush',
    ...paths
      .filter(({ path }) => path > 1)
      .flatMap(({ iut, iutAddress }) =>
        versions.map((version) => `mptcp endpoint add ${iutAddress[version]} dev ${iut.device} subflow`),
      ),
  ]);

const lengthOf = (prefix: string): string => prefix.slice(prefix.indexOf('/') + 1);

const ipBatch = (commands: readonly string[], family = ''): readonly string[] => [
  `ip ${family} -batch - <<'END'`,
  ...commands,
  'END',
];

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;
