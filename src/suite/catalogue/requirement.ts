/**
 * A requirement: one sentence that an implementation can keep or break, where it comes from, and how firmly. The register
 * is the list of all of them (`cases/requirements/*.yaml`) with the list of retired ids (`retired.yaml`), whose ids are
 * never used again. Fields and words are explained in docs/requirements.md.
 */
import { z } from 'zod';
import { didYouMean } from './near-miss.js';
import { parameterDefaults } from './parameters.js';
import { compareProblems, type Position, type Problem } from './problem.js';
import { problemsOf } from './schema-problem.js';
import { openYaml, problemAt, type Source, type YamlSource } from './yaml-source.js';

/** How firmly the source says it, strongest first. */
export const levels = ['MUST', 'SHOULD', 'MAY', 'INFO'] as const;

/** On what the level stands, firmest first. */
export const bases = ['keyword', 'indicative', 'design', 'derived', 'tbd'] as const;

const requirementRoles = ['client', 'server', 'both'] as const;

/** What an implementation can claim to be. */
export const profiles = [
  'tcp',
  'mptcp-v0',
  'mptcp-v1',
  'robe-downgrade',
  'robe-bbm',
  'robe-timer',
  'robe-sim',
  'robe-esim',
  'robe-ips',
] as const;

/** Where requirements come from; `derived`: nowhere written, follows from the sources that `from` names. */
export const documents = [
  'RFC 9293',
  'RFC 6298',
  'RFC 5961',
  'RFC 7323',
  'RFC 6824',
  'RFC 8684',
  'RFC 6181',
  'RFC 7430',
  'RobE paper',
  'RobE draft',
  'derived',
] as const;

const id = z.string().regex(/^[A-Z][A-Za-z0-9]*(-[A-Za-z0-9.]+)+-\d\d$/, 'an id such as ROBE-P1-S-02');
const sentence = z.string().regex(/^\S[\s\S]{18,}\.$/, 'a whole sentence that ends in a full stop');
const words = z.string().min(1);
const place = {
  doc: z.enum(documents),
  section: words.optional().describe('section, figure, equation or table; absent only for derived'),
};

export const requirementSchema = z
  .strictObject({
    id: id.describe('stable for ever; a retired id is never used again'),
    source: z.strictObject({
      ...place,
      also: z.array(z.strictObject(place)).min(1).optional().describe('where the same is said again'),
    }),
    level: z.enum(levels).describe('how firmly the source says it; negative forms have the same level'),
    basis: z.enum(bases).describe('on what the level stands'),
    from: words.optional().describe('for basis derived: the sentences it follows from'),
    role: z.enum(requirementRoles).describe('who has to do it'),
    profiles: z.array(z.enum(profiles)).min(1).describe('claims under which it applies'),
    mptcp: z
      .array(z.union([z.literal(0), z.literal(1)]))
      .length(1)
      .optional()
      .describe('the only MPTCP version it applies to, where the profiles leave two'),
    topic: z.string().regex(/^[a-z0-9-]+$/, 'a topic of small letters'),
    statement: sentence,
    testable: z
      .union([
        z.literal('wire'),
        z.strictObject({ partial: words.describe('what of it can be seen') }),
        z.strictObject({ no: words.describe('why not') }),
      ])
      .describe('whether packets can show it'),
    stimulus: words.optional(),
    expected: words.optional(),
    forbidden: words.optional(),
    parameters: z.array(z.string()).min(1).optional().describe('open points that it depends on, by parameter'),
    points: z
      .array(z.string().regex(/^I-\d\d$/, 'a point such as I-36'))
      .min(1)
      .optional()
      .describe('open points of docs/interpretations.md that have no parameter'),
    see: z.array(id).min(1).optional().describe('related requirements'),
  })
  .refine(({ basis, from }) => (basis === 'derived') === (from !== undefined), {
    path: ['from'],
    message: 'basis derived needs from: the sentences it follows from; no other basis has it',
  })
  .refine(({ source }) => source.doc === 'derived' || source.section !== undefined, {
    path: ['source', 'section'],
    message: 'a source other than derived needs its section',
  });

export const retiredSchema = z.strictObject({
  id: id,
  reason: sentence.describe('why it is no longer there'),
  heirs: z.array(id).min(1).optional().describe('the requirements that say it now'),
});

