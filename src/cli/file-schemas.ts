/** The JSON Schemas of every file that a person writes or a program reads: for editors, committed below `cases/schema`. */
import { dirname, join, relative, resolve, sep } from 'node:path';
import { bundledCases } from '../conduct/catalogue-files.js';
import { baselineSchema } from '../gate/baseline.js';
import { iutFileSchema } from '../iut/iut-file.js';
import { jsonSchemaOf, jsonSchemas } from '../suite/catalogue/json-schema.js';

export const schemaDirectory = join(bundledCases, 'schema');

/** File name below `cases/schema` and its whole text. */
export const fileSchemas = (): ReadonlyMap<string, string> =>
  new Map([
    ...jsonSchemas(),
    ['baseline.schema.json', jsonSchemaOf('Baseline', baselineSchema)],
    ['iut.schema.json', jsonSchemaOf('Implementation under test', iutFileSchema)],
  ]);

/** The comment by which an editor finds the schema of a YAML file: a path from where the file is. */
export const schemaComment = (schema: 'baseline' | 'iut', file: string): string => {
  const place = relative(dirname(resolve(file)), join(schemaDirectory, `${schema}.schema.json`));
  return `# yaml-language-server: $schema=${place.split(sep).join('/')}`;
};
