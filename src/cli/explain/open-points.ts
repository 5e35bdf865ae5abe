/**
 * The open points as docs/interpretations.md writes them down: each with its id and title, what is open about it, and the
 * parameters that settle it with their values. One home for them: lint and `explain` read the document itself.
 */
import { readFileSync } from 'node:fs';
import { parameterDefaults } from '../../suite/language/parameters.js';

export interface OpenPoint {
  /** `I-05`. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly parameters: readonly OpenParameter[];
}

export interface OpenParameter {
  readonly name: string;
  /** As the document says it: the default in bold, the others in code, with what they mean. */
  readonly says: string;
  /** The values it names, the default first. A number may be another one. */
  readonly values: readonly string[];
}

const document = new URL('../../../docs/interpretations.md', import.meta.url);

export const readOpenPoints = (text: string = readFileSync(document, 'utf8')): readonly OpenPoint[] =>
  text
    .split(/^### (?=I-\d+ )/m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...lines] = (section.split(/^## /m)[0] ?? '').trimEnd().split('\n');
      const first = lines.findIndex((line) => line.startsWith('- `'));
      const prose = (first < 0 ? lines : lines.slice(0, first)).join('\n').trim();
      const bullets =
        first < 0
          ? []
          : lines
              .slice(first)
              .join('\n')
              .split(/^- (?=`)/m)
              .slice(1);
      return {
        id: heading.slice(0, heading.indexOf(' ')),
        title: heading.slice(heading.indexOf(' ') + 1),
        text: prose,
        parameters: bullets.flatMap(readParameter),
      };
    });

const readParameter = (bullet: string): readonly OpenParameter[] => {
  const [, name, says] = /^`([^`]+)`: ([\s\S]*)$/.exec(bullet.trim()) ?? [];
  if (name === undefined || says === undefined) return [];
  const values = [...says.matchAll(/\*\*([^*]+)\*\*|`([^`]+)`/g)].map(([, bold, code]) => bold ?? code ?? '');
  return [{ name, says: says.replaceAll(/\s+/g, ' '), values }];
};

/** Whether a parameter may be said to have a value; where the default is a number or has a unit, another number will do. */
export const mayBe = (parameter: OpenParameter, value: string | number | boolean): boolean => {
  if (parameter.values.includes(String(value))) return true;
  const usual = parameterDefaults[parameter.name];
  if (typeof value === 'number') return typeof usual === 'number' || /seconds|number/.test(parameter.says);
  // `hold(t)` stands for any time.
  const word = String(value).replace(/\(.*\)$/, '');
  return parameter.values.some((known) => known.includes('(') && known.replace(/\(.*\)$/, '') === word);
};