export interface Origin extends Position {
  readonly file: string;
}
export type Requirement = DeepReadonly<z.infer<typeof requirementSchema>> & { readonly origin: Origin };
export type Retired = DeepReadonly<z.infer<typeof retiredSchema>> & { readonly origin: Origin };

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export interface Register {
  readonly requirements: ReadonlyMap<string, Requirement>;
  readonly retired: ReadonlyMap<string, Retired>;
  readonly problems: readonly Problem[];
}

/** Reads the register: a file called `retired.yaml` lists retired ids, every other file requirements. */
export function parseRequirements(sources: readonly Source[]): Register {
  const requirements = new Map<string, Requirement>();
  const retired = new Map<string, Retired>();
  const problems: Problem[] = [];
  const opened = sources.map(openYaml);
  for (const source of opened) {
    if (isRetiredFile(source.file)) readEntries(source, retiredSchema, retired, problems);
    else readEntries(source, requirementSchema, requirements, problems);
  }
  for (const { id, origin } of requirements.values()) {
    const before = retired.get(id);
    if (before !== undefined)
      problems.push({
        ...origin,
        message: `the id ${id} is retired (${printPlace(before.origin)}) and cannot be used again`,
      });
  }
  for (const requirement of requirements.values()) checkNames(requirement, requirements, retired, problems);
  for (const { heirs = [], origin } of retired.values()) {
    for (const heir of heirs) checkReference(heir, 'heir', origin, requirements, retired, problems);
  }
  return { requirements, retired, problems: problems.sort(compareProblems) };
}

/** What has to be known to cite a requirement: its id must be there and not retired. Undefined if all is well. */
export function whyNotCitable(
  id: string,
  { requirements, retired }: Pick<Register, 'requirements' | 'retired'>,
): string | undefined {
  if (requirements.has(id)) return undefined;
  const gone = retired.get(id);
  if (gone === undefined) return `the requirement ${id} is not known${didYouMean(id, requirements.keys())}`;
  const instead = gone.heirs === undefined ? '' : `; use ${gone.heirs.join(', ')}`;
  return `the requirement ${id} is retired: ${gone.reason}${instead}`;
}

const isRetiredFile = (file: string): boolean => /(^|[/\\])retired\.ya?ml$/.test(file);

const printPlace = ({ file, line }: Origin): string => `${file}:${line}`;

function readEntries<T extends { readonly id: string }>(
  source: YamlSource,
  schema: z.ZodType<T>,
  into: Map<string, T & { readonly origin: Origin }>,
  problems: Problem[],
): void {
  problems.push(...source.problems);
  if (source.problems.length > 0) return;
  if (!Array.isArray(source.value)) {
    problems.push(problemAt(source, [], 'expected a list of requirements'));
    return;
  }
  for (const [index, entry] of source.value.entries()) {
    const parsed = schema.safeParse(entry);
    if (!parsed.success) {
      problems.push(...problemsOf(parsed.error, schema, source, [index]));
      continue;
    }
    const { file, line, column } = problemAt(source, [index], '');
    const origin = { file, line, column };
    const first = into.get(parsed.data.id);
    if (first === undefined) into.set(parsed.data.id, { ...parsed.data, origin });
    else
      problems.push({ ...origin, message: `the id ${first.id} is used twice; first at ${printPlace(first.origin)}` });
  }
}

function checkNames(
  { see = [], parameters = [], origin }: Requirement,
  requirements: ReadonlyMap<string, Requirement>,
  retired: ReadonlyMap<string, Retired>,
  problems: Problem[],
): void {
  for (const other of see) checkReference(other, 'see', origin, requirements, retired, problems);
  for (const name of parameters.filter((parameter) => !Object.hasOwn(parameterDefaults, parameter))) {
    const hint = didYouMean(name, Object.keys(parameterDefaults));
    problems.push({ ...origin, message: `the parameter ${name} is not known${hint}` });
  }
}

function checkReference(
  id: string,
  field: string,
  origin: Origin,
  requirements: ReadonlyMap<string, Requirement>,
  retired: ReadonlyMap<string, Retired>,
  problems: Problem[],
): void {
  const why = whyNotCitable(id, { requirements, retired });
  if (why !== undefined) problems.push({ ...origin, message: `${field}: ${why}` });
}
