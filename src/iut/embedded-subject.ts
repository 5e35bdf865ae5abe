/** The reference under virtual time as a subject: one for each profile it serves, claims and parameters as it declares them. */
import { type EstablishmentProfile, establishmentProfiles } from '../reference/contract.js';
import { type ParameterChanges, withParameters } from '../reference/parameters.js';
import { openEmbedded } from './embedded.js';
import { declareReference } from './reference-claims.js';
import { settingsOf } from './settings.js';
import type { SimulatedSubject } from './subject.js';

/** The profiles of the reference. */
export const servedProfiles: readonly EstablishmentProfile[] = establishmentProfiles;

/** A reference of a profile with open points settled as declared. */
export const declaredReference = ({
  profile,
  declared = {},
}: {
  readonly profile: EstablishmentProfile;
  readonly declared?: ParameterChanges | undefined;
}): SimulatedSubject => {
  const parameters = withParameters(declared);
  const claims = declareReference(profile, parameters);
  const settled = Object.entries(declared).flatMap(([group, members]) =>
    Object.entries(members ?? {}).map(([name, value]) => `+${group}.${name}=${value}`),
  );
  return {
    name: ['embedded', [profile, ...settled].join('')].join(':'),
    time: 'virtual',
    claims,
    settings: settingsOf(claims.parameters),
    open: (seed) => openEmbedded({ profile, versions: claims.versions, parameters, seed }),
  };
};

export const embeddedSubject = (profile: EstablishmentProfile): SimulatedSubject => declaredReference({ profile });

/** Choices beside the default ones that have cases of their own: the implicit mode of RobE_eSIM (open point I-59). */
export const declaredReferences: readonly SimulatedSubject[] = [
  declaredReference({ profile: 'robe-esim', declared: { esim: { mode: 'implicit' } } }),
];

/** What `embedded` without a profile stands for: every profile, and the other choices. */
export const embeddedSubjects = (): readonly SimulatedSubject[] => [
  ...servedProfiles.map(embeddedSubject),
  ...declaredReferences,
];
