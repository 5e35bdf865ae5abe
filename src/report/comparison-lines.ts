/** What changed between two runs, as lines for the terminal. */
import { type Comparison, changes, type Difference } from '../gate/compare.js';
import { printable } from '../protocol/bytes/printable.js';
import { counted } from '../suite/verdict/counted.js';
import type { CaseResult } from '../suite/verdict/results.js';

const longestSentence = 300;

export const comparisonLines = ({ differences, counts }: Comparison): readonly string[] => {
  const told = differences.filter(({ change }) => change !== 'same').map(tell);
  return [...told, ...(told.length > 0 ? [''] : []), `${counted(differences.length, 'case')}: ${tellCounts(counts)}.`];
};

/** `2 regressed, 118 same`; kinds without a case are left out. */
export const tellCounts = (counts: Comparison['counts']): string => {
  const told = changes.filter((change) => counts[change] > 0).map((change) => `${counts[change]} ${words[change]}`);
  return told.length === 0 ? 'none' : told.join(', ');
};

const words: Readonly<Record<Difference['change'], string>> = {
  regressed: 'regressed',
  changed: 'failing in another way',
  'new-failure': 'newly failing',
  gone: 'gone',
  fixed: 'fixed',
  'new-pass': 'new and passing',
  'observation-changed': 'observed otherwise',
  same: 'the same',
};

/** A result in short. */
export const outcomeText = (result: CaseResult | undefined): string =>
  result === undefined
    ? 'not there'
    : [result.verdict, result.signature ?? result.observation ?? ''].filter((each) => each !== '').join(' ');

/** Another reason for a change: the case itself was changed. */
export const versionNote = ({ before, after }: Difference): string =>
  before === undefined || after === undefined || before.version === after.version
    ? ''
    : `the case changed too, from version ${before.version} to ${after.version}`;

const tell = (difference: Difference): string => {
  const { change, subject, id, before, after } = difference;
  const note = versionNote(difference);
  const why = change === 'gone' ? '' : (after?.sentence ?? '');
  return [
    `${change.toUpperCase()} [${printable(subject)}] ${printable(id)}: ${printable(`${outcomeText(before)} -> ${outcomeText(after)}`)}`,
    ...(why === '' ? [] : [`  ${printable(why, longestSentence)}`]),
    ...(note === '' ? [] : [`  ${note}`]),
  ].join('\n');
};
