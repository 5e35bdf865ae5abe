/**
 * What the bundled register says of some requirements: level and statement, and nothing else. Only their entries are parsed,
 * and not checked once more (`robe lint` does that), since loading the whole catalogue takes longer than judging a small
 * capture.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { bundledCases } from '../../conduct/catalogue-files.js';
import type { RequirementText } from './inspection-lines.js';

const register = join(bundledCases, 'requirements');

/** The texts of those of the ids that are in the register. */
export const requirementTexts = (ids: readonly string[]): ReadonlyMap<string, RequirementText> => {
  const wanted = new Set(ids);
  const texts = new Map<string, RequirementText>();
  const files = wanted.size === 0 ? [] : readdirSync(register).filter((name) => name.endsWith('.yaml'));
  for (const file of files)
    for (const entry of readFileSync(join(register, file), 'utf8').split(/^(?=- id: )/m)) {
      const [, id = ''] = /^- id: (\S+)$/m.exec(entry) ?? [];
      const text = wanted.has(id) ? textOf(entry) : undefined;
      if (text !== undefined) texts.set(id, text);
    }
  return texts;
};

const textOf = (entry: string): RequirementText | undefined => {
  const [read] = parse(entry) as readonly Partial<Record<keyof RequirementText, unknown>>[];
  const { level, statement } = read ?? {};
  return typeof level === 'string' && typeof statement === 'string' ? { level, statement } : undefined;
};
