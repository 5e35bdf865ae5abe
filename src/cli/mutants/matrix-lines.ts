/** The kill matrix as text and as JSON. */
import type { KillMatrix, KillRow } from '../../run/matrix/kill-matrix.js';
import { counted } from '../../suite/verdict/counted.js';

/** The table, then what is wrong, the summary last. */
export function* matrixLines(matrix: KillMatrix): Generator<string> {
  yield* table(matrix.mutants);
  yield '';
  yield* redLines(matrix);
  const survivors = matrix.mutants.filter(({ killedBy }) => killedBy.length === 0);
  if (survivors.length > 0) {
    yield 'Survivors: nothing in the catalogue notices these.';
    for (const row of survivors) yield `  ${row.id} (${row.requirement}): ${survivorSentence(row)}`;
    yield '';
  }
  const uncited = matrix.mutants.filter(({ killedBy, citedBy }) => killedBy.length > 0 && citedBy.length === 0);
  if (uncited.length > 0) {
    yield 'Killed, but by no case or rule that cites the requirement:';
    for (const row of uncited) yield `  ${row.id} (${row.requirement}): killed by ${someOf(row.killedBy)}`;
    yield '';
  }
  yield* ruleLines(matrix);
  yield summary(matrix);
}

/** Nobody who names a few mutants or cases asks whether all rules can be broken. */
function* ruleLines(matrix: KillMatrix): Generator<string> {
  if (matrix.references.some(({ usual }) => usual))
    yield* listed('Rules that notice no mutant of what they stand on:', matrix.unprovenRules);
}

const survivorSentence = ({ breaks, tried }: KillRow): string =>
  tried === 0
    ? `${breaks} No case meets this profile and role.`
    : `${breaks} ${counted(tried, 'case')} met it, all content.`;

/** What somebody asks who has written cases: which mutants they notice, those first that break what the cases cite. */
export function* noticedLines(matrix: KillMatrix): Generator<string> {
  const noticed = matrix.mutants.filter(({ killedBy }) => killedBy.length > 0);
  yield* table(noticed.toSorted((a, b) => Number(b.citedBy.length > 0) - Number(a.citedBy.length > 0)));
  yield '';
  yield* idleLines(matrix);
}

export function* idleLines(matrix: KillMatrix): Generator<string> {
  yield* redLines(matrix);
  yield* listed('Cases that no mutant fails:', matrix.idleCases);
  yield* listed('Cases that fail mutants, but none that breaks a requirement they cite:', matrix.unprovenCases);
  yield* listed('Cases that apply to no reference:', matrix.unmetCases);
  yield* ruleLines(matrix);
  yield summary(matrix);
}

function* listed(title: string, ids: readonly string[]): Generator<string> {
  if (ids.length === 0) return;
  yield title;
  for (const id of ids) yield `  ${id}`;
  yield '';
}

function* redLines(matrix: KillMatrix): Generator<string> {
  for (const { subject, usual, red } of matrix.references) {
    if (red.length === 0) continue;
    const found = red.map(({ id, verdict }) => `${verdict} ${id}`);
    if (usual) {
      yield `${subject} is not as it should be:`;
      for (const each of found) yield `  ${each}`;
    } else yield `${subject}, which no run judges by itself, is not as it should be: ${someOf(found)}`;
    yield '';
  }
}

function* table(rows: readonly KillRow[]): Generator<string> {
  const width = (pick: (row: KillRow) => string, least: number) =>
    Math.max(least, ...rows.map((row) => pick(row).length));
  const [ids, profiles, requirements] = [
    width(({ id }) => id, 6),
    width(({ profile }) => profile, 7),
    width(({ requirement }) => requirement, 11),
  ];
  const line = (id: string, profile: string, requirement: string, ...counts: readonly (string | number)[]) =>
    [
      id.padEnd(ids),
      profile.padEnd(profiles),
      requirement.padEnd(requirements),
      ...counts.map((count) => String(count).padStart(6)),
    ].join('  ');
  yield line('mutant', 'profile', 'requirement', 'killed', 'steps', 'rules', 'citing');
  for (const { id, profile, requirement, origin, killedBy, killedBySteps, noticedByRules, citedBy } of rows) {
    const counts = [killedBy, killedBySteps, noticedByRules, citedBy].map(({ length }) => length);
    yield `${line(id, profile, requirement, ...counts)}${origin === undefined ? '' : `  ${origin}`}`;
  }
}

const shown = 3;

const someOf = (ids: readonly string[]): string =>
  ids.length <= shown ? ids.join(', ') : `${ids.slice(0, shown).join(', ')} and ${ids.length - shown} more`;

const summary = ({ mutants, idleCases, unprovenCases, references }: KillMatrix): string => {
  const killed = mutants.filter(({ killedBy }) => killedBy.length > 0).length;
  const cited = mutants.filter(({ citedBy }) => citedBy.length > 0).length;
  const usual = references.filter((reference) => reference.usual);
  const red = usual.reduce((sum, reference) => sum + reference.red.length, 0);
  return [
    `${killed} of ${counted(mutants.length, 'mutant')} killed, ${cited} by a case or rule that cites the requirement`,
    `cases that kill nothing: ${idleCases.length}, and none of what they cite: ${unprovenCases.length}`,
    `${red} verdicts on ${usual.length} right implementations are red.`,
  ].join('; ');
};

/** Stable names; `reference` holds what is red on the right implementations, by their names. */
export const matrixJson = (matrix: KillMatrix): object => ({
  mutants: matrix.mutants.map(({ breaks: _, tried: __, ...row }) => row),
  idleCases: matrix.idleCases,
  unprovenCases: matrix.unprovenCases,
  unprovenRules: matrix.unprovenRules,
  unmetCases: matrix.unmetCases,
  reference: Object.fromEntries(
    matrix.references.map(({ subject, judged, red }) => [
      subject,
      { judged, red: Object.fromEntries(red.map(({ id, verdict }) => [id, verdict])) },
    ]),
  ),
});
