/** Prints the score by folder and every survivor with its place, and keeps both as `reports/mutation/score.txt`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { schema } from '@stryker-mutator/api/core';
import type { Reporter } from '@stryker-mutator/api/report';
import { type Survivor, scoreOf, sumOf, survivorsOf, type Tally, tallyByFolder } from './score.js';

const folder = 'reports/mutation';

export class ScoreReporter implements Reporter {
  onMutationTestReportReady(report: schema.MutationTestResult): void {
    const text = `${[...scoreLines(report)].join('\n')}\n`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/score.txt`, text);
    process.stdout.write(`\n${text}`);
  }
}

function* scoreLines(report: schema.MutationTestResult): Generator<string> {
  const survivors = survivorsOf(report);
  if (survivors.length > 0) {
    yield 'Packets change and no case minds:';
    for (const survivor of survivors) yield* survivorLines(survivor);
    yield '';
  }
  const tallies = tallyByFolder(report);
  const sum = sumOf(tallies.values());
  const width = Math.max(...[...tallies.keys()].map((name) => name.length), 'all'.length);
  yield row('', width, ['killed', 'survived', 'score', 'no packet changed', 'never reached', 'broken']);
  for (const [name, tally] of tallies) yield row(name, width, cells(tally));
  yield row('all', width, cells(sum));
  yield '';
  yield `${shown(scoreOf(sum))} of the mutants that change packets are killed (${sum.killed} of ${sum.killed + sum.survived}).`;
}

function* survivorLines({ file, line, column, mutator, was, became }: Survivor): Generator<string> {
  yield `  ${file}:${line}:${column} ${mutator}`;
  yield `    - ${was}`;
  yield `    + ${became}`;
}

const shown = (score: number | undefined): string => (score === undefined ? 'none' : `${score.toFixed(1)} %`);

const cells = (tally: Tally): readonly string[] => [
  String(tally.killed),
  String(tally.survived),
  shown(scoreOf(tally)),
  String(tally.unchanged),
  String(tally.unreached),
  String(tally.broken),
];

const row = (name: string, width: number, columns: readonly string[]): string =>
  `${name.padEnd(width)}  ${columns.map((cell, index) => cell.padStart([8, 10, 9, 19, 15, 8][index] ?? 8)).join('')}`;
