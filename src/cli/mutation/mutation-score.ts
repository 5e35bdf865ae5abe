/**
 * The score of the catalogue against mutants of the reference's code: of those that change packets, how many a case noticed.
 *
 *     score = killed / (killed + survived)
 *
 * Mutants that changed no packet in any exercise cannot be noticed on a wire and do not count, nor do those that no
 * exercise reached.
 */
import { z } from 'zod';

const survivor = z.object({
  line: z.int(),
  column: z.int(),
  mutator: z.string(),
  /** What stood there and what replaced it, in one line each. */
  was: z.string(),
  became: z.string(),
});

/** What became of the mutants of one file. */
export const fileScore = z.object({
  killed: z.int(),
  unchanged: z.int(),
  unreached: z.int(),
  /** Tried without an outcome: the trial itself broke, or was not over in time. */
  broken: z.int(),
  /** In the order of lines. */
  survivors: z.array(survivor),
});
export type FileScore = z.infer<typeof fileScore>;

export interface Tally {
  readonly killed: number;
  readonly survived: number;
  readonly unchanged: number;
  readonly unreached: number;
  readonly broken: number;
}

type Scores = ReadonlyMap<string, FileScore>;

const none: Tally = { killed: 0, survived: 0, unchanged: 0, unreached: 0, broken: 0 };

const plus = (one: Tally, other: Tally): Tally => ({
  killed: one.killed + other.killed,
  survived: one.survived + other.survived,
  unchanged: one.unchanged + other.unchanged,
  unreached: one.unreached + other.unreached,
  broken: one.broken + other.broken,
});

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/'));

/** Folder by folder, in the order of their names. */
export const tallyByFolder = (scores: Scores): ReadonlyMap<string, Tally> => {
  const tallies = new Map<string, Tally>();
  for (const [file, { survivors, ...counts }] of [...scores].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const folder = folderOf(file);
    tallies.set(folder, plus(tallies.get(folder) ?? none, { ...counts, survived: survivors.length }));
  }
  return tallies;
};

export const sumOf = (tallies: Iterable<Tally>): Tally => [...tallies].reduce(plus, none);

/** In percent; undefined where no mutant changes packets. */
export const scoreOf = ({ killed, survived }: Tally): number | undefined =>
  killed + survived === 0 ? undefined : (100 * killed) / (killed + survived);

/** The survivors of one file. */
export const survivorLines = (file: string, { survivors }: FileScore): readonly string[] =>
  survivors.flatMap(({ line, column, mutator, was, became }) => [
    `  ${file}:${line}:${column} ${mutator}`,
    `    - ${was}`,
    `    + ${became}`,
  ]);

/** The table by folder, and the score of all. */
export const scoreLines = (scores: Scores): readonly string[] => {
  const tallies = tallyByFolder(scores);
  const sum = sumOf(tallies.values());
  const width = Math.max(...[...tallies.keys()].map((name) => name.length), 'all'.length);
  return [
    '',
    row('', width, ['killed', 'survived', 'score', 'no packet changed', 'never reached', 'broken']),
    ...[...tallies].map(([name, tally]) => row(name, width, cells(tally))),
    row('all', width, cells(sum)),
    '',
    `${shown(scoreOf(sum))} of the mutants that change packets are killed (${sum.killed} of ${sum.killed + sum.survived}).`,
  ];
};

const shown = (score: number | undefined): string => (score === undefined ? 'none' : `${score.toFixed(1)} %`);

const cells = (tally: Tally): readonly string[] => [
  String(tally.killed),
  String(tally.survived),
  shown(scoreOf(tally)),
  String(tally.unchanged),
  String(tally.unreached),
  String(tally.broken),
];

const row = (name: string, width: number, columns: readonly string[]): string =>
  `${name.padEnd(width)}  ${columns.map((cell, index) => cell.padStart([8, 10, 9, 19, 15, 8][index] ?? 8)).join('')}`;
