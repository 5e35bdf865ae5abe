/**
 * Whether a case applies to an implementation, from its declared claims alone; results never decide it.
 */
import type { Ability } from '../language/ability.js';
import { abilityMeanings } from '../language/ability.js';
import type { ControlTier, ExpandedCase, IpVersion, MptcpVersion, Role } from '../language/case.js';
import { ipVersionsOf } from '../language/case.js';
import { connectionsOf } from '../language/flow-names.js';
import { parameterDefaults } from '../language/parameters.js';

/** The claims of an implementation (ICS) and how it settles the open points (PIXIT). */
export interface Claims {
  readonly roles: readonly Role[];
  readonly versions: readonly MptcpVersion[];
  readonly profiles: readonly string[];
  readonly ip: readonly IpVersion[];
  readonly paths: number;
  readonly control: ControlTier;
  /** TCP connections that it can hold at once; absent: no limit. */
  readonly connections?: number;
  /** Further abilities; absent: none. */
  readonly abilities?: readonly Ability[];
  /** Dotted parameter names; absent ones have their default. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

export type Applicability = { readonly applies: true } | { readonly applies: false; readonly why: string };

export function applies(subject: ExpandedCase, claims: Claims): Applicability {
  const no = (why: string): Applicability => ({ applies: false, why });
  if (!claims.roles.includes(subject.role)) return no(`role ${subject.role} is not claimed`);
  if (!subject.profiles.some((profile) => claims.profiles.includes(profile)))
    return no(`none of the profiles ${subject.profiles.join(', ')} is claimed`);
  const excluding = subject.unless.find((profile) => claims.profiles.includes(profile));
  if (excluding !== undefined) return no(`profile ${excluding} is claimed and has cases of its own`);
  if (subject.mptcp !== undefined && !claims.versions.includes(subject.mptcp))
    return no(`MPTCP version ${subject.mptcp} is not claimed`);
  const strange = ipVersionsOf(subject).find((ip) => !claims.ip.includes(ip));
  if (strange !== undefined) return no(`IPv${strange} is not claimed`);
  if (subject.paths > claims.paths) return no(`${subject.paths} paths are needed, ${claims.paths} there`);
  if (subject.control > claims.control) return no(`control tier ${subject.control} is needed, ${claims.control} there`);
  const needed = connectionsOf(subject);
  if (needed > roomFor(claims))
    return no(`${needed} connections at once are needed, there is room for ${roomFor(claims)}`);
  const missing = subject.needs.find((ability) => claims.abilities?.includes(ability) !== true);
  if (missing !== undefined) return no(`it is not declared that ${abilityMeanings[missing]}`);
  for (const [name, allowed] of Object.entries(subject.parameters)) {
    const declared = claims.parameters[name] ?? parameterDefaults[name];
    if (declared === undefined || !allowed.includes(declared))
      return no(`${name} is ${declared ?? 'not declared'}, the case needs ${allowed.join(' or ')}`);
  }
  return { applies: true };
}

/** How many connections cases may have at once: one is reserved for the liveness check of the implementation. */
export const roomFor = ({ connections = Number.POSITIVE_INFINITY }: Claims): number => connections - 1;
