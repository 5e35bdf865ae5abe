/**
 * A mutant: the reference with one defect, named after the requirement that it breaks. A defect replaces a decision, lets
 * the host act on other parameters than those that are declared of it, or puts a fault on its wire.
 */
import type { EstablishmentProfile, HostConfig, ReferenceHost } from '../reference/contract.js';
import { withDecisions } from '../reference/decisions.js';
import { createHost } from '../reference/host.js';
import { type ParameterChanges, withParameters } from '../reference/parameters.js';
import type { DecisionChanges } from '../reference/questions.js';
import { confineDecisions, confineFaults, confineParameters, type Gate } from './confined.js';
import type { Fault } from './fault.js';
import { FaultyHost, type Life } from './faulty-host.js';
import { Scene } from './scene.js';
import type { Occasion } from './trigger.js';

export interface Mutant {
  /** Feature name, unique among all mutants. */
  readonly id: string;
  /** The one requirement of the register that it breaks. */
  readonly requirement: string;
  /** Thread of a public tracker in which the same bug of a real stack is told, as `owner/repository#number`. */
  readonly origin?: string;
  /** What it does, against what that sentence asks. */
  readonly breaks: string;
  /** The profile it serves otherwise rightly. */
  readonly profile: EstablishmentProfile;
  /** The role in which the defect shows. */
  readonly role: 'server' | 'client' | 'both';
  /** Open points that are settled otherwise than by default, and declared so. */
  readonly declared?: ParameterChanges;
  /** Versions it speaks and claims, where not both. */
  readonly versions?: readonly (0 | 1)[];
  readonly defect: {
    readonly decides?: DecisionChanges;
    /** Made afresh for each host: for decisions that have to remember. */
    readonly remembers?: () => DecisionChanges;
    readonly behaves?: ParameterChanges;
    readonly wire?: readonly Fault[];
  };
}

/** What all mutants of a file have in common, and each of them. */
export const mutants = (
  common: Pick<Mutant, 'profile' | 'role'>,
  each: readonly (Omit<Mutant, 'profile' | 'role'> & Partial<Pick<Mutant, 'profile' | 'role'>>)[],
): readonly Mutant[] => each.map((mutant) => ({ ...common, ...mutant }));

export interface MutantHost {
  readonly host: ReferenceHost;
  life(): Life;
}

/** The mutant as a host. */
export const createMutant = ({ declared, defect }: Mutant, config: HostConfig): MutantHost => {
  const parameters = withParameters(merge(declared ?? {}, defect.behaves ?? {}));
  const decisions = withDecisions({ ...defect.decides, ...defect.remembers?.() });
  const host = new FaultyHost(
    createHost(config, parameters, decisions),
    config,
    defect.wire ?? [],
    defect.remembers !== undefined,
  );
  return { host, life: () => host.life };
};

/**
 * The mutant as a host whose defect shows where `mayShow` allows it; asked each time, with how often it would have shown
 * before. Parameters of the defect count as shown whenever they are read.
 */
export const createConfinedMutant = (
  { declared, defect }: Mutant,
  config: HostConfig,
  mayShow: (occasion: Occasion) => boolean,
): MutantHost => {
  const scene = new Scene();
  const gate = (): Gate => {
    let times = 0;
    return () => {
      times += 1;
      return mayShow({ scene, times: times - 1 });
    };
  };
  const right = withParameters(declared ?? {});
  const parameters = defect.behaves === undefined ? right : confineParameters(right, defect.behaves, gate);
  const decisions = withDecisions(confineDecisions({ ...defect.decides, ...defect.remembers?.() }, gate));
  const faults = confineFaults(defect.wire ?? [], gate);
  const host = new FaultyHost(createHost(config, parameters, decisions), config, faults, true, scene);
  return { host, life: () => host.life };
};

/** Changes laid over changes, group by group. */
const merge = (under: ParameterChanges, over: ParameterChanges): ParameterChanges => {
  const groups = new Set([...Object.keys(under), ...Object.keys(over)]) as Set<keyof ParameterChanges>;
  return Object.fromEntries([...groups].map((group) => [group, { ...under[group], ...over[group] }]));
};
