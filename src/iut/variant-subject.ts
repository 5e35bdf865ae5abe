/**
 * Variants of the reference as subjects: embedded like the reference itself, with their claims, one for each profile in
 * which the freedom exists. Several variants may be used together. The name is `variant:ID+ID@PROFILE`.
 *
 * A variant that behaves like the reference in a case need not be judged in it: the calls to the reference are recorded,
 * and a variant that answers the same calls with the same frames at the same times has the same verdict.
 */

import type { HostConfig, ReferenceHost } from '../reference/contract.js';
import type { ParameterChanges } from '../reference/parameters.js';
import { allVariants } from '../variants/index.js';
import { createVariant, declaredBy, type Variant } from '../variants/variant.js';
import { embeddedConfig, openEmbedded } from './embedded-session.js';
import {
  declaredReference,
  otherChoices,
  type ReferenceChoice,
  servedProfiles,
  settledBy,
} from './embedded-subject.js';
import { answersAlike } from './overheard-host.js';
import { type ComparedSubject, overheardReference } from './overheard-subject.js';
import type { SimulatedSubject } from './subject.js';

/** What `embedded` stands for, in its order. */
const choices: readonly ReferenceChoice[] = [...servedProfiles.map((profile) => ({ profile })), ...otherChoices];

const choiceName = (choice: ReferenceChoice): string => [choice.profile, ...settledBy(choice)].join('+');

const merged = (choice: ReferenceChoice, used: readonly Variant[]): ParameterChanges => {
  const own = declaredBy(used);
  const groups = new Set([...Object.keys(choice.declared ?? {}), ...Object.keys(own)]) as Set<keyof ParameterChanges>;
  return Object.fromEntries([...groups].map((group) => [group, { ...choice.declared?.[group], ...own[group] }]));
};

const variantSubject = (used: readonly Variant[], choice: ReferenceChoice): ComparedSubject => {
  const { profile } = choice;
  const versions = used.find((variant) => variant.versions !== undefined)?.versions;
  const reference = declaredReference({ profile, declared: merged(choice, used), versions });
  const make = (config: HostConfig): ReferenceHost => createVariant(used, config, choice.declared);
  const { versions: spoken } = reference.claims;
  return {
    name: `variant:${used.map(({ id }) => id).join('+')}@${choiceName(choice)}`,
    time: 'virtual',
    claims: reference.claims,
    settings: reference.settings,
    usual: overheardReference(choice),
    open: (seed) => openEmbedded({ profile, versions: spoken, seed, host: make }),
    saysTheSame: (seed, overheard) =>
      answersAlike(make(embeddedConfig({ profile, versions: spoken, seed })), overheard),
  };
};

/** A place of `embedded` with a variant in it, or, where the variant says nothing, the plain reference. */
interface Place {
  readonly subject: SimulatedSubject;
  readonly variant: ComparedSubject | undefined;
}

/** Everything that `embedded` stands for, with these variants wherever all of them have something to say. */
export const placesOf = (used: readonly Variant[]): readonly Place[] =>
  choices.map((choice) => {
    const fits = used.every(({ profiles }) => profiles.includes(choice.profile));
    const variant = fits ? variantSubject(used, choice) : undefined;
    return { subject: variant ?? overheardReference(choice), variant };
  });

/** A place of `embedded` in which some of several variants have something to say. */
export interface CombinedPlace {
  readonly subject: SimulatedSubject;
  /** Those that have. */
  readonly used: readonly Variant[];
  /** The place with only these in it. */
  only(variants: readonly Variant[]): ComparedSubject;
}

/** Everything that `embedded` stands for, each place with as many of these variants as have something to say there. */
export const combinedPlacesOf = (variants: readonly Variant[]): readonly CombinedPlace[] =>
  choices.map((choice) => {
    const used = variants.filter(({ profiles }) => profiles.includes(choice.profile));
    const only = (some: readonly Variant[]): ComparedSubject => variantSubject(some, choice);
    return { subject: used.length === 0 ? overheardReference(choice) : only(used), used, only };
  });

/** The subject of that name; undefined when there is none. */
export const variantSubjectNamed = (name: string): ComparedSubject | undefined => {
  const [, ids = '', place = ''] = /^variant:([^@]*)@(.*)$/.exec(name) ?? [];
  const used = ids.split('+').map((id) => allVariants.find((variant) => variant.id === id));
  const choice = choices.find((each) => choiceName(each) === place);
  const found = used.filter((variant) => variant !== undefined);
  return choice === undefined || found.length < used.length ? undefined : variantSubject(found, choice);
};
