/**
 * JSON Schemas for editors and for readers of results, generated from the schemas that check the files, so that
 * completion in an editor and the check at load never differ. They are committed under `cases/schema/`; a test compares.
 */
import { z } from 'zod';
import { results } from '../verdict/results.js';
import { caseFileSchema } from './case-schema.js';
import { requirementSchema, retiredSchema } from './requirement-schema.js';
import { sentencesSchema } from './sentences.js';

/** File name under `cases/schema/` and its whole text. */
export const jsonSchemas = (): ReadonlyMap<string, string> =>
  new Map([
    ['cases.schema.json', jsonSchemaOf('Cases', caseFileSchema)],
    ['requirement.schema.json', jsonSchemaOf('Requirements', z.array(requirementSchema))],
    ['retired.schema.json', jsonSchemaOf('Retired requirement ids', z.array(retiredSchema))],
    ['sentences.schema.json', jsonSchemaOf('Sentences of the sources', z.array(sentencesSchema))],
    ['results.schema.json', jsonSchemaOf('Results of a run', results)],
  ]);

export function jsonSchemaOf(title: string, schema: z.ZodType): string {
  const generated = z.toJSONSchema(schema.meta({ title }), { target: 'draft-7', io: 'input', reused: 'ref' });
  return `${JSON.stringify(generated, null, 2)}\n`;
}
