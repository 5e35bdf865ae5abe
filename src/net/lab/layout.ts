/**
 * The addresses of a lab. Everything follows from the path's number, so the same seed gives the same octets in
 * every lab. Path p, 1 to 4:
 *
 *                            IPv4                      IPv6
 *     IUT on path p          10.(200+p).0.1/16         fd52:6f62:6500:p::1/64
 *     tester's clients       10.(200+p).64.0/18        fd52:6f62:6500:p:1::/80
 *     their gateway          10.(200+p).0.2            fd52:6f62:6500:p::2
 *     IUT's server           10.200.0.1                fd52:6f62:6500::1           over every path
 *     its second address     10.200.0.2                fd52:6f62:6500::2           over every path
 *     tester's servers       10.210.0.0/16             fd52:6f62:6500:d2::/64      over every path
 *
 * The IUT's kernel reaches the tester's prefixes through a gateway with a configured MAC address. It could resolve each
 * address (and does so for the rest of the /16 and /64), but the kernel keeps at most 1,024 neighbours, for all
 * namespaces together, and silently drops packets to further ones: too few for hundreds of cases with addresses of their
 * own.
 */
import type { MacAddress } from '../../protocol/wire/packet.js';
import { nthAddress } from './addresses.js';

export type IpVersion = 4 | 6;
type PerVersion = { readonly 4: string; readonly 6: string };

export interface LabPath {
  readonly path: number;
  readonly tester: { readonly device: string; readonly mac: MacAddress };
  readonly iut: { readonly device: string; readonly mac: MacAddress };
  /** Prefix on the wire, with its length. */
  readonly subnet: PerVersion;
  readonly iutAddress: PerVersion;
  readonly gateway: PerVersion;
  readonly testerPrefix: PerVersion;
}

export const serverAddress: PerVersion = { 4: '10.200.0.1', 6: 'fd52:6f62:6500::1' };
export const secondServerAddress: PerVersion = { 4: '10.200.0.2', 6: 'fd52:6f62:6500::2' };
export const testerServerPrefix: PerVersion = { 4: '10.210.0.0/16', 6: 'fd52:6f62:6500:d2::/64' };
/** RFC 8684's number, the next one, at which nothing listens, and another one at which the IUT serves. */
export const serverPort = 8684;
export const closedPort = 8685;
const secondServerPort = 443;

export const mostPaths = 4;

const subnetOf = (path: number): PerVersion => ({ 4: `10.${200 + path}.0.0/16`, 6: `fd52:6f62:6500:${path}::/64` });
const addressOf = (path: number, n: number): PerVersion => {
  const subnet = subnetOf(path);
  return { 4: nthAddress(subnet[4], n), 6: nthAddress(subnet[6], n) };
};

/** Locally administered; the last octet distinguishes the ends. */
const macOf = (path: number, end: number): MacAddress => `02:52:6f:62:0${path}:0${end}`;

/** Throws a RangeError unless `path` is one of 1 to 4. */
export const layOutPath = (path: number): LabPath => {
  if (!Number.isInteger(path) || path < 1 || path > mostPaths) throw new RangeError(`a lab has no path ${path}`);
  return {
    path,
    tester: { device: `tester${path}`, mac: macOf(path, 1) },
    iut: { device: `iut${path}`, mac: macOf(path, 2) },
    subnet: subnetOf(path),
    iutAddress: addressOf(path, 1),
    gateway: addressOf(path, 2),
    testerPrefix: { 4: `10.${200 + path}.64.0/18`, 6: `fd52:6f62:6500:${path}:1::/80` },
  };
};

/** The addresses as a session reports them, in the form of the session facts of runs. */
export interface LabFacts {
  readonly paths: readonly {
    readonly path: number;
    readonly testerMac: MacAddress;
    readonly iutMac: MacAddress;
    readonly iutAddress: PerVersion;
    readonly testerPrefix: PerVersion;
  }[];
  readonly server: {
    readonly address: PerVersion;
    readonly port: number;
    readonly second: { readonly address: PerVersion; readonly port: number };
  };
  readonly closedPort: number;
  readonly testerServerPrefix: PerVersion;
}

export const factsOf = (paths: readonly LabPath[]): LabFacts => ({
  paths: paths.map(({ path, tester, iut, iutAddress, testerPrefix }) => ({
    path,
    testerMac: tester.mac,
    iutMac: iut.mac,
    iutAddress,
    testerPrefix,
  })),
  server: {
    address: serverAddress,
    port: serverPort,
    second: { address: secondServerAddress, port: secondServerPort },
  },
  closedPort: closedPort,
  testerServerPrefix: testerServerPrefix,
});
