/**
 * One file of cases: checks its entries against the schema, and applies the file's defaults to each case. Fragments,
 * matrices and steps stay as they are written.
 */
import type { z } from 'zod';
import {
  type AuthoredCase,
  type AuthoredFragment,
  caseSchema,
  type Defaults,
  defaultsSchema,
  fragmentSchema,
} from './case-schema.js';
import type { Problem } from './problem.js';
import { problemsOf } from './schema-problem.js';
import { openYaml, problemAt, type Source, type YamlSource } from './yaml-source.js';

/** An entry of a file, and its place. */
export interface Written<T> {
  readonly authored: T;
  readonly source: YamlSource;
  readonly index: number;
}

export interface CaseFile {
  readonly source: YamlSource;
  /** The ladders whose fragments may be used here, from the defaults. */
  readonly ladders: readonly string[];
  readonly cases: readonly Written<AuthoredCase>[];
  readonly fragments: readonly Written<AuthoredFragment>[];
  readonly problems: readonly Problem[];
}

type Entry = Readonly<Record<string, unknown>>;

const isEntry = (entry: unknown): entry is Entry => typeof entry === 'object' && entry !== null;

/** Problems are reported with their places; the entries that could be read are returned nevertheless. */
export function readCaseFile(source: Source): CaseFile {
  const opened = openYaml(source, { digits: 'as-written' });
  const reader = new Reader(opened);
  reader.problems.push(...opened.problems);
  if (opened.problems.length > 0) return reader;
  if (!Array.isArray(opened.value)) {
    reader.problems.push(problemAt(opened, [], 'expected a list of cases'));
    return reader;
  }
  const entries: readonly unknown[] = opened.value;
  const { ladder, ...defaults } = reader.defaultsOf(entries);
  reader.ladders = [ladder ?? []].flat();
  for (const [index, entry] of entries.entries()) {
    if (isEntry(entry) && 'defaults' in entry) continue;
    if (isEntry(entry) && 'fragment' in entry) reader.read(fragmentSchema, entry, index, reader.fragments);
    else reader.read(caseSchema, isEntry(entry) ? { ...defaults, ...entry } : entry, index, reader.cases);
  }
  return reader;
}

class Reader implements CaseFile {
  readonly cases: Written<AuthoredCase>[] = [];
  readonly fragments: Written<AuthoredFragment>[] = [];
  readonly problems: Problem[] = [];
  ladders: readonly string[] = [];

  constructor(readonly source: YamlSource) {}

  read<T>(schema: z.ZodType<T>, entry: unknown, index: number, into: Written<T>[]): void {
    const parsed = schema.safeParse(entry);
    if (parsed.success) into.push({ authored: parsed.data, source: this.source, index });
    else this.problems.push(...problemsOf(parsed.error, schema, this.source, [index]));
  }

  /** The defaults of the file, which must be its first entry. */
  defaultsOf(entries: readonly unknown[]): Defaults {
    const found: Written<{ readonly defaults: Defaults }>[] = [];
    for (const [index, entry] of entries.entries()) {
      if (!isEntry(entry) || !('defaults' in entry)) continue;
      if (index > 0) this.complain([index, 'defaults'], 'defaults are the first entry of their file, and there once');
      else this.read(defaultsSchema, entry, index, found);
    }
    const defaults = found[0]?.authored.defaults ?? {};
    const cases = entries.filter((entry) => isEntry(entry) && 'id' in entry);
    for (const name of Object.keys(defaults))
      if (name !== 'ladder' && cases.every((entry) => isEntry(entry) && name in entry))
        this.complain([0, 'defaults', name], `each case of this file has \`${name}\` of its own, so this is of no use`);
    return defaults;
  }

  private complain(path: readonly PropertyKey[], message: string): void {
    this.problems.push(problemAt(this.source, path, message, 'key'));
  }
}
