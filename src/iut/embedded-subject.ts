/** The reference under virtual time as a subject: one for each profile it serves, claims and parameters as it declares them. */
import { type EstablishmentProfile, establishmentProfiles } from '../reference/contract.js';
import { embeddedClaims, openEmbedded } from './embedded.js';
import { settingsOf } from './settings.js';
import type { SimulatedSubject } from './subject.js';

/** What `embedded` without a profile stands for. */
export const servedProfiles: readonly EstablishmentProfile[] = establishmentProfiles;

export const embeddedSubject = (profile: EstablishmentProfile): SimulatedSubject => {
  const claims = embeddedClaims(profile);
  return {
    name: `embedded:${profile}`,
    time: 'virtual',
    claims,
    settings: settingsOf(claims.parameters),
    open: (seed) => openEmbedded({ profile, versions: claims.versions, seed }),
  };
};
