/** A fragment for people: what it stands for, what it takes, its steps as they are written, and which files may use it. */
import type { ListedFragment } from '../../suite/catalogue/list-fragments.js';

export const fragmentLines = (fragment: ListedFragment, read: (file: string) => string): readonly string[] => {
  const { call, title, parameters, file, line, scope } = fragment;
  const given = Object.entries(parameters).map(
    ([name, value]) => `    ${name}${value === null ? ' (must be given)' : ` = ${JSON.stringify(value)}`}`,
  );
  return [
    call,
    ...(title === undefined ? [] : [`  ${title}`]),
    '',
    `  written in  ${file}:${line}`,
    `  used by     ${scope}`,
    ...(given.length === 0 ? [] : ['', '  takes', ...given]),
    '',
    '  steps',
    ...entryAt(read(file), line).map((each) => `    ${each}`),
  ];
};

/** The steps of the list entry that begins on a line. */
const entryAt = (text: string, line: number): readonly string[] => {
  const lines = text.split('\n').slice(line - 1);
  const end = lines.findIndex((each, index) => index > 0 && /^(- |#)/.test(each));
  const own = end < 0 ? lines : lines.slice(0, end);
  const steps = own.findIndex((each) => /^\s+steps:/.test(each));
  return own
    .slice(steps + 1)
    .join('\n')
    .trimEnd()
    .split('\n')
    .map((each) => each.replace(/^ {4}/, ''));
};
