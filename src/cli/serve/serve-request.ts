/** The arguments of `robe serve` as the reference process takes them; what cannot be used is a RangeError that says so. */
import type { ReferencePath } from '../../iut/reference-process.js';
import { nthAddress } from '../../net/lab/addresses.js';
import { layOutPath, mostPaths, secondServerAddress, serverAddress } from '../../net/lab/layout.js';
import { type EstablishmentProfile, establishmentProfiles } from '../../reference/contract.js';
import { parseParameters } from '../../reference/parameter-names.js';
import { type ReferenceParameters, withParameters } from '../../reference/parameters.js';

export interface ServeArguments {
  /** `path1=IFNAME` each. */
  readonly interface: readonly string[];
  /** `path1=ADDRESS` each; a path without has those of a lab. */
  readonly address: readonly string[];
  readonly shared: readonly string[];
  /** `path1=MAC` each: where everything on that path is; a path without is asked by ARP and neighbour discovery. */
  readonly neighbour: readonly string[];
  readonly profile: string;
  readonly mptcp: readonly number[];
  readonly parameter: readonly string[];
}

export interface ServeRequest {
  readonly paths: readonly ReferencePath[];
  readonly sharedAddresses: readonly string[];
  readonly profile: EstablishmentProfile;
  readonly versions: readonly (0 | 1)[];
  readonly parameters: ReferenceParameters;
}

/** Which end of a lab has the addresses that were not given: the server's is the IUT's, the client's the tester's. */
type LabEnd = 'server' | 'client';

export const readServeRequest = (given: ServeArguments, end: LabEnd = 'server'): ServeRequest => {
  const addresses = given.address.map((each) => readAssignment('--address', each, 'ADDRESS'));
  const neighbours = given.neighbour.map((each) => readAssignment('--neighbour', each, 'MAC'));
  const paths = given.interface.map((each) => {
    const { path, value: device } = readAssignment('--interface', each, 'IFNAME');
    const own = addresses.filter((address) => address.path === path).map(({ value }) => value);
    const neighbour = neighbours.find((known) => known.path === path)?.value;
    return {
      path,
      device,
      addresses: own.length > 0 ? own : labAddresses(path, end),
      ...(neighbour === undefined ? {} : { neighbour }),
    };
  });
  if (paths.length === 0) throw new RangeError('no interface: expected --interface path1=IFNAME');
  return {
    paths,
    sharedAddresses: given.shared.length > 0 || end === 'client' ? given.shared : labServerAddresses,
    profile: readProfile(given.profile),
    versions: given.mptcp.map(readVersion),
    parameters: withParameters(parseParameters(given.parameter)),
  };
};

const labServerAddresses = [serverAddress, secondServerAddress].flatMap((each) => [each[4], each[6]]);

const readAssignment = (
  option: string,
  text: string,
  what: string,
): { readonly path: number; readonly value: string } => {
  const [, path, value] = /^path(\d+)=(.+)$/.exec(text) ?? [];
  if (path === undefined || value === undefined) throw new RangeError(`${option} ${text}: expected pathN=${what}`);
  return { path: Number(path), value };
};

const labAddresses = (path: number, end: LabEnd): readonly string[] => {
  if (path < 1 || path > mostPaths)
    throw new RangeError(`path ${path} needs an address: --address path${path}=ADDRESS`);
  const { iutAddress, testerPrefix } = layOutPath(path);
  if (end === 'server') return [iutAddress[4], iutAddress[6]];
  return [nthAddress(testerPrefix[4], 1), nthAddress(testerPrefix[6], 1)];
};

const readProfile = (name: string): EstablishmentProfile => {
  const found = establishmentProfiles.find((profile) => profile === name);
  if (found === undefined) {
    throw new RangeError(`there is no profile ${name}: expected one of ${establishmentProfiles.join(', ')}`);
  }
  return found;
};

const readVersion = (version: number): 0 | 1 => {
  if (version === 0 || version === 1) return version;
  throw new RangeError(`there is no MPTCP version ${version}: expected 0 or 1`);
};
