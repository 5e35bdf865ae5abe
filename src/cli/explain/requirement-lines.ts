/** A requirement for people: what it says, where it comes from, how it can be seen, and the cases that stand on it. */
import type { Catalogue } from '../../suite/catalogue/catalogue.js';
import type { Requirement } from '../../suite/catalogue/requirement-schema.js';
import { fold } from './case-lines.js';

export const requirementLines = (requirement: Requirement, { cases }: Catalogue): readonly string[] => {
  const { source, testable } = requirement;
  const citing = [
    ...new Set(cases.filter((each) => each.requirements.includes(requirement.id)).map(({ authoredId }) => authoredId)),
  ];
  const sources = [source, ...(source.also ?? [])].map(
    ({ doc, section }) => `${doc}${section === undefined ? '' : ` ${section}`}`,
  );
  const seen =
    testable === 'wire' ? 'yes' : 'partial' in testable ? `in part: ${testable.partial}` : `no: ${testable.no}`;
  const optional = (name: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : fold(value).map((line, index) => `  ${(index === 0 ? name : '').padEnd(14)}${line}`);
  return [
    requirement.id,
    ...fold(requirement.statement).map((line) => `  ${line}`),
    '',
    `  level         ${requirement.level} (${requirement.basis}${requirement.from === undefined ? '' : `: ${requirement.from}`})`,
    `  source        ${sources.join('; ')}`,
    `  who           ${requirement.role}: ${requirement.profiles.join(', ')}`,
    ...optional('on the wire', seen),
    ...optional('stimulus', requirement.stimulus),
    ...optional('expected', requirement.expected),
    ...optional('forbidden', requirement.forbidden),
    ...optional('parameters', requirement.parameters?.join(', ')),
    ...optional('see', requirement.see?.join(', ')),
    '',
    citing.length === 0 ? '  no case stands on it' : '  cases',
    ...citing.map((id) => `    ${id}`),
  ];
};
