/** The reference under virtual time as a subject: one for each profile it serves, claims and parameters as it declares them. */
import { type EstablishmentProfile, establishmentProfiles } from '../reference/contract.js';
import { type ParameterChanges, withParameters } from '../reference/parameters.js';
import type { Claims } from '../suite/catalogue/applicability.js';
import { openEmbedded } from './embedded-session.js';
import { declareReference } from './reference-claims.js';
import { settingsOf } from './settings.js';
import type { SimulatedSubject } from './subject.js';

/** The profiles of the reference. */
export const servedProfiles: readonly EstablishmentProfile[] = establishmentProfiles;

/** The same claims of a host that speaks fewer versions. */
const speaking = (claims: Claims, versions: readonly (0 | 1)[]): Claims => ({
  ...claims,
  versions,
  profiles: claims.profiles.filter(
    (profile) => !profile.startsWith('mptcp-v') || versions.some((version) => profile === `mptcp-v${version}`),
  ),
});

/** A profile of the reference, with open points settled otherwise than by default where it says so. */
export interface ReferenceChoice {
  readonly profile: EstablishmentProfile;
  readonly declared?: ParameterChanges | undefined;
}

/** The open points that are declared, as `--parameter` takes them, e.g. `esim.mode=implicit`. */
export const settledBy = ({ declared = {} }: ReferenceChoice): readonly string[] =>
  Object.entries(declared).flatMap(([group, members]) =>
    Object.entries(members ?? {}).map(([name, value]) => `${group}.${name}=${value}`),
  );

/** A reference of a profile with open points settled as declared; both versions when none are named. */
export const declaredReference = ({
  profile,
  declared = {},
  versions,
}: ReferenceChoice & { readonly versions?: readonly (0 | 1)[] | undefined }): SimulatedSubject => {
  const parameters = withParameters(declared);
  const usual = declareReference(profile, parameters);
  const claims = versions === undefined ? usual : speaking(usual, versions);
  const spoken = (versions ?? []).map((version) => `+v${version}`);
  const settled = settledBy({ profile, declared }).map((each) => `+${each}`);
  return {
    name: `embedded:${[profile, ...spoken, ...settled].join('')}`,
    time: 'virtual',
    claims,
    settings: settingsOf(claims.parameters),
    open: (seed) => openEmbedded({ profile, versions: claims.versions, parameters, seed }),
  };
};

export const embeddedSubject = (profile: EstablishmentProfile): SimulatedSubject => declaredReference({ profile });

/** Choices beside the default ones that have cases of their own: the implicit mode of RobE_eSIM (open point I-59). */
export const otherChoices: readonly ReferenceChoice[] = [
  { profile: 'robe-esim', declared: { esim: { mode: 'implicit' } } },
];

/** What `embedded` without a profile stands for: every profile, and the other choices. */
export const embeddedSubjects = (): readonly SimulatedSubject[] => [
  ...servedProfiles.map(embeddedSubject),
  ...otherChoices.map(declaredReference),
];
