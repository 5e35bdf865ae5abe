/**
 * The static review of a declaration: whether its claims are consistent, before anything is sent. Pure, from the claims
 * alone. `unmet`: the claims contradict each other, so verdicts based on them are meaningless. `limited`: permitted, but
 * some behaviour stays untested, which a reader of the results should know.
 */

import { parameterDefaults } from '../language/parameters.js';
import type { Claims } from './applicability.js';

export const reviewStatuses = ['met', 'limited', 'unmet'] as const;
export type ReviewStatus = (typeof reviewStatuses)[number];

export interface ReviewItem {
  /** The item under review, in few words: `profile mptcp-v1`. */
  readonly item: string;
  readonly status: ReviewStatus;
  /** The reason; what to declare if it is not met. */
  readonly sentence: string;
}

/** Mandatory claims first, then those implied by others. Items whose condition is false are left out. */
export const reviewClaims = (claims: Claims): readonly ReviewItem[] => [
  tcpHost(claims),
  ipVersions(claims),
  ...mptcpProfiles(claims),
  ...robeProfiles(claims),
  ...clientRole(claims),
  ...draftSubtypes(claims),
];

const item = (name: string, holds: boolean, met: string, otherwise: string, status: ReviewStatus = 'unmet') =>
  holds
    ? ({ item: name, status: 'met', sentence: met } as const)
    : ({ item: name, status, sentence: otherwise } as const);

/** RFC 8684 section 2: an MPTCP host falls back to TCP, so it is one. */
const tcpHost = ({ profiles }: Claims): ReviewItem =>
  item(
    'profile tcp',
    profiles.includes('tcp'),
    'claimed, as every host must',
    'not claimed: every host under test is a TCP host, and falls back to one; add tcp to claims.profiles',
  );

const ipVersions = ({ ip }: Claims): ReviewItem =>
  ip.length === 0
    ? {
        item: 'an IP version',
        status: 'unmet',
        sentence: 'none reaches every path and the server: declare address and tester of one version on each path',
      }
    : item(
        'an IP version',
        ip.length > 1,
        ip.map((each) => `IPv${each}`).join(' and '),
        `IPv${ip.join()} only: cases of the other version do not apply`,
        'limited',
      );

const mptcpProfiles = ({ profiles, versions }: Claims): readonly ReviewItem[] =>
  ([0, 1] as const).flatMap((version) => {
    const profile = `mptcp-v${version}`;
    const [listed, spoken] = [profiles.includes(profile), versions.includes(version)];
    if (!listed && !spoken) return [];
    return [
      item(
        `profile ${profile}`,
        listed && spoken,
        `claimed, and so is MPTCP version ${version}`,
        listed
          ? `claimed without MPTCP version ${version}: add ${version} to claims.versions`
          : `MPTCP version ${version} is claimed without it: add ${profile} to claims.profiles`,
      ),
    ];
  });

const leastPaths = 2;

const robeProfiles = ({ profiles, versions, paths }: Claims): readonly ReviewItem[] =>
  profiles
    .filter((profile) => profile.startsWith('robe-'))
    .flatMap((profile) => [
      item(
        `${profile}: MPTCP`,
        versions.length > 0,
        `runs over MPTCP ${versions.map((each) => `v${each}`).join(' and ')}`,
        'RobE is an extension of MPTCP: declare claims.versions and the profiles of them',
      ),
      item(
        `${profile}: paths`,
        paths >= leastPaths,
        `${paths} paths`,
        `one path: what ${profile} is about needs ${leastPaths}, and its cases do not apply`,
        'limited',
      ),
    ]);

const clientRole = ({ roles, control }: Claims): readonly ReviewItem[] =>
  roles.includes('client')
    ? [
        item(
          'role client: control',
          control > 0,
          `control tier ${control} makes it connect`,
          'without control nothing makes it connect: declare control, or leave the role out',
          'limited',
        ),
      ]
    : [];

/** RFC 8684 section 8 and the registry: subtypes 0 to 8 are assigned, 15 is for experiments. */
const lastAssigned = 8;

const draftSubtypes = ({ profiles, parameters }: Claims): readonly ReviewItem[] => {
  if (!profiles.includes('robe-esim')) return [];
  const names = ['esim.subtypes.en', 'esim.subtypes.join_cap', 'esim.subtypes.l_rtt'];
  const subtypes = names.map((name) => Number(parameters[name] ?? parameterDefaults[name]));
  const told = subtypes.join(', ');
  const distinct = new Set(subtypes).size === subtypes.length;
  return [
    item(
      "robe-esim: the draft's subtypes",
      distinct && subtypes.every((each) => each > lastAssigned),
      `${told}: distinct, and none is assigned to another option`,
      distinct
        ? `${told}: 0 to ${lastAssigned} belong to options of RFC 8684; declare esim.subtypes.* above them`
        : `${told}: two options share a subtype and cannot be told apart; declare esim.subtypes.* apart`,
    ),
  ];
};
