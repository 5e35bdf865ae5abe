/** A mutant for people: what it does wrong, which sentence that breaks, and where a real stack had the same bug. */
import type { Mutant } from '../../mutants/mutant.js';
import type { Catalogue } from '../../suite/catalogue/catalogue.js';
import { fold } from './case-lines.js';

export const mutantLines = (mutant: Mutant, catalogue: Catalogue): readonly string[] => {
  const { id, requirement, origin, breaks, profile, role, versions } = mutant;
  const broken = catalogue.requirements.get(requirement);
  const field = (name: string, value: string): string => `  ${name.padEnd(14)}${value}`;
  return [
    id,
    ...fold(breaks).map((line) => `  ${line}`),
    '',
    field('where', `${role === 'both' ? 'client and server' : role}: ${profile}`),
    ...(versions === undefined ? [] : [field('versions', versions.join(', '))]),
    ...(origin === undefined ? [] : [field('origin', origin)]),
    field('breaks', broken === undefined ? requirement : `${requirement} (${broken.level})`),
    ...(broken === undefined ? [] : fold(broken.statement).map((line) => `    ${line}`)),
    '',
    `  \`robe mutants ${id}\` shows which cases notice it, \`robe run CASE --iut mutant:${id}\` what its packets are.`,
  ];
};
