/** What an implementation claims, in one line. */
import { counted } from '../suite/verdict/counted.js';
import type { SubjectRecord } from '../suite/verdict/results.js';

/** `server and client; tcp, mptcp-v1; MPTCP v1; IPv4, IPv6; 2 paths; control tier 2`. */
export const tellClaims = ({ claims }: SubjectRecord): string => {
  const { roles, profiles, versions, ip, paths, control } = claims;
  return [
    roles.join(' and '),
    profiles.join(', '),
    versions.length === 0 ? 'no MPTCP' : `MPTCP ${versions.map((version) => `v${version}`).join(' ')}`,
    ip.map((version) => `IPv${version}`).join(', '),
    counted(paths, 'path'),
    `control tier ${control}`,
  ].join('; ');
};
