/** A case for people: what it is about, for whom, what it stands on, and its dialogue as it was written. */

import type { Catalogue } from '../../suite/catalogue/catalogue.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { counted } from '../../suite/verdict/counted.js';
import { tellStep } from './step-line.js';

const fewExpansions = 24;

/** `expansions` are all of one authored case, at least one. `read` gives the text of the file it was written in. */
export const caseLines = (
  expansions: readonly ExpandedCase[],
  catalogue: Catalogue,
  read: (file: string) => string,
): readonly string[] => {
  const [first] = expansions;
  if (first === undefined) return [];
  const several = expansions.length > 1;
  const control = ['no control', 'hooks', 'a shim'][first.control];
  return [
    several ? first.authoredId : first.id,
    `  ${first.title}`,
    ...(first.why === undefined ? [] : ['', ...fold(first.why).map((line) => `  ${line}`)]),
    '',
    `  role of the implementation  ${first.role}`,
    `  applies to                  ${first.profiles.join(', ')}${first.unless.length === 0 ? '' : `, unless ${first.unless.join(', ')}`}`,
    `  needs                       ${counted(first.paths, 'path')}, ${control}`,
    ...Object.entries(first.parameters).map(
      ([name, values]) => `  depends on                  ${name} = ${values.join(' or ')}`,
    ),
    `  written in                  ${first.origin.file}:${first.origin.line}`,
    '',
    '  stands on',
    ...first.requirements.flatMap((id) => {
      const requirement = catalogue.requirements.get(id);
      if (requirement === undefined) return [`    ${id}`];
      return [
        `    ${id} (${requirement.level}, ${requirement.source.doc} ${requirement.source.section ?? ''})`.trimEnd(),
        ...fold(requirement.statement).map((line) => `      ${line}`),
      ];
    }),
    '',
    '  dialogue',
    ...(several ? asWritten(first, read) : expandedSteps(first)).map((line) => `    ${line}`),
    ...(several ? ['', `  ${counted(expansions.length, 'expansion')}`, ...expansionLines(expansions)] : []),
  ];
};

/** Each step as it runs: variables put in, fragments opened, and where each is written. */
const expandedSteps = ({ steps }: ExpandedCase): readonly string[] =>
  steps.flatMap((step) => {
    const place = `${step.origin.file}:${step.origin.line}`;
    return [`${step.title.padEnd(stepWidth)} ${tellStep(step)}`, `${' '.repeat(stepWidth)}   ${place}`];
  });

const stepWidth = 4;

const expansionLines = (expansions: readonly ExpandedCase[]): readonly string[] => {
  const shown = expansions.slice(0, fewExpansions).map(({ id }) => `    ${id}`);
  return expansions.length > fewExpansions ? [...shown, `    and ${expansions.length - fewExpansions} more`] : shown;
};

/** The lines of the case in its file, from `steps:` on, up to the next entry of the list. */
const asWritten = ({ origin }: ExpandedCase, read: (file: string) => string): readonly string[] => {
  const lines = read(origin.file)
    .split('\n')
    .slice(origin.line - 1);
  const end = lines.findIndex((line, index) => index > 0 && /^- /.test(line));
  const own = end < 0 ? lines : lines.slice(0, end);
  const steps = own.findIndex((line) => /^\s+steps:/.test(line));
  return own
    .slice(steps < 0 ? 0 : steps + 1)
    .join('\n')
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^ {4}/, ''));
};

const width = 100;

/** Breaks a paragraph into lines. */
export const fold = (text: string): readonly string[] => {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
};
