/**
 * The commands that make every path usable separately and let the kernel use further paths for subflows: a routing table
 * for each path with a rule for its source address, and its addresses as endpoints of the kernel's path manager. Existing
 * settings are not repeated.
 */
import ipaddr from 'ipaddr.js';
import { defaultRoute, type EnginePath, type IpVersion } from './find-paths.js';
import type { MachineNetwork } from './machine-network.js';

const versions: readonly IpVersion[] = [4, 6];
const firstTable = 101;

/** Lines for a shell, comments among them. */
export const routeCommands = (network: MachineNetwork, paths: readonly EnginePath[]): readonly string[] => {
  const taken = new Set([...network.routes[4], ...network.routes[6]].map(({ table }) => table));
  const free = Array.from({ length: 100 }, (_, index) => String(firstTable + index)).filter(
    (table) => !taken.has(table),
  );
  const most = Math.max(2, paths.length);
  return [
    ...paths.flatMap((path, index) => [
      `# path ${path.path}: ${path.device} ${Object.values(path.address).join(' ')}`,
      ...versions.flatMap((version) => forVersion(network, path, version, free[index] ?? String(firstTable))),
    ]),
    ...(network.mostSubflows !== undefined && network.mostSubflows >= most
      ? []
      : [
          '# how many further subflows a connection may have',
          `ip mptcp limits set subflows ${most} add_addr_accepted 2`,
        ]),
  ];
};

const forVersion = (
  network: MachineNetwork,
  { path, device, address }: EnginePath,
  version: IpVersion,
  table: string,
): readonly string[] => {
  const own = address[version];
  if (own === undefined) return [];
  const isRouted = network.rules.some(
    ({ from, table: used }) => from === own && defaultRoute(network, version, device, own)?.table === used,
  );
  const hasEndpoint = network.subflowEndpoints?.includes(own) ?? false;
  return [
    ...(isRouted ? [] : sourceRouting(network, device, own, version, table)),
    ...(hasEndpoint ? [] : [`ip mptcp endpoint add ${own} dev ${device} subflow`]),
    ...(isRouted && hasEndpoint ? [`# IPv${version} of path ${path} is set up already`] : []),
  ];
};

const sourceRouting = (
  network: MachineNetwork,
  device: string,
  own: string,
  version: IpVersion,
  table: string,
): readonly string[] => {
  const route = defaultRoute(network, version, device, own);
  const length = network.links
    .find((link) => link.device === device)
    ?.addresses.find(({ local }) => local === own)?.prefixlen;
  const via = route?.gateway === undefined ? '' : `via ${route.gateway} `;
  const ip = `ip -${version}`;
  return [
    ...(length === undefined ? [] : [`${ip} route add ${networkOf(own, length)} dev ${device} table ${table}`]),
    route === undefined
      ? `${ip} route add default via ROUTER dev ${device} table ${table}    # ROUTER is that of the network on ${device}`
      : `${ip} route add default ${via}dev ${device} table ${table}`,
    `${ip} rule add from ${own} lookup ${table}`,
  ];
};

const networkOf = (address: string, length: number): string => {
  const network = ipaddr.parse(address).kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${network.networkAddressFromCIDR(`${address}/${length}`).toString()}/${length}`;
};
