/** The reviewed verdict vectors of the null implementations, as files: `fixtures/verdicts/null-<name>.json`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { NullName } from '../../iut/null/null-subject.js';

const reviewedVector = z.strictObject({
  null: z.string(),
  says: z.string().describe('What the implementation does.'),
  passes: z
    .array(z.strictObject({ cases: z.array(z.string()), because: z.string() }))
    .describe('Which cases may be content with it, and why that is right.'),
  catalogue: z.string().describe('Digest of the catalogue that the counts below belong to.'),
  counts: z.record(z.string(), z.record(z.string(), z.int())).describe('By profile and role, then by verdict.'),
});
export type ReviewedVector = z.infer<typeof reviewedVector>;

const fileOf = (name: NullName): string =>
  fileURLToPath(new URL(`../../../fixtures/verdicts/null-${name}.json`, import.meta.url));

export const readReviewedVector = (name: NullName): ReviewedVector =>
  reviewedVector.parse(JSON.parse(readFileSync(fileOf(name), 'utf8')));

export const writeReviewedVector = (name: NullName, vector: ReviewedVector): void =>
  writeFileSync(fileOf(name), `${JSON.stringify(vector, null, 2)}\n`);
