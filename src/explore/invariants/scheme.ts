/**
 * How the client of a pair connects, and what of that its server knows: what the invariants of the schemes ask first. The
 * combinations of RobE_IPS count as what they are combined with, for nothing is known at the first connection (draft,
 * sections on combinations).
 */
import type { EstablishmentProfile } from '../../reference/contract.js';
import { withParameters } from '../../reference/parameters.js';
import type { Pair, PairEnd } from '../pair.js';

export type SchemeName = 'tcp' | 'classic' | 'downgrade' | 'bbm' | 'timer' | 'sim' | 'esim' | 'ips';

export interface Scheme {
  readonly name: SchemeName;
  /** The server does its part of it. */
  readonly aware: boolean;
}

const names: Readonly<Record<EstablishmentProfile, SchemeName>> = {
  tcp: 'tcp',
  mptcp: 'classic',
  'robe-downgrade': 'downgrade',
  'robe-bbm': 'bbm',
  'robe-timer': 'timer',
  'robe-sim': 'sim',
  'robe-esim': 'esim',
  'robe-ips': 'ips',
};

/** Of each pair, which every step of a search asks. */
const known = new WeakMap<Pair, Scheme>();

export const schemeOf = (pair: Pair): Scheme => {
  const scheme = known.get(pair) ?? schemeFor(pair);
  known.set(pair, scheme);
  return scheme;
};

const schemeFor = (pair: Pair): Scheme => {
  const { client, server, version } = pair;
  const { ips, esim } = withParameters(client.parameters);
  const alone = names[client.profile];
  const name = alone === 'ips' && ips.combine !== 'none' ? ips.combine : alone;
  const joinable = client.profile === server.profile && !joinsAreBarred(pair);
  switch (name) {
    // Open point I-06: a SYN of version 1 has no key by which flows could be correlated, so it is classic MPTCP.
    case 'downgrade':
    case 'bbm':
      return version === 0 ? { name, aware: joinable && correlatesAlways(server) } : { name: 'classic', aware: true };
    case 'esim': {
      const theirs = withParameters(server.parameters).esim;
      // Open point I-62: a server may wait for the third segment of the initial flow.
      return { name, aware: joinable && theirs.cross_establish === 'allow' && sameMembers(esim, theirs) };
    }
    case 'tcp':
    case 'classic':
    case 'timer':
    case 'sim':
    case 'ips':
      return { name, aware: true };
  }
};

/** Open points I-02 and I-05: a server may correlate for a while, half-open flows alone, or clients of one network. */
export const correlatesAlways = ({ parameters }: PairEnd): boolean => {
  const { p1 } = withParameters(parameters);
  return p1.match_states !== 'half' && p1.match_window_s === Number.POSITIVE_INFINITY && p1.foreign_host === 'attach';
};

/** MP_JOIN_CAP of one declaration is none of another. */
const sameMembers = (one: object, other: object): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Whether SYNs with MP_CAPABLE leave on all paths at once. */
export const isSimultaneous = ({ name }: Scheme): boolean =>
  name === 'downgrade' || name === 'bbm' || name === 'sim' || name === 'esim';

/** The paths of a pair that are not dead. */
export const alivePaths = ({ paths }: Pair, dead: readonly number[]): readonly number[] =>
  Array.from({ length: paths }, (_, index) => index + 1).filter((path) => !dead.includes(path));

/** A server that forbids further flows (flag C) or a host that refuses checksums: there is no MPTCP, or no second flow. */
export const joinsAreBarred = ({ client, server }: Pair): boolean =>
  [client, server].some(({ parameters }) => {
    const { mpc, esim } = withParameters(parameters);
    return mpc.refuse_checksum || (mpc.no_join_here && esim.c_flag === 'rst');
  });
