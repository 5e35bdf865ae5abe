/**
 * The run on the terminal: a progress line during the run, then the causes, then a summary. In a pipe or in CI standard
 * output begins with the causes: the first line of a red log is the first cause. Colours only if wanted.
 */

import { join } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import pico from 'picocolors';
import { printable } from '../protocol/bytes/printable.js';
import { parameterDefaults } from '../suite/language/parameters.js';
import { counted } from '../suite/verdict/counted.js';
import type { SubjectRecord } from '../suite/verdict/results.js';
import { tellClaims } from './claims-text.js';
import { levelCounts } from './levels.js';
import type { QuotedRegister } from './reported-cause.js';
import type { RunReport } from './reported-test.js';
import { meaning, type RedWord, redBlocks, tell } from './summary.js';

export interface Terminal {
  readonly stream: NodeJS.WriteStream;
  /** Whether lines can be overwritten. */
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

/** A progress bar that overwrites its line. */
export const showProgress = ({ stream, columns }: Terminal, total: number): Progress => {
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

/** The judged implementations with their claims, and the parameters that differ from the defaults. */
const introduce = (subject: SubjectRecord, cases: number): string => {
  const { parameters } = subject;
  const declared = Object.entries(parameters)
    .filter(([name, value]) => parameterDefaults[name] !== value)
    .map(([name, value]) => `${name}=${printable(String(value))}`);
  return [
    `${printable(subject.name)}: ${counted(cases, 'case')} in ${subject.time} time`,
    `  claims ${tellClaims(subject)}`,
    ...(declared.length === 0 ? [] : [`  parameters ${declared.join(', ')}; others as by default`]),
    ...(subject.review ?? [])
      .filter(({ status }) => status !== 'met')
      .map(({ item, status, sentence }) => `  ${status}: ${item}: ${sentence}`),
  ].join('\n');
};

/** Several of one family in few lines: the results have the claims of each. */
export const introduceAll = (
  subjects: readonly { readonly record: SubjectRecord; readonly cases: readonly unknown[] }[],
): readonly string[] =>
  subjects.length <= fewSubjects
    ? subjects.map(({ record, cases }) => introduce(record, cases.length))
    : [
        `${counted(subjects.length, 'implementation')}: ${subjects.map(({ record, cases }) => `${printable(record.name)} (${cases.length})`).join(', ')}`,
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

const labelWidth = 10;

/**
 * The whole report of a run: causes first, then levels, counts, the meaning, the directory; `directory` as a user can
 * open it.
 */
export const conclude = (report: RunReport, directory: string, colours: boolean): string => {
  const { results, register } = report;
  const colour = paint(colours);
  const { dim, yellow } = pico.createColors(colours);
  const several = results.subjects.length > 1;
  const lines = redBlocks(report, (evidence) => join(directory, evidence)).flatMap(
    ({ word, subject, headline, details }) => [
      `${colour(word)} ${several ? `[${printable(subject)}] ` : ''}${headline}`,
      ...details.map(([label, text]) => `  ${dim(label.padEnd(labelWidth - 1))} ${text}`),
    ],
  );
  // The reason why a run ended comes before the cases that were not judged.
  if (results.run.problem !== undefined) lines.unshift(`${colour('ERROR')} ${printable(results.run.problem)}`);
  if (lines.length > 0) lines.push('');
  lines.push(...tellLevels(results, register));
  const seconds = (results.run.duration / 1000).toFixed(results.run.duration < 10_000 ? 2 : 1);
  lines.push(`${counted(results.cases.length, 'case')} in ${seconds} s: ${tell(results.totals)}.`);
  lines.push(meaning(results));
  lines.push(...results.run.warnings.map((warning) => `${yellow('Note:')} ${printable(warning)}`));
  lines.push(`Results: ${directory}/results.json (seed ${results.run.seed})`);
  return lines.join('\n');
};

/** A line for each level with broken or unreached requirements. */
const tellLevels = (results: RunReport['results'], register: QuotedRegister | undefined): readonly string[] =>
  levelCounts(results.cases, register)
    .filter(({ broken, 'not-reached': blocked }) => broken + blocked > 0)
    .map(
      ({ level, kept, broken, 'not-reached': blocked, 'not-tested': untested }) =>
        `${level.padEnd(labelWidth - 1)} requirements: ${broken} broken, ${blocked} not reached, ${kept} kept, ${untested} not tested`,
    );
