/** An open point, or one of its parameters, for people: what is open, the values, and which cases depend on it. */
import type { Catalogue } from '../../suite/catalogue/catalogue.js';
import { parameterDefaults } from '../../suite/language/parameters.js';
import { fold } from './case-lines.js';
import { type OpenPoint, readOpenPoints } from './open-points.js';

export const pointLines = ({ id, title, text, parameters }: OpenPoint): readonly string[] => [
  `${id} ${title}`,
  ...(text === '' ? [] : ['', ...fold(text).map((line) => `  ${line}`)]),
  ...parameters.flatMap(({ name, says }) => ['', `  ${name}`, ...fold(says).map((line) => `    ${line}`)]),
  ...(parameters.length === 0 ? ['', '  there is nothing to choose: no parameter'] : []),
];

export const parameterLines = (name: string, catalogue: Catalogue): readonly string[] => {
  const point = readOpenPoints().find(({ parameters }) => parameters.some((each) => each.name === name));
  const depending = [
    ...new Set(catalogue.cases.filter(({ parameters }) => name in parameters).map(({ authoredId }) => authoredId)),
  ];
  return [
    name,
    `  default  ${String(parameterDefaults[name])}`,
    `  cases    ${depending.length === 0 ? 'none applies to some values only' : depending.join(', ')}`,
    '',
    ...(point === undefined ? [] : pointLines(point).map((line) => `  ${line}`)),
  ];
};
