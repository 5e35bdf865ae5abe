/**
 * The form of case files: the schema from which the JSON Schema for editors is generated and against which every file is
 * checked. A file is a list of cases and fragments, which may begin with defaults for its cases.
 */
import { z } from 'zod';
import { allRules } from '../../rules/book.js';
import { rulesToAskFor } from '../language/ignore-rules.js';
import { parameterDefaults } from '../language/parameters.js';
import { declaration } from './fragment-name.js';
import { profiles } from './requirement-schema.js';
import { scalar, step, variable } from './step-schema.js';

/** Used in the ids of the cases that have this value. */
const valueName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/, 'a name of letters, digits and -');

const orVariable = <T extends z.ZodType>(each: T) => z.union([each, variable]);

const oneOrMore = <T extends z.ZodType>(each: T) => z.union([each, z.array(each).min(1)]);

export const fragmentSchema = z.strictObject({
  fragment: z
    .string()
    .regex(declaration, 'a name of letters, digits, - and _, or one with parameters: J(path of first)'),
  title: z.string().optional(),
  parameters: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('names with their defaults; ~ means it must be given'),
  steps: z.array(step).min(1),
});

/** The defaults of a file. */
const shared = {
  role: z.enum(['server', 'client']).describe('the role of the implementation under test'),
  profiles: z.array(z.enum(profiles)).min(1).describe('claims that make it applicable; one is enough'),
  unless: z.array(z.enum(profiles)).optional().describe('claims that exclude it'),
  mptcp: oneOrMore(z.union([z.literal(0), z.literal(1)])).optional(),
  ip: oneOrMore(z.union([z.literal(4), z.literal(6)])).optional(),
  paths: z.number().int().min(1).max(4).optional(),
  control: z
    .union([z.literal(0), z.literal(1), z.literal(2)])
    .optional()
    .describe('least control over the implementation'),
  parameters: z
    .partialRecord(z.enum(Object.keys(parameterDefaults)), oneOrMore(scalar))
    .optional()
    .describe('open points that must be declared so'),
  companions: z.enum(['minimal', 'usual']).optional(),
  ignore: z.array(z.enum(rulesToAskFor)).optional(),
};

export const defaultsSchema = z.strictObject({
  defaults: z
    .strictObject({
      ...shared,
      ladder: oneOrMore(z.string()).describe(
        'files below fragments/ladders whose fragments are used here: esim-server',
      ),
    })
    .partial()
    .describe('what each case of this file says where it says nothing else; the first entry of the file'),
});

/** A case with the defaults of its file applied. */
export const caseSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*){2,}$/, 'profile.role.what-it-is, in small letters'),
  title: z.string().min(10),
  why: z.string().optional().describe('one paragraph: why this matters, what a wrong implementation does'),
  requirements: z.array(z.string()).min(1),
  ...shared,
  version: z.number().int().min(1).optional(),
  flows: z
    .record(
      z.string(),
      z.strictObject({
        host: z.number().int().min(1).optional().describe('another host of the tester'),
        port: orVariable(z.enum(['server', 'second', 'closed']))
          .optional()
          .describe('port of the implementation'),
        source_port: orVariable(z.union([z.number().int().min(1).max(65535), z.literal('same')]))
          .optional()
          .describe('port of the tester; `same`: the number of the port that the flow goes to'),
        server: orVariable(z.union([z.literal(1), z.literal(2)]))
          .optional()
          .describe('address of whoever serves: 2 is its second one'),
        ip: orVariable(z.union([z.literal(4), z.literal(6), z.literal('other')]))
          .optional()
          .describe('IP version; `other`: the one that is not that of the case'),
        isn: orVariable(z.union([z.number().int().min(0).max(0xffff_ffff), z.string().regex(/^0x[0-9a-fA-F]{1,8}$/)]))
          .optional()
          .describe("the tester's initial sequence number"),
      }),
    )
    .optional()
    .describe('what differs from the default for a flow, by its name'),
  suspend: z
    .partialRecord(z.enum(allRules.map(({ name }) => name)), z.string().min(10))
    .optional()
    .describe('rules of the book that do not hold here, by name, each with the reason'),
  'for-each': z
    .record(
      z.string().regex(/^[a-z_]\w*$/, 'a name of small letters, digits and _'),
      z.union([z.array(z.unknown()).min(1), z.record(valueName, z.unknown())]),
    )
    .optional()
    .describe('a matrix: each name takes each of its values; a map names the values'),
  except: z
    .array(z.record(z.string(), z.unknown()))
    .optional()
    .describe('combinations of the matrix that are left out'),
  steps: z.array(step).min(1),
});

/** A file as it is written: its defaults may have fields that every case requires. */
export const caseFileSchema = z.array(
  z.union([caseSchema.partial({ role: true, profiles: true }), fragmentSchema, defaultsSchema]),
);

export type Defaults = z.infer<typeof defaultsSchema>['defaults'];
export type AuthoredCase = z.infer<typeof caseSchema>;
export type AuthoredFragment = z.infer<typeof fragmentSchema>;
