/** The figures that tell how far the catalogue can be trusted, as they were measured and reviewed: files in `fixtures/verdicts/`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { nullNames } from '../../iut/null/null-subject.js';
import { gather } from '../../report/html/gather.js';
import type { HtmlReport, MutantFigures } from '../../report/html/report-input.js';
import type { KillMatrix } from '../../run/matrix/kill-matrix.js';
import { readReviewedVector } from '../mutants/reviewed-vectors.js';

const mutantFile = fileURLToPath(new URL('../../../fixtures/verdicts/mutants.json', import.meta.url));

const noticed = z.strictObject({
  catalogue: z.string().describe('Digest of the catalogue with which it was measured.'),
  profiles: z.array(z.strictObject({ profile: z.string(), mutants: z.int(), noticed: z.int() })),
});

export const readTrustFigures = (): Pick<HtmlReport, 'mutants' | 'nulls'> => ({
  mutants: readMutantFigures(),
  nulls: nullNames.map(nullFigures),
});

/** Undefined when nobody has measured yet. */
const readMutantFigures = (): MutantFigures | undefined => {
  if (!existsSync(mutantFile)) return undefined;
  const { catalogue, profiles } = noticed.parse(JSON.parse(readFileSync(mutantFile, 'utf8')));
  const sum = (of: 'mutants' | 'noticed'): number => profiles.reduce((total, each) => total + each[of], 0);
  return { catalogue, profiles, mutants: sum('mutants'), noticed: sum('noticed') };
};

/** Keeps what a whole matrix came to; gives the file's name. */
export const writeMutantFigures = ({ mutants }: KillMatrix, catalogue: string): string => {
  const profiles = [...gather(mutants, ({ profile }) => profile)].map(([profile, rows]) => ({
    profile,
    mutants: rows.length,
    noticed: rows.filter(({ killedBy }) => killedBy.length > 0).length,
  }));
  writeFileSync(mutantFile, `${JSON.stringify({ catalogue, profiles }, null, 2)}\n`);
  return mutantFile;
};

const content = new Set(['pass', 'info', 'nonstrict']);

const nullFigures = (name: (typeof nullNames)[number]): NonNullable<HtmlReport['nulls']>[number] => {
  const { says, counts } = readReviewedVector(name);
  const all = Object.values(counts).flatMap((byVerdict) => Object.entries(byVerdict));
  const sum = (entries: typeof all): number => entries.reduce((total, [, count]) => total + count, 0);
  return { name, says, judged: sum(all), passed: sum(all.filter(([verdict]) => content.has(verdict))) };
};
