/**
 * The paths of this machine: interfaces that are up, have an address that is valid beyond their link, and have a default
 * route of their own. That route may be in the table of a rule for the source address (source routing) or in the main
 * table with any metric, as NetworkManager and systemd-networkd write it: a socket that is bound to the interface uses it
 * either way. The path whose default route the machine prefers comes first.
 */
import ipaddr from 'ipaddr.js';
import type { MachineAddress, MachineNetwork, MachineRoute } from './machine-network.js';

export type IpVersion = 4 | 6;

export interface EnginePath {
  readonly path: number;
  readonly device: string;
  readonly address: { readonly 4?: string; readonly 6?: string };
}

/** The paths of the command line, by number. */
export interface NamedPaths {
  readonly devices: ReadonlyMap<number, string>;
  /** Any of them, IPv4 or IPv6. */
  readonly addresses: ReadonlyMap<number, readonly string[]>;
}

export interface FoundPaths {
  readonly paths: readonly EnginePath[];
  /** Notes for the user: addresses without a route, interfaces that are down. */
  readonly remarks: readonly string[];
}

const versions: readonly IpVersion[] = [4, 6];

/** With names: exactly those paths. Without: all with a default route. Throws a RangeError for an unknown name. */
export const findPaths = (network: MachineNetwork, named: NamedPaths): FoundPaths => {
  const numbers = [...new Set([...named.devices.keys(), ...named.addresses.keys()])].sort((one, other) => one - other);
  if (numbers.length === 0) return { paths: everyPath(network), remarks: [] };
  const paths = numbers.map((path) =>
    namedPath(network, path, named.devices.get(path), named.addresses.get(path) ?? []),
  );
  return { paths, remarks: paths.flatMap((path) => remarksOn(network, path)) };
};

const everyPath = (network: MachineNetwork): readonly EnginePath[] =>
  network.links
    .filter(({ isUp, isLoopback }) => isUp && !isLoopback)
    .flatMap(({ device, addresses }) => {
      const address = Object.fromEntries(
        versions.flatMap((version) => {
          const own = bestAddress(addresses, version);
          return own !== undefined && defaultRoute(network, version, device, own) !== undefined ? [[version, own]] : [];
        }),
      );
      return Object.keys(address).length === 0 ? [] : [{ device, address }];
    })
    .map((path) => ({ ...path, metric: preference(network, path.device) }))
    .sort((one, other) => one.metric - other.metric)
    .map(({ device, address }, index) => ({ path: index + 1, device, address }));

const namedPath = (
  network: MachineNetwork,
  path: number,
  device: string | undefined,
  addresses: readonly string[],
): EnginePath => {
  const known = network.links.map((link) => link.device).join(', ');
  const owner = addresses.map((address) => [address, ownerOf(network, address)] as const);
  for (const [address, link] of owner) {
    if (link === undefined) throw new RangeError(`--address path${path}=${address}: this machine has no such address`);
    if (device !== undefined && link !== device)
      throw new RangeError(`--address path${path}=${address}: that address is on ${link}, not on ${device}`);
  }
  const found = device ?? owner[0]?.[1] ?? '';
  const link = network.links.find((each) => each.device === found);
  if (link === undefined) throw new RangeError(`--interface path${path}=${found}: expected one of ${known}`);
  const chosen = versions.flatMap((version): readonly (readonly [IpVersion, string])[] => {
    const asked = addresses.find((address) => (ipaddr.parse(address).kind() === 'ipv4') === (version === 4));
    const own = asked ?? (addresses.length === 0 ? bestAddress(link.addresses, version) : undefined);
    return own === undefined ? [] : [[version, own]];
  });
  if (chosen.length === 0) throw new RangeError(`path ${path}: ${found} has no address that is valid beyond its link`);
  return { path, device: found, address: Object.fromEntries(chosen) };
};

const remarksOn = (network: MachineNetwork, { path, device, address }: EnginePath): readonly string[] => [
  ...(network.links.some((link) => link.device === device && !link.isUp) ? [`path ${path}: ${device} is down`] : []),
  ...versions.flatMap((version) => {
    const own = address[version];
    return own === undefined || defaultRoute(network, version, device, own) !== undefined
      ? []
      : [`path ${path}: there is no default route from ${own} over ${device}; \`--print-routes\` says what is missing`];
  }),
];

const ownerOf = (network: MachineNetwork, address: string): string | undefined =>
  network.links.find(({ addresses }) => addresses.some(({ local }) => isSame(local, address)))?.device;

const isSame = (one: string, other: string): boolean =>
  ipaddr.isValid(other) && ipaddr.parse(one).toString() === ipaddr.parse(other).toString();

/** Valid beyond the link, not about to end; among several the first that is not temporary, which lasts longest. */
const bestAddress = (addresses: readonly MachineAddress[], version: IpVersion): string | undefined => {
  const usable = addresses.filter(
    ({ family, scope, deprecated, tentative, dadfailed }) =>
      family === (version === 4 ? 'inet' : 'inet6') && scope === 'global' && !deprecated && !tentative && !dadfailed,
  );
  return (usable.find(({ temporary }) => !temporary) ?? usable[0])?.local;
};

/** The default route that a socket bound to the address and the interface takes. */
export const defaultRoute = (
  network: MachineNetwork,
  version: IpVersion,
  device: string,
  own: string,
): MachineRoute | undefined => {
  const tables = [...network.rules.filter(({ from }) => isSame(from, own)).map(({ table }) => table), 'main'];
  return tables
    .flatMap((table) => defaultsIn(network, version, table).filter(({ dev }) => dev === device))
    .sort((one, other) => tables.indexOf(one.table) - tables.indexOf(other.table) || one.metric - other.metric)[0];
};

const defaultsIn = (network: MachineNetwork, version: IpVersion, table: string): readonly MachineRoute[] =>
  network.routes[version]
    .filter((route) => route.dst === 'default' && route.type === undefined && route.table === table)
    .flatMap((route) => [
      ...(route.dev === undefined ? [] : [route]),
      ...(route.nexthops ?? []).map((hop) => ({ ...route, ...hop })),
    ]);

/** The metric by which the machine itself prefers an interface; one without a default route in the main table comes last. */
const preference = (network: MachineNetwork, device: string): number =>
  Math.min(
    ...versions.flatMap((version) =>
      defaultsIn(network, version, 'main')
        .filter(({ dev }) => dev === device)
        .map(({ metric }) => metric),
    ),
    Number.MAX_SAFE_INTEGER,
  );
