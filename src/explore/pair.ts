/**
 * Two hosts of the reference and the paths between them: who they are, where they are, and how each is made. What carries
 * frames from one to the other, and when, is not decided here. Every path p joins the client's address 10.(200+p).1.1 to the
 * server's path p; the server's address is the same over all of them.
 */

import { createConfinedMutant, createMutant, type Mutant } from '../mutants/mutant.js';
import type { Trigger } from '../mutants/trigger.js';
import { defaultDraftSubtypes } from '../protocol/mptcp/option.js';
import type { IpAddress, MacAddress } from '../protocol/wire/packet.js';
import type { EstablishmentProfile, HostConfig, ReferenceHost } from '../reference/contract.js';
import { createHost } from '../reference/host.js';
import { type ParameterChanges, withParameters } from '../reference/parameters.js';

export type Side = 'client' | 'server';

/** One of the two hosts: right, or a mutant, which brings its own parameters. */
export interface PairEnd {
  /** As it was asked for, e.g. `robe-sim+sim.rst=immediate` or `mutant:new-key-b-for-known-key-a`. */
  readonly name: string;
  readonly profile: EstablishmentProfile;
  readonly parameters: ParameterChanges;
  readonly mutant?: Mutant;
  /** The occasions to which the mutant's defect is confined; absent: it shows always. */
  readonly trigger?: Trigger;
}

export interface Pair {
  readonly client: PairEnd;
  readonly server: PairEnd;
  /** Paths between them, numbered from 1. */
  readonly paths: number;
  /** The version that both speak and the client offers. */
  readonly version: 0 | 1;
  /** Keys, numbers and ports follow from it. */
  readonly seed: string;
  /** The invariants from which no scheme is excepted; true: all of them. */
  readonly strict?: true | readonly string[];
  /** As in HostConfig, for both. */
  readonly scheduling?: 'fastest';
}

export const serverAddress: IpAddress = '10.200.0.1';
export const serverPort = 8684;
export const clientAddress = (path: number): IpAddress => `10.${200 + path}.1.1`;
const serverPathAddress = (path: number): IpAddress => `10.${200 + path}.0.1`;

const macOf = (side: Side, path: number): MacAddress =>
  `${side === 'client' ? '02' : '06'}:00:00:00:00:${path.toString(16).padStart(2, '0')}`;

/** A host sends a segment at least so often: the reference a SYN 8 times and a SYN/ACK 6 times. */
export const fewestTries = 6;

export const other = (side: Side): Side => (side === 'client' ? 'server' : 'client');

/** The pair in which the guilty end does right. */
export const rightPair = (pair: Pair, guilty: Side): Pair => {
  const { profile, parameters } = pair[guilty];
  return { ...pair, [guilty]: { name: profile, profile, parameters } };
};

const configOf = (pair: Pair, side: Side): HostConfig => ({
  profile: pair[side].profile,
  versions: [pair.version],
  subtypes: defaultDraftSubtypes,
  seed: `${pair.seed}/${side}`,
  sharedAddresses: side === 'server' ? [serverAddress] : [],
  ...(pair.scheduling === undefined ? {} : { scheduling: pair.scheduling }),
  paths: Array.from({ length: pair.paths }, (_, index) => index + 1).map((path) => ({
    path,
    mac: macOf(side, path),
    neighbour: macOf(other(side), path),
    addresses: [side === 'client' ? clientAddress(path) : serverPathAddress(path)],
  })),
});

/** How one end is made, again and again. */
export interface EndMaker {
  readonly side: Side;
  readonly version: 0 | 1;
  /** A fresh host; the server does not listen yet. */
  make(): ReferenceHost;
}

export const prepareEnd = (pair: Pair, side: Side): EndMaker => {
  const { version } = pair;
  const { mutant, trigger, parameters: changes } = pair[side];
  const config = configOf(pair, side);
  const parameters = withParameters(changes);
  const make = (): ReferenceHost => {
    if (mutant === undefined) return createHost(config, parameters);
    if (trigger === undefined) return createMutant(mutant, config).host;
    return createConfinedMutant(mutant, config, trigger.holds).host;
  };
  return { side, version, make };
};
