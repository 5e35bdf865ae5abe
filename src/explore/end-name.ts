/** How the ends of a pair are named: `robe-sim`, with open points settled `robe-sim+sim.rst=immediate`, or `mutant:ID`. */

import { allMutants } from '../mutants/index.js';
import type { Mutant } from '../mutants/mutant.js';
import { type EstablishmentProfile, establishmentProfiles } from '../reference/contract.js';
import { parseParameters } from '../reference/parameter-names.js';
import type { Pair, PairEnd } from './pair.js';

/** An unknown name; the message gives the expected form. */
export class UnknownEnd extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnknownEnd';
  }
}

/** Throws UnknownEnd. */
export const parseEnd = (name: string): PairEnd => {
  if (name.startsWith('mutant:')) {
    const mutant = mutantNamed(name.slice('mutant:'.length));
    return { name, profile: mutant.profile, parameters: mutant.declared ?? {}, mutant };
  }
  const [wanted, ...assignments] = name.split('+');
  const profile = establishmentProfiles.find((each) => each === wanted);
  if (profile === undefined) {
    throw new UnknownEnd(
      `"${wanted}" is no profile of the reference: expected one of ${establishmentProfiles.join(', ')}, or mutant:ID`,
    );
  }
  try {
    return { name, profile, parameters: parseParameters(assignments) };
  } catch (cause) {
    throw new UnknownEnd(cause instanceof Error ? cause.message : String(cause));
  }
};

const mutantNamed = (id: string): Mutant => {
  const found = allMutants.find((mutant) => mutant.id === id);
  if (found === undefined) throw new UnknownEnd(`there is no mutant "${id}"; \`robe mutants\` lists them`);
  return found;
};

/** Proposals 1 and 2 exist in v0 alone (open point I-06); for the others the newer version. */
export const usualVersion = (profile: EstablishmentProfile): 0 | 1 =>
  profile === 'robe-downgrade' || profile === 'robe-bbm' ? 0 : 1;

export interface PairNames {
  /** Of the client, and of the server unless there is a peer. */
  readonly profile: string;
  readonly peer?: string | undefined;
  readonly version?: 0 | 1 | undefined;
  readonly paths: number;
  readonly strict?: boolean | undefined;
  readonly seed: string;
}

/** A peer is the server, unless it is a mutant whose defect shows in a client. Throws UnknownEnd. */
export const parsePair = ({ profile, peer, version, paths, strict, seed }: PairNames): Pair => {
  const first = parseEnd(profile);
  const second = parseEnd(peer ?? profile);
  const swapped = peer !== undefined ? second.mutant?.role === 'client' : first.mutant?.role === 'server';
  const right = (end: PairEnd): PairEnd =>
    peer === undefined && end.mutant !== undefined
      ? { name: end.profile, profile: end.profile, parameters: end.parameters }
      : end;
  const spoken = version ?? first.mutant?.versions?.[0] ?? second.mutant?.versions?.[0] ?? usualVersion(first.profile);
  const client = swapped ? (peer === undefined ? right(first) : second) : first;
  const server = swapped ? first : peer === undefined ? right(second) : second;
  return { client, server, paths, version: spoken, ...(strict === true && { strict }), seed };
};

/** Expiries of the client's timers with segments in flight that the scheme itself needs: one for each further path. */
export const usualWaits = ({ client, paths }: Pair): number =>
  client.profile === 'robe-timer' || client.parameters.ips?.combine === 'timer' ? paths - 1 : 0;
