/**
 * A variant: the reference with one freedom of the sources used otherwise. It is the mirror image of a mutant: a mutant
 * breaks a sentence and some case must notice, a variant keeps every sentence and every case must be content.
 *
 * What is open for declaration (docs/interpretations.md) is changed by `declared`, and the claims say so, because a
 * declaration selects what is expected. Everything else is changed without a word, because nobody has to be told of it.
 */
import type { Fault } from '../mutants/fault.js';
import { FaultyHost } from '../mutants/faulty-host.js';
import {
  type EstablishmentProfile,
  establishmentProfiles,
  type HostConfig,
  type ReferenceHost,
  type StreamHost,
} from '../reference/contract.js';
import { withDecisions } from '../reference/decisions.js';
import { createHost } from '../reference/host.js';
import { type ParameterChanges, type ReferenceParameters, withParameters } from '../reference/parameters.js';
import type { DecisionChanges } from '../reference/questions.js';
import { type Habit, HabitualHost } from './habit.js';

/** What grants the freedom: a document, the place in it, and what it says there in our own words. */
export interface Sentence {
  readonly source: Source;
  readonly section: string;
  readonly says: string;
}

export type Source =
  | 'RFC 9293'
  | 'RFC 6298'
  | 'RFC 7323'
  | 'RFC 5961'
  | 'RFC 3168'
  | 'RFC 6824'
  | 'RFC 8684'
  | 'paper'
  | 'draft'
  /** A reading of a place that the sources leave open, declared as such. */
  | 'open point';

export interface Change {
  readonly config?: Partial<Pick<HostConfig, 'receiveBuffer' | 'scheduling'>>;
  readonly decides?: DecisionChanges;
  /** Made afresh for each host: for decisions that have to remember. */
  readonly remembers?: () => DecisionChanges;
  readonly behaves?: ParameterChanges;
  /** What is done to segments one by one. */
  readonly wire?: readonly Fault[];
  /** What is done to segments with memory and time, made afresh for each host. */
  readonly habit?: (config: HostConfig, parameters: ReferenceParameters) => Habit;
  /** An application other than the echo service of the reference. */
  readonly application?: (host: StreamHost) => ReferenceHost;
}

export interface Variant {
  /** Feature name, unique among all variants. */
  readonly id: string;
  readonly sentence: Sentence;
  /** What of an implementation it is about: of several variants about the same thing only one can be at a time. */
  readonly about: string;
  /** Profiles in which the freedom exists. */
  readonly profiles: readonly EstablishmentProfile[];
  /** The role in which it shows. */
  readonly role: 'server' | 'client' | 'both';
  /** Versions it speaks and claims, where not both. */
  readonly versions?: readonly (0 | 1)[];
  /** Open points that are settled otherwise than by default, and declared so. */
  readonly declared?: ParameterChanges;
  readonly change?: Change;
  /** `musts`: it does not follow a recommendation, so that a case may find it `nonstrict`; absent: it follows all. */
  readonly keeps?: 'musts';
}

export const everyProfile: readonly EstablishmentProfile[] = establishmentProfiles;
export const mptcpProfiles: readonly EstablishmentProfile[] = establishmentProfiles.filter((each) => each !== 'tcp');

type Common = Pick<Variant, 'profiles'> & Partial<Pick<Variant, 'about' | 'role'>>;
type Single = Omit<Variant, 'profiles' | 'about' | 'role'> & Partial<Pick<Variant, 'profiles' | 'about' | 'role'>>;

/** What all variants of a list have in common, and each of them; without `about` each is about something of its own. */
export const variants = (common: Common, each: readonly Single[]): readonly Variant[] =>
  each.map((variant) => ({ role: 'both', about: variant.id, ...common, ...variant }));

const merge = <Groups extends object>(under: Groups, over: Groups): Groups => {
  const both: Record<string, object> = { ...(under as Record<string, object>) };
  for (const [group, members] of Object.entries(over)) both[group] = { ...both[group], ...members };
  return both as Groups;
};

/** Changes of several variants together; the later ones win. */
const mergeAll = <Groups extends object>(changes: readonly (Groups | undefined)[]): Groups =>
  changes.reduce<Groups>((merged, change) => (change === undefined ? merged : merge(merged, change)), {} as Groups);

/** What several variants declare together. */
export const declaredBy = (used: readonly Variant[]): ParameterChanges =>
  mergeAll<ParameterChanges>(used.map(({ declared }) => declared));

/** The reference with all these freedoms used otherwise. `declared`: what is declared of it besides. */
export const createVariant = (
  used: readonly Variant[],
  given: HostConfig,
  declared: ParameterChanges = {},
): ReferenceHost => {
  const changes = used.flatMap(({ change }) => (change === undefined ? [] : [change]));
  const config: HostConfig = Object.assign({ ...given }, ...changes.map((change) => change.config));
  const parameters = withParameters(
    mergeAll<ParameterChanges>([declared, declaredBy(used), ...changes.map(({ behaves }) => behaves)]),
  );
  const decisions = withDecisions(
    mergeAll<DecisionChanges>(changes.flatMap(({ decides, remembers }) => [decides, remembers?.()])),
  );
  const stream = createHost(config, parameters, decisions);
  const [application] = changes.flatMap((change) => change.application ?? []);
  return changes.reduce<ReferenceHost>((host, { wire, habit }) => {
    const faulty = wire === undefined ? host : new FaultyHost(host, config, wire);
    return habit === undefined ? faulty : new HabitualHost(faulty, config, habit(config, parameters));
  }, application?.(stream) ?? stream);
};
