/**
 * The settings in which a requirement must be tested: each role that it binds, with each MPTCP version and over each IP
 * version that it binds. A setting is tested if a case of that role and version cites the requirement, or a rule that
 * binds them watches it.
 */
import { type IpVersion, ipVersions, type MptcpVersion, type Role } from '../language/case.js';
import type { Requirement } from './requirement-schema.js';

/** One role, with one version of MPTCP or of IP, or with neither where the requirement binds only one of them. */
export interface Setting {
  readonly role: Role;
  readonly mptcp?: MptcpVersion;
  readonly ip?: IpVersion;
}

/** A case or rule that tests a requirement in some setting. */
export interface Trial {
  readonly roles: readonly Role[];
  /** Absent: with any. A case without MPTCP tests no version of it. */
  readonly mptcp?: readonly MptcpVersion[];
  readonly ip?: readonly IpVersion[];
}

/** The fields of a requirement that say whom it binds. */
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

/** All settings in which a requirement must be tested; one setting without versions if it does not depend on them. */
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
  /** Settings that are not tested and have no written reason. */
  readonly missing: readonly Setting[];
  /** Written reasons for settings that are all tested. */
  readonly stale: readonly Untried[];
}

/** The settings in which none of these tests a requirement. */
export function compareTrials(requirement: Binding, trials: readonly Trial[]): Tried {
  const { untried = [] } = requirement;
  const lacking = settingsOf(requirement).filter((wanted) => !trials.some((trial) => tries(trial, wanted)));
  const missing = lacking.filter((wanted) => !untried.some((each) => excuses(each, wanted)));
  return {
    missing: wholeRoles(missing, settingsOf(requirement)),
    stale: untried.filter((each) => !lacking.some((wanted) => excuses(each, wanted))),
  };
}

/** A role with no tested setting is named once. */
const wholeRoles = (missing: readonly Setting[], all: readonly Setting[]): readonly Setting[] =>
  (['client', 'server'] as const).flatMap((role): readonly Setting[] => {
    const own = missing.filter((each) => each.role === role);
    return own.length > 0 && own.length === all.filter((each) => each.role === role).length ? [{ role }] : own;
  });

/** `server of MPTCP v0`, `client over IPv6`. */
export const printSetting = ({ role, mptcp, ip }: Setting): string =>
  `${role}${mptcp === undefined ? '' : ` of MPTCP v${mptcp}`}${ip === undefined ? '' : ` over IPv${ip}`}`;
