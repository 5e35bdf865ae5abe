/** The fragments of some files, for listing and explaining: steps, parameters, and the files that may use each. */

import { isGeneralFragment } from '../language/fragment-file.js';
import { readCaseFile } from './case-file.js';
import { readCall } from './fragment-name.js';
import { problemAt, type Source } from './yaml-source.js';

export interface ListedFragment {
  readonly name: string;
  /** With its parameters: `J(path of first)`. */
  readonly call: string;
  readonly title: string | undefined;
  /** With their defaults; null: the call must give it. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly file: string;
  readonly line: number;
  /** `every file`, `files that list the ladder esim-server`, or `this file`. */
  readonly scope: string;
}

export function listFragments(sources: readonly Source[]): readonly ListedFragment[] {
  return sources
    .filter(({ text }) => text.includes('fragment:'))
    .map(readCaseFile)
    .flatMap(({ source, fragments }) =>
      fragments.map(({ authored, index }) => {
        const { name, args } = readCall(authored.fragment);
        const demanded = Object.fromEntries(args.map((parameter) => [parameter, null]));
        return {
          name,
          call: authored.fragment,
          title: authored.title,
          parameters: { ...demanded, ...authored.parameters },
          file: source.file,
          line: problemAt(source, [index], '').line,
          scope: scopeOf(source.file),
        };
      }),
    );
}

const scopeOf = (file: string): string => {
  if (isGeneralFragment(file)) return 'every file';
  const ladder = /fragments[/\\]ladders[/\\]([^/\\]+)\.ya?ml$/.exec(file)?.[1];
  return ladder === undefined ? 'the cases of this file' : `files that list the ladder ${ladder}`;
};
