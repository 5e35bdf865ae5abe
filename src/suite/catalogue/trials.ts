/**
 * Where a requirement has to be tried: in each role that it binds, there with each MPTCP version and over each IP version that
 * it binds. It is tried where a case of that role and version cites it, or a rule that binds them watches it.
 */
import { type IpVersion, ipVersions, type MptcpVersion, type Role } from '../language/case.js';
import type { Requirement } from './requirement-schema.js';

/** One role, with one version of MPTCP or of IP, or with neither where the requirement binds only one of them. */
export interface Setting {
  readonly role: Role;
  readonly mptcp?: MptcpVersion;
  readonly ip?: IpVersion;
}

/** What tries a requirement somewhere. */
export interface Trial {
  readonly roles: readonly Role[];
  /** Absent: with any. A case without MPTCP tries no version of it. */
  readonly mptcp?: readonly MptcpVersion[];
  readonly ip?: readonly IpVersion[];
}

/** As much of a requirement as says whom it binds. */
type Binding = Pick<Requirement, 'role' | 'profiles' | 'mptcp' | 'ip' | 'untried'>;

/** The MPTCP versions that a profile speaks; a requirement that binds plain TCP binds no version. */
const versionsOfProfile: Readonly<Record<Requirement['profiles'][number], readonly MptcpVersion[]>> = {
  tcp: [],
  'mptcp-v0': [0],
  'mptcp-v1': [1],
  'robe-downgrade': [0],
  'robe-bbm': [0],
  'robe-timer': [0, 1],
  'robe-sim': [0, 1],
  'robe-esim': [0, 1],
  'robe-ips': [0, 1],
};

function versionsOf({ profiles, mptcp }: Binding): readonly MptcpVersion[] {
  if (mptcp !== undefined) return mptcp;
  if (profiles.includes('tcp')) return [];
  return [...new Set(profiles.flatMap((profile) => versionsOfProfile[profile]))].sort();
}

/** Everywhere that a requirement has to be tried; one setting without versions where it binds nothing twice. */
export function settingsOf(requirement: Binding): readonly Setting[] {
  const roles: readonly Role[] = requirement.role === 'both' ? ['client', 'server'] : [requirement.role];
  const versions = versionsOf(requirement);
  const ips = requirement.ip ?? ipVersions;
  return roles.flatMap((role): readonly Setting[] => [
    ...(versions.length === 0 ? [{ role }] : versions.map((mptcp) => ({ role, mptcp }))),
    ...ips.map((ip) => ({ role, ip })),
  ]);
}

const tries = ({ roles, mptcp, ip }: Trial, wanted: Setting): boolean =>
  roles.includes(wanted.role) &&
  (wanted.mptcp === undefined || mptcp === undefined || mptcp.includes(wanted.mptcp)) &&
  (wanted.ip === undefined || ip === undefined || ip.includes(wanted.ip));

type Untried = NonNullable<Requirement['untried']>[number];

const excuses = (untried: Untried, wanted: Setting): boolean =>
  (untried.role === undefined || untried.role === wanted.role) &&
  (untried.mptcp === undefined || untried.mptcp === wanted.mptcp) &&
  (untried.ip === undefined || untried.ip === wanted.ip);

export interface Tried {
  /** Where nothing tries it and no reason is written. */
  readonly missing: readonly Setting[];
  /** Reasons why it is not tried somewhere, where it is tried everywhere that they speak of. */
  readonly stale: readonly Untried[];
}

/** Where a requirement is not tried, of everything that tries it. */
export function compareTrials(requirement: Binding, trials: readonly Trial[]): Tried {
  const { untried = [] } = requirement;
  const lacking = settingsOf(requirement).filter((wanted) => !trials.some((trial) => tries(trial, wanted)));
  const missing = lacking.filter((wanted) => !untried.some((each) => excuses(each, wanted)));
  return {
    missing: wholeRoles(missing, settingsOf(requirement)),
    stale: untried.filter((each) => !lacking.some((wanted) => excuses(each, wanted))),
  };
}

/** A role of which everything is missing is named once. */
const wholeRoles = (missing: readonly Setting[], all: readonly Setting[]): readonly Setting[] =>
  (['client', 'server'] as const).flatMap((role): readonly Setting[] => {
    const own = missing.filter((each) => each.role === role);
    return own.length > 0 && own.length === all.filter((each) => each.role === role).length ? [{ role }] : own;
  });

/** `server of MPTCP v0`, `client over IPv6`. */
export const printSetting = ({ role, mptcp, ip }: Setting): string =>
  `${role}${mptcp === undefined ? '' : ` of MPTCP v${mptcp}`}${ip === undefined ? '' : ` over IPv${ip}`}`;
