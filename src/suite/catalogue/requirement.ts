/**
 * The register of requirements: all of them (`cases/requirements/*.yaml`), the list of retired ids (`retired.yaml`), whose ids
 * are never used again, and the list of the sentences that they have to cover (`sentences.yaml`).
 */
import type { z } from 'zod';
import { parameterDefaults } from '../language/parameters.js';
import { didYouMean } from './near-miss.js';
import { compareProblems, type Problem } from './problem.js';
import { type Origin, type Requirement, type Retired, requirementSchema, retiredSchema } from './requirement-schema.js';
import { problemsOf } from './schema-problem.js';
import { checkPlaces, readSentences, type Sentence, type Sentences } from './sentences.js';
import { openYaml, problemAt, type Source, type YamlSource } from './yaml-source.js';

export interface Register {
  readonly requirements: ReadonlyMap<string, Requirement>;
  readonly retired: ReadonlyMap<string, Retired>;
  readonly sentences: Sentences;
  readonly problems: readonly Problem[];
}

/** A register without problems, to which further requirements are added. */
export type KnownRegister = Omit<Register, 'problems'>;

/** Reads the register: `retired.yaml` lists retired ids, `sentences.yaml` sentences, every other file requirements. */
export function parseRequirements(sources: readonly Source[], known?: KnownRegister): Register {
  const requirements = new Map<string, Requirement>(known?.requirements);
  const retired = new Map<string, Retired>(known?.retired);
  const problems: Problem[] = [];
  const sentences: Sentence[] = [...(known?.sentences ?? [])];
  const opened = sources.map((source) => openYaml(source));
  for (const source of opened) {
    if (isRetiredFile(source.file)) readEntries(source, retiredSchema, retired, problems);
    else if (isSentenceFile(source.file)) sentences.push(...readSentences(source, problems));
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
  for (const requirement of requirements.values()) {
    checkNames(requirement, requirements, retired, problems);
    problems.push(...checkPlaces(requirement, sentences));
  }
  for (const { heirs = [], origin } of retired.values()) {
    for (const heir of heirs) checkReference(heir, 'heir', origin, requirements, retired, problems);
  }
  return { requirements, retired, sentences, problems: problems.sort(compareProblems) };
}

/** The problem of a citation: the id must exist and not be retired. Undefined if there is none. */
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

const isSentenceFile = (file: string): boolean => /(^|[/\\])sentences\.ya?ml$/.test(file);
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
