/**
 * The run on the terminal: a progress line while it goes on, then the failures, then a summary. In a pipe or in CI there is
 * no progress and nothing comes before the failures: the first line of a red log is the guilty case. Colours only where
 * wanted.
 */

import { join } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import pico from 'picocolors';
import { printable } from '../protocol/bytes/printable.js';
import { parameterDefaults } from '../suite/catalogue/parameters.js';
import { counted } from '../suite/verdict/counted.js';
import type { SubjectRecord } from '../suite/verdict/results.js';
import type { RunReport } from './reported-test.js';
import { meaning, type RedWord, redLines, tell } from './summary.js';

export interface Terminal {
  readonly stream: NodeJS.WriteStream;
  /** Whether lines can be drawn over. */
  readonly interactive: boolean;
  readonly colours: boolean;
  /** Characters in a line. */
  readonly columns: number;
}

export interface Progress {
  advance(judged: number, red: number): void;
  end(): void;
}

const narrow = 60;
const fewSubjects = 2;

/** A bar that is drawn over; nothing where nothing can be drawn over: the first line of a log is for what is wrong. */
export const showProgress = ({ stream, interactive, columns }: Terminal, total: number): Progress => {
  if (!interactive) return { advance: () => {}, end: () => {} };
  const roomy = columns >= narrow;
  const bar = new SingleBar(
    {
      stream,
      format: roomy ? '{bar} {value}/{total} cases, {red} red' : '{value}/{total}, {red} red',
      barsize: Math.max(10, Math.min(40, columns - 40)),
      hideCursor: true,
      clearOnComplete: true,
      fps: 10,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { red: 0 });
  return { advance: (judged, red) => bar.update(judged, { red }), end: () => bar.stop() };
};

/** Who is judged, by what it claims; of the parameters those that are not as by default. */
const introduce = (subject: SubjectRecord, cases: number): string => {
  const { claims, parameters } = subject;
  const declared = Object.entries(parameters)
    .filter(([name, value]) => parameterDefaults[name] !== value)
    .map(([name, value]) => `${name}=${printable(String(value))}`);
  const versions = claims.versions.length === 0 ? 'no MPTCP' : `MPTCP ${claims.versions.map((v) => `v${v}`).join(' ')}`;
  return [
    `${printable(subject.name)}: ${counted(cases, 'case')} in ${subject.time} time`,
    `  claims ${claims.roles.join(' and ')}; ${claims.profiles.join(', ')}; ${versions}; ${claims.ip.map((v) => `IPv${v}`).join(', ')}; ${counted(claims.paths, 'path')}; control tier ${claims.control}`,
    ...(declared.length === 0 ? [] : [`  parameters ${declared.join(', ')}; others as by default`]),
    ...(subject.review ?? [])
      .filter(({ status }) => status !== 'met')
      .map(({ item, status, sentence }) => `  ${status}: ${item}: ${sentence}`),
  ].join('\n');
};

/** Several of one family in few lines: what each claims stands in the results. */
export const introduceAll = (
  subjects: readonly { readonly record: SubjectRecord; readonly cases: readonly unknown[] }[],
): readonly string[] =>
  subjects.length <= fewSubjects
    ? subjects.map(({ record, cases }) => introduce(record, cases.length))
    : [
        `${subjects.length} implementations: ${subjects.map(({ record, cases }) => `${printable(record.name)} (${cases.length})`).join(', ')}`,
      ];

const paint = (colours: boolean): ((word: RedWord) => string) => {
  const { red, yellow, bold } = pico.createColors(colours);
  return (word) => {
    switch (word) {
      case 'ERROR':
      case 'FAIL':
        return bold(red(word));
      case 'NOT RUN':
      case 'INCONCLUSIVE':
      case 'NONSTRICT':
        return yellow(word);
      default:
        return red(word);
    }
  };
};

/** The whole report of a run: failures first, counts, the meaning, where the rest is; `directory` as a user can open it. */
export const conclude = ({ results, gate }: RunReport, directory: string, colours: boolean): string => {
  const colour = paint(colours);
  const several = results.subjects.length > 1;
  const lines = redLines(gate, (evidence) => join(directory, evidence)).map(
    ({ word, subject, text }) => `${colour(word)} ${several ? `[${printable(subject)}] ` : ''}${text}`,
  );
  if (lines.length > 0) lines.push('');
  const seconds = (results.run.duration / 1000).toFixed(results.run.duration < 10_000 ? 2 : 1);
  lines.push(`${counted(results.cases.length, 'case')} in ${seconds} s: ${tell(results.totals)}.`);
  lines.push(meaning(results));
  lines.push(
    ...results.run.warnings.map(
      (warning) => `${colours ? pico.createColors(true).yellow('Note:') : 'Note:'} ${printable(warning)}`,
    ),
  );
  lines.push(`Results: ${directory}/results.json (seed ${results.run.seed})`);
  return lines.join('\n');
};
