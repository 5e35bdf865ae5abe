/**
 * Mutants of the reference as subjects: embedded like the reference itself, under virtual time, with the claims of a
 * right implementation of their profile. A crashed mutant loses its control channel; one that hangs never answers.
 */
import { allMutants } from '../mutants/index.js';
import { createConfinedMutant, createMutant, type Mutant, type MutantHost } from '../mutants/mutant.js';
import { type Occasion, type Trigger, triggers } from '../mutants/trigger.js';
import type { HostConfig } from '../reference/contract.js';
import type { Role } from '../suite/language/case.js';
import type { Control, IutSession } from './contract.js';
import { embeddedConfig, openEmbedded } from './embedded-session.js';
import { answersAlike, type Utterance } from './overheard-host.js';
import { type ComparedSubject, type OverheardSubject, overheardReference } from './overheard-subject.js';
import type { SimulatedSubject } from './subject.js';

/** A mutant, and the right implementation that declares the same. */
export interface MutantSubject {
  readonly id: string;
  readonly requirement: string;
  readonly origin?: string;
  readonly breaks: string;
  readonly profile: string;
  /** Roles in which the defect shows. */
  readonly roles: readonly Role[];
  readonly mutant: ComparedSubject;
  /** Shared by all mutants that declare the same. */
  readonly reference: OverheardSubject;
}

const rolesOf = ({ role }: Mutant): readonly Role[] => (role === 'both' ? ['server', 'client'] : [role]);

export { triggers };

type Make = (config: HostConfig) => MutantHost;

const openMutant = ({ profile }: Mutant, reference: SimulatedSubject, seed: string, make: Make): IutSession => {
  let life = (): 'alive' | 'crashed' | 'hung' => 'alive';
  const session = openEmbedded({
    profile,
    versions: reference.claims.versions,
    seed,
    host: (config) => {
      const made = make(config);
      life = made.life;
      return made.host;
    },
  });
  const { control } = session;
  return control === undefined ? session : { ...session, control: mortal(control, () => life()) };
};

/** Control that shares the fate of the host that it controls. */
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

const configOf = ({ profile }: Mutant, { claims: { versions } }: SimulatedSubject, seed: string): HostConfig =>
  embeddedConfig({ profile, versions, seed });

const comparedSubject = (mutant: Mutant, reference: OverheardSubject, name: string, make: Make): ComparedSubject => ({
  name,
  time: 'virtual',
  claims: reference.claims,
  settings: reference.settings,
  open: (seed) => openMutant(mutant, reference, seed, make),
  usual: reference,
  saysTheSame: (seed, overheard) => {
    const made = make(configOf(mutant, reference, seed));
    return answersAlike(made.host, overheard) && made.life() === 'alive';
  },
});

export const mutantSubject = (mutant: Mutant, reference: OverheardSubject): MutantSubject => ({
  id: mutant.id,
  requirement: mutant.requirement,
  ...(mutant.origin === undefined ? {} : { origin: mutant.origin }),
  breaks: mutant.breaks,
  profile: mutant.profile,
  roles: rolesOf(mutant),
  reference,
  mutant: comparedSubject(mutant, reference, `mutant:${mutant.id}`, (config) => createMutant(mutant, config)),
});

/** Every mutant, in the order of the files. */
export const mutantSubjects = (): readonly MutantSubject[] =>
  allMutants.map((mutant) => mutantSubject(mutant, overheardReference(mutant)));

/** A mutant whose defect occurs only on the occasions of one trigger. */
export interface ConfinedSubject extends ComparedSubject {
  /** Whether the defect had an occasion since a host was made last. */
  hadOccasion(): boolean;
}

export interface ConfinableMutant extends MutantSubject {
  /** Ids of the triggers on whose occasions the defect would have shown in what was overheard. */
  occasions(seed: string, overheard: readonly Utterance[]): ReadonlySet<string>;
  confinedTo(trigger: Trigger): ConfinedSubject;
}

const confinedSubject = (mutant: Mutant, reference: OverheardSubject, trigger: Trigger): ConfinedSubject => {
  let occurred = false;
  const make: Make = (config) => {
    occurred = false;
    return createConfinedMutant(mutant, config, (occasion) => {
      const holds = trigger.holds(occasion);
      occurred ||= holds;
      return holds;
    });
  };
  const name = `mutant:${mutant.id}@${trigger.id}`;
  return { ...comparedSubject(mutant, reference, name, make), hadOccasion: () => occurred };
};

const occasionsIn = (mutant: Mutant, config: HostConfig, overheard: readonly Utterance[]): ReadonlySet<string> => {
  const found = new Set<string>();
  const look = (occasion: Occasion): false => {
    if (found.size < triggers.length)
      for (const { id, holds } of triggers) if (!found.has(id) && holds(occasion)) found.add(id);
    return false;
  };
  const { host } = createConfinedMutant(mutant, config, look);
  for (const { ask } of overheard) ask(host);
  return found;
};

/** The mutant of that name, to be confined; undefined when there is none. */
export const confinableMutant = (id: string): ConfinableMutant | undefined => {
  const mutant = allMutants.find((each) => each.id === id);
  if (mutant === undefined) return undefined;
  const reference = overheardReference(mutant);
  return {
    ...mutantSubject(mutant, reference),
    occasions: (seed, overheard) => occasionsIn(mutant, configOf(mutant, reference, seed), overheard),
    confinedTo: (trigger) => confinedSubject(mutant, reference, trigger),
  };
};
