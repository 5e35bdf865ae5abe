/**
 * Mutants of the reference as subjects: embedded like the reference itself, under virtual time, claiming what a right
 * implementation of their profile claims. A mutant that crashed loses its control channel, one that hangs never answers.
 */
import { allMutants } from '../mutants/index.js';
import { createMutant, type Mutant } from '../mutants/mutant.js';
import type { Role } from '../suite/language/case.js';
import type { Control, IutSession } from './contract.js';
import { embeddedConfig, openEmbedded } from './embedded-session.js';
import { answersAlike } from './overheard-host.js';
import { type ComparedSubject, type OverheardSubject, overheardReference } from './overheard-subject.js';
import type { SimulatedSubject } from './subject.js';

/** A mutant, and the right implementation that declares the same. */
export interface MutantSubject {
  readonly id: string;
  readonly requirement: string;
  readonly breaks: string;
  readonly profile: string;
  /** Roles in which the defect shows. */
  readonly roles: readonly Role[];
  readonly mutant: ComparedSubject;
  /** Shared by all mutants that declare the same. */
  readonly reference: OverheardSubject;
}

const rolesOf = ({ role }: Mutant): readonly Role[] => (role === 'both' ? ['server', 'client'] : [role]);

const openMutant = (mutant: Mutant, reference: SimulatedSubject, seed: string): IutSession => {
  let life = (): 'alive' | 'crashed' | 'hung' => 'alive';
  const session = openEmbedded({
    profile: mutant.profile,
    versions: reference.claims.versions,
    seed,
    host: (config) => {
      const made = createMutant(mutant, config);
      life = made.life;
      return made.host;
    },
  });
  const { control } = session;
  return control === undefined ? session : { ...session, control: mortal(control, () => life()) };
};

/** Control that shares the fate of the host behind it. */
export const mortal = (control: Control, life: () => 'alive' | 'crashed' | 'hung'): Control => ({
  perform: (command, answered) =>
    control.perform(command, (given) => {
      switch (life()) {
        case 'alive':
          answered(given);
          break;
        case 'crashed':
          answered({ answer: 'lost', why: 'the process ended' });
          break;
        case 'hung':
          break;
      }
    }),
  close: () => control.close(),
});

const mutantSubject = (mutant: Mutant, reference: OverheardSubject): MutantSubject => ({
  id: mutant.id,
  requirement: mutant.requirement,
  breaks: mutant.breaks,
  profile: mutant.profile,
  roles: rolesOf(mutant),
  reference,
  mutant: {
    name: `mutant:${mutant.id}`,
    time: 'virtual',
    claims: reference.claims,
    settings: reference.settings,
    open: (seed) => openMutant(mutant, reference, seed),
    usual: reference,
    saysTheSame: (seed, overheard) => {
      const { versions } = reference.claims;
      const made = createMutant(mutant, embeddedConfig({ profile: mutant.profile, versions, seed }));
      return answersAlike(made.host, overheard) && made.life() === 'alive';
    },
  },
});

/** Every mutant, in the order of the files. */
export const mutantSubjects = (): readonly MutantSubject[] =>
  allMutants.map((mutant) => mutantSubject(mutant, overheardReference(mutant)));
