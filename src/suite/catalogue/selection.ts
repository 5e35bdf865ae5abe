/** The selection of cases: by id, profile, role, requirement and level. */
import type { ExpandedCase } from '../language/case.js';
import type { Catalogue } from './catalogue.js';

export interface Selection {
  /** Ids, id prefixes up to a dot, or globs with `*` and `?`; none means all. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  readonly profiles: readonly string[];
  readonly roles: readonly string[];
  readonly requirements: readonly string[];
  readonly levels: readonly string[];
}

export const everything: Selection = { select: [], exclude: [], profiles: [], roles: [], requirements: [], levels: [] };

/** Whether an id is meant by a pattern: the id itself, a prefix that ends at a dot, or a glob. */
export function meansId(pattern: string, id: string): boolean {
  if (!/[*?]/.test(pattern)) return id === pattern || id.startsWith(`${pattern}.`);
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(id);
}

/** The selected cases, in catalogue order, and every pattern, profile, requirement or level that matches none. */
export function selectCases(
  catalogue: Catalogue,
  selection: Selection,
): { readonly cases: readonly ExpandedCase[]; readonly unmatched: readonly string[] } {
  const levelsOf = (subject: ExpandedCase) => subject.requirements.map((id) => catalogue.requirements.get(id)?.level);
  const tests: readonly (readonly [string, (subject: ExpandedCase) => boolean])[] = [
    ...[...selection.select, ...selection.exclude].map(
      (pattern) => [pattern, (c: ExpandedCase) => meansId(pattern, c.id)] as const,
    ),
    ...selection.profiles.map((profile) => [profile, (c: ExpandedCase) => c.profiles.includes(profile)] as const),
    ...selection.roles.map((role) => [role, (c: ExpandedCase) => c.role === role] as const),
    ...selection.requirements.map(
      (id) => [id, (c: ExpandedCase) => c.requirements.some((cited) => meansId(id, cited))] as const,
    ),
    ...selection.levels.map((level) => [level, (c: ExpandedCase) => levelsOf(c).some((l) => l === level)] as const),
  ];
  const unmatched = tests.filter(([, means]) => !catalogue.cases.some(means)).map(([name]) => name);
  const any = <T>(wanted: readonly T[], test: (value: T) => boolean) => wanted.length === 0 || wanted.some(test);
  const cases = catalogue.cases.filter(
    (subject) =>
      any(selection.select, (pattern) => meansId(pattern, subject.id)) &&
      !selection.exclude.some((pattern) => meansId(pattern, subject.id)) &&
      any(selection.profiles, (profile) => subject.profiles.includes(profile)) &&
      any(selection.roles, (role) => subject.role === role) &&
      any(selection.requirements, (id) => subject.requirements.some((cited) => meansId(id, cited))) &&
      any(selection.levels, (level) => levelsOf(subject).some((l) => l === level)),
  );
  return { cases, unmatched };
}
