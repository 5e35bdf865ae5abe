/** Every declaration of the reference on which the catalogue is measured, with a watched host inside. */
import { openEmbedded } from '../iut/embedded-session.js';
import { declaredReference, embeddedSubjects, servedProfiles } from '../iut/embedded-subject.js';
import { mortal } from '../iut/mutant-subject.js';
import type { SimulatedSubject } from '../iut/subject.js';
import { allMutants } from '../mutants/index.js';
import type { EstablishmentProfile } from '../reference/contract.js';
import { createHost } from '../reference/host.js';
import { type ParameterChanges, withParameters } from '../reference/parameters.js';
import { FrameDigest, WatchedHost } from './watched-host.js';

interface Declaration {
  readonly profile: EstablishmentProfile;
  readonly declared?: ParameterChanges | undefined;
  readonly versions?: readonly (0 | 1)[] | undefined;
}

export interface WatchedSubject {
  readonly subject: SimulatedSubject;
  /** One that runs judge; the others declare what some named mutant needs. */
  readonly usual: boolean;
  /** Digest of what was sent since it was opened last. */
  digest(): string;
}

const watch = (declaration: Declaration): WatchedSubject => {
  const reference = declaredReference(declaration);
  const parameters = withParameters(declaration.declared ?? {});
  let digest = new FrameDigest();
  const open = (seed: string) => {
    digest = new FrameDigest();
    let host: WatchedHost | undefined;
    const session = openEmbedded({
      profile: declaration.profile,
      versions: reference.claims.versions,
      parameters,
      seed,
      host: (config) => {
        host = new WatchedHost(() => createHost(config, parameters), digest);
        return host;
      },
    });
    const { control } = session;
    return control === undefined ? session : { ...session, control: mortal(control, () => host?.life ?? 'crashed') };
  };
  const usual = embeddedSubjects().some(({ name }) => name === reference.name);
  return { subject: { ...reference, open }, usual, digest: () => digest.value() };
};

/** The declarations that runs judge and those that the named mutants need. */
export const watchedSubjects = (): readonly WatchedSubject[] => {
  const declarations: readonly Declaration[] = [...servedProfiles.map((profile) => ({ profile })), ...allMutants];
  const byName = new Map<string, WatchedSubject>();
  for (const { profile, declared, versions } of declarations) {
    const watched = watch({ profile, declared, versions });
    if (!byName.has(watched.subject.name)) byName.set(watched.subject.name, watched);
  }
  const all = [...byName.values()];
  return [...all.filter(({ usual }) => usual), ...all.filter(({ usual }) => !usual)];
};
