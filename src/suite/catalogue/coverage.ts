/**
 * Which cases stand on which requirements, both ways, and what is wrong with that: pure counting over ids. A requirement is
 * covered by an authored case; how many expansions that case has does not make it better covered.
 */
import type { Role } from '../language/case.js';
import { compareProblems, type Problem } from './problem.js';
import {
  bases,
  documents,
  levels,
  type Origin,
  profiles,
  type Register,
  type Requirement,
  whyNotCitable,
} from './requirement.js';

/** As much of a case as counting needs. */
export interface CitingCase {
  readonly id: string;
  readonly authoredId: string;
  readonly requirements: readonly string[];
  readonly role: Role;
  readonly profiles: readonly string[];
  readonly origin: Origin;
}

/** What packets can show of a requirement. */
export type Testability = 'wire' | 'partial' | 'no';

/** `tested` has cases; `open` could be tested by packets and has none; `excused` cannot, for a written reason. */
export type Standing = 'tested' | 'open' | 'excused';

export interface CoveredRequirement {
  readonly requirement: Requirement;
  readonly testability: Testability;
  readonly standing: Standing;
  /** Authored ids, sorted. */
  readonly cases: readonly string[];
}

export interface CitingEntry {
  /** Authored id. */
  readonly case: string;
  readonly expansions: number;
  readonly requirements: readonly string[];
}

/** How the requirements of one source, level, role, profile or basis stand. */
export interface Tally {
  readonly name: string;
  readonly requirements: number;
  readonly tested: number;
  readonly open: number;
  readonly excused: number;
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

export function measureCoverage(register: Pick<Register, 'requirements'>, cases: readonly CitingCase[]): Coverage {
  const citing = citationsOf(cases);
  const byRequirement = [...register.requirements.values()].map((requirement): CoveredRequirement => {
    const cited = [...(citing.get(requirement.id) ?? [])].sort();
    const testability = testabilityOf(requirement);
    const standing = cited.length > 0 ? 'tested' : testability === 'no' ? 'excused' : 'open';
    return { requirement, testability, standing, cases: cited };
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
    // A requirement on both ends counts for each of them.
    byRole: tallyBy(['client', 'server'], ({ role }, name) => role === name || role === 'both'),
    byProfile: tallyBy(profiles, (requirement, name) => requirement.profiles.some((profile) => profile === name)),
    byBasis: tallyBy(bases, ({ basis }, name) => basis === name),
    byRequirement,
    byCase: citingEntries(cases),
  };
}

export interface CoverageRules {
  /** A testable requirement without case, and a case in the wrong role, are problems too. */
  readonly strict: boolean;
}

/**
 * What is wrong between cases and register: a case that stands on nothing, on an unknown or on a retired requirement; when
 * strict also a requirement that packets can show and no case asks for, and a case that cites only what the other role has
 * to do. Problems of the register itself come from reading it.
 */
export function lintCoverage(
  register: Pick<Register, 'requirements' | 'retired'>,
  cases: readonly CitingCase[],
  { strict }: CoverageRules,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const subject of firstExpansions(cases)) {
    const say = (message: string) => problems.push({ ...subject.origin, message: `${subject.authoredId}: ${message}` });
    if (subject.requirements.length === 0) say('cites no requirement');
    for (const id of new Set(subject.requirements)) {
      const why = whyNotCitable(id, register);
      if (why !== undefined) say(why);
    }
    const cited = subject.requirements.map((id) => register.requirements.get(id)).filter((it) => it !== undefined);
    if (strict && cited.length > 0 && cited.every(({ role }) => role !== 'both' && role !== subject.role))
      say(`tests the ${subject.role}, but everything it cites is for the other role`);
  }
  if (strict) {
    for (const { requirement, standing } of measureCoverage(register, cases).byRequirement) {
      if (standing !== 'open') continue;
      const message = `no case cites ${requirement.id}; write one, or say under testable why packets cannot show it`;
      problems.push({ ...requirement.origin, message });
    }
  }
  return problems.sort(compareProblems);
}

function testabilityOf({ testable }: Pick<Requirement, 'testable'>): Testability {
  if (testable === 'wire') return 'wire';
  return 'partial' in testable ? 'partial' : 'no';
}

function citationsOf(cases: readonly CitingCase[]): ReadonlyMap<string, ReadonlySet<string>> {
  const citing = new Map<string, Set<string>>();
  for (const { authoredId, requirements } of cases) {
    for (const id of requirements) {
      const by = citing.get(id);
      if (by === undefined) citing.set(id, new Set([authoredId]));
      else by.add(authoredId);
    }
  }
  return citing;
}

/** One expansion of each authored case, in the order given. */
function firstExpansions(cases: readonly CitingCase[]): readonly CitingCase[] {
  const first = new Map<string, CitingCase>();
  for (const subject of cases) if (!first.has(subject.authoredId)) first.set(subject.authoredId, subject);
  return [...first.values()];
}

function citingEntries(cases: readonly CitingCase[]): readonly CitingEntry[] {
  return firstExpansions(cases).map(({ authoredId, requirements }) => ({
    case: authoredId,
    expansions: cases.filter((each) => each.authoredId === authoredId).length,
    requirements,
  }));
}

function tally(name: string, covered: readonly CoveredRequirement[]): Tally {
  const count = (wanted: Standing) => covered.filter(({ standing }) => standing === wanted).length;
  return {
    name,
    requirements: covered.length,
    tested: count('tested'),
    open: count('open'),
    excused: count('excused'),
  };
}
