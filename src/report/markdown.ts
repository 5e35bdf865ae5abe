/**
 * A run as Markdown: the gate's sentence, counts, what is red grouped by cause, then every red case, known deviation and
 * other observation. Lines are whole or absent: where the size is limited, the last line says how many were left out.
 */
import { gateSentence } from '../gate/sentence.js';
import { counted } from '../suite/verdict/counted.js';
import { levelCounts } from './levels.js';
import { markdownCode, markdownText, tableRow } from './markdown-text.js';
import { tellCause, tellPlace, tellSentence } from './reported-cause.js';
import {
  countOutcomes,
  groupTests,
  needsAttention,
  outcomes,
  type ReportedTest,
  type RunReport,
  reportedTests,
} from './reported-test.js';
import { tell } from './summary.js';

export const writeMarkdown = (report: RunReport): string => writeMarkdownWithin(report, Number.POSITIVE_INFINITY);

/** `largest` in octets of UTF-8. */
export const writeMarkdownWithin = (report: RunReport, largest: number): string => {
  const lines = [...head(report), ...body(report)];
  let size = 0;
  let kept = 0;
  for (const line of lines) {
    size += Buffer.byteLength(line) + 1;
    if (size > largest - roomForNote) break;
    kept += 1;
  }
  const left = lines.length - kept;
  const note = left === 0 ? [] : ['', `**Cut here: ${left} more lines do not fit; results.json has everything.**`];
  return `${[...lines.slice(0, kept), ...note].join('\n')}\n`;
};

const roomForNote = 200;

const head = (report: RunReport): readonly string[] => {
  const { results, gate } = report;
  const counts = countOutcomes(reportedTests(report));
  const { run, environment } = results;
  return [
    `## ${gate.exit === 0 ? '✅' : '❌'} ${markdownText(gateSentence(gate))}`,
    '',
    `${counted(results.cases.length, 'case')}: ${markdownText(tell(results.totals))}.`,
    '',
    tableRow(...outcomes),
    tableRow(...outcomes.map(() => '---:')),
    tableRow(...outcomes.map((outcome) => counts[outcome])),
    '',
    markdownText(`${run.tool}, run ${run.id}, seed ${run.seed}, ${environment.kernel}, exit code ${gate.exit}`),
    ...run.warnings.flatMap((warning) => ['', `⚠️ ${markdownText(warning)}`]),
  ];
};

const body = (report: RunReport): readonly string[] => {
  const tests = reportedTests(report);
  const red = tests.filter(needsAttention);
  return [
    ...levelTable(report),
    ...section(
      'By cause',
      ['cause', 'breaks', 'cases', 'what', 'first', 'step'],
      groupTests(red).map(({ group, tests: members }) => causeRow(group, members)),
    ),
    ...section('Red', ['case', 'of', 'standing', 'why', 'evidence'], red.map(redRow)),
    ...section(
      'Known deviations',
      ['case', 'of', 'why'],
      tests.filter(({ outcome }) => outcome === 'known').map(plainRow),
    ),
    ...section(
      'Other observations',
      ['case', 'of', 'why'],
      tests.filter(({ kind }) => kind === 'observation-changed').map(plainRow),
    ),
  ];
};

const section = (title: string, columns: readonly string[], rows: readonly string[]): readonly string[] =>
  rows.length === 0
    ? []
    : ['', `### ${title}`, '', tableRow(...columns), tableRow(...columns.map(() => '---')), ...rows];

/** What of the levels is broken, kept and open. */
const levelTable = ({ results, register }: RunReport): readonly string[] =>
  section(
    'Requirements',
    ['level', 'kept', 'broken', 'not reached', 'not tested'],
    levelCounts(results.cases, register).map((each) =>
      tableRow(each.level, each.kept, each.broken, each['not-reached'], each['not-tested']),
    ),
  );

const causeRow = (group: string, members: readonly ReportedTest[]): string => {
  const [first] = members;
  const cause = first?.cause;
  const look = members.find(({ result }) => result === cause?.first) ?? first;
  return tableRow(
    markdownCode(group),
    markdownText(cause?.broken.map(tellSentence).join(', ') ?? ''),
    members.length,
    markdownText(tellCause(cause, first?.message ?? '')),
    look === undefined ? '' : markdownCode(look.name),
    first?.place === undefined ? '' : markdownCode(tellPlace(first.place)),
  );
};

const redRow = (test: ReportedTest): string =>
  tableRow(
    markdownCode(test.name),
    markdownCode(test.suite),
    markdownText(test.kind),
    markdownText(test.message),
    test.result?.evidence === undefined ? '' : markdownCode(test.result.evidence),
  );

const plainRow = (test: ReportedTest): string =>
  tableRow(markdownCode(test.name), markdownCode(test.suite), markdownText(test.message));
