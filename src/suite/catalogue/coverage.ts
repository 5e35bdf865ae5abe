/**
 * Counts which requirements cases ask and rules watch, where each is tested, and what is missing. An authored case asks a
 * requirement; the number of its expansions does not improve coverage, but they determine the roles and versions in which
 * the requirement is tested.
 */
import type { IpVersion, MptcpVersion, Role } from '../language/case.js';
import type { Step } from '../language/step.js';
import type { Register } from './requirement.js';
import { bases, documents, levels, type Origin, profiles, type Requirement } from './requirement-schema.js';
import { compareTrials, type Trial, type Tried } from './trials.js';

/** The fields of a case that counting needs. */
export interface CitingCase {
  readonly id: string;
  readonly authoredId: string;
  readonly requirements: readonly string[];
  readonly role: Role;
  readonly mptcp?: MptcpVersion;
  readonly ip: IpVersion;
  readonly profiles: readonly string[];
  /** Absent if the steps of the case do not matter. */
  readonly steps?: readonly Step[];
  readonly origin: Origin;
}

/** The fields of a rule that counting needs: the requirement that it watches, and the hosts that it binds. */
export interface WatchingRule {
  readonly id: string;
  readonly requirements: readonly string[];
  readonly roles: readonly Role[];
  readonly versions: readonly MptcpVersion[];
}

/** What packets can show of a requirement. */
export type Testability = 'wire' | 'partial' | 'no';

/**
 * `asked` by a case; `watched` by a rule and no case; `hidden`: packets cannot show it, for a written reason; otherwise
 * `open`.
 */
export type Standing = 'asked' | 'watched' | 'hidden' | 'open';

export interface CoveredRequirement {
  readonly requirement: Requirement;
  readonly testability: Testability;
  readonly standing: Standing;
  /** Authored ids, sorted. */
  readonly cases: readonly string[];
  /** Ids of rules, sorted. */
  readonly rules: readonly string[];
  /** The settings in which it is tested, for requirements that are asked or watched. */
  readonly tried: Tried;
}

export interface CitingEntry {
  /** Authored id. */
  readonly case: string;
  readonly expansions: number;
  readonly requirements: readonly string[];
}

/** The coverage of the requirements of one source, level, role, profile or basis. */
export interface Tally {
  readonly name: string;
  readonly requirements: number;
  readonly asked: number;
  readonly watched: number;
  readonly hidden: number;
  readonly open: number;
}

export interface Coverage {
  readonly total: Tally;
  readonly bySource: readonly Tally[];
  readonly byLevel: readonly Tally[];
  readonly byRole: readonly Tally[];
  readonly byProfile: readonly Tally[];
  readonly byBasis: readonly Tally[];
  readonly byRequirement: readonly CoveredRequirement[];
  readonly byCase: readonly CitingEntry[];
}

export function measureCoverage(
  register: Pick<Register, 'requirements'>,
  cases: readonly CitingCase[],
  rules: readonly WatchingRule[] = [],
): Coverage {
  const citing = byCitation(cases);
  const watching = byCitation(rules);
  const byRequirement = [...register.requirements.values()].map((requirement): CoveredRequirement => {
    const askedBy = citing.get(requirement.id) ?? [];
    const watchedBy = watching.get(requirement.id) ?? [];
    const testability = testabilityOf(requirement);
    const standing = standingOf(testability, askedBy.length, watchedBy.length);
    return {
      requirement,
      testability,
      standing,
      cases: distinct(askedBy.map(({ authoredId }) => authoredId)),
      rules: distinct(watchedBy.map(({ id }) => id)),
      tried:
        standing === 'asked' || standing === 'watched'
          ? compareTrials(requirement, [...askedBy.map(trialOfCase), ...watchedBy.map(trialOfRule)])
          : { missing: [], stale: [] },
    };
  });
  const tallyBy = (names: readonly string[], belongs: (requirement: Requirement, name: string) => boolean) =>
    names.map((name) =>
      tally(
        name,
        byRequirement.filter(({ requirement }) => belongs(requirement, name)),
      ),
    );
  const cited = new Set(byRequirement.map(({ requirement }) => requirement.source.doc));
  const sources = documents.filter((document) => cited.has(document));
  return {
    total: tally('all', byRequirement),
    bySource: tallyBy(sources, ({ source }, name) => source.doc === name),
    byLevel: tallyBy(levels, ({ level }, name) => level === name),
    // A requirement on both ends counts for each role.
    byRole: tallyBy(['client', 'server'], ({ role }, name) => role === name || role === 'both'),
    byProfile: tallyBy(profiles, (requirement, name) => requirement.profiles.some((profile) => profile === name)),
    byBasis: tallyBy(bases, ({ basis }, name) => basis === name),
    byRequirement,
    byCase: citingEntries(cases),
  };
}

function testabilityOf({ testable }: Pick<Requirement, 'testable'>): Testability {
  if (testable === 'wire') return 'wire';
  return 'partial' in testable ? 'partial' : 'no';
}

function standingOf(testability: Testability, cases: number, rules: number): Standing {
  if (testability === 'no') return 'hidden';
  return cases > 0 ? 'asked' : rules > 0 ? 'watched' : 'open';
}

const trialOfCase = ({ role, mptcp, ip }: CitingCase): Trial => ({
  roles: [role],
  mptcp: mptcp === undefined ? [] : [mptcp],
  ip: [ip],
});

const trialOfRule = ({ roles, versions }: WatchingRule): Trial => ({ roles, mptcp: versions });

function byCitation<T extends { readonly requirements: readonly string[] }>(
  all: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const citing = new Map<string, T[]>();
  for (const each of all) {
    for (const id of new Set(each.requirements)) {
      const by = citing.get(id);
      if (by === undefined) citing.set(id, [each]);
      else by.push(each);
    }
  }
  return citing;
}

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)].sort();

/** One expansion of each authored case, in the order given. */
export function firstExpansions(cases: readonly CitingCase[]): readonly CitingCase[] {
  const first = new Map<string, CitingCase>();
  for (const subject of cases) if (!first.has(subject.authoredId)) first.set(subject.authoredId, subject);
  return [...first.values()];
}

function citingEntries(cases: readonly CitingCase[]): readonly CitingEntry[] {
  const expansions = new Map<string, number>();
  for (const { authoredId } of cases) expansions.set(authoredId, (expansions.get(authoredId) ?? 0) + 1);
  return firstExpansions(cases).map(({ authoredId, requirements }) => ({
    case: authoredId,
    expansions: expansions.get(authoredId) ?? 0,
    requirements,
  }));
}

function tally(name: string, covered: readonly CoveredRequirement[]): Tally {
  const count = (wanted: Standing) => covered.filter(({ standing }) => standing === wanted).length;
  return {
    name,
    requirements: covered.length,
    asked: count('asked'),
    watched: count('watched'),
    hidden: count('hidden'),
    open: count('open'),
  };
}
