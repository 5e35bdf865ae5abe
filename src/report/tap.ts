/**
 * TAP 14 (testanything.org/tap-version-14-specification.html): a line for each test, with a YAML block for those that are
 * not ok. Known deviations are `not ok … # TODO`, which a harness lists and does not count as failed.
 */
import { stringify } from 'yaml';
import { gateSentence } from '../gate/sentence.js';
import { printable } from '../protocol/bytes/printable.js';
import { factsOf, type ReportedTest, type RunReport, reportedTests } from './reported-test.js';

export const writeTap = (report: RunReport): string => {
  const tests = reportedTests(report);
  const { run } = report.results;
  const lines = [
    'TAP version 14',
    `1..${tests.length}`,
    `# ${printable(gateSentence(report.gate))}`,
    `# ${printable(`${run.tool}, run ${run.id}, seed ${run.seed}`)}`,
    ...tests.flatMap((test, index) => [testLine(test, index + 1), ...diagnosis(test)]),
  ];
  return `${lines.join('\n')}\n`;
};

const testLine = (test: ReportedTest, number: number): string => {
  const description = `${number} - ${escapeHash(`${test.suite}: ${test.name}`)}`;
  switch (test.outcome) {
    case 'passed':
      return `ok ${description}`;
    case 'skipped':
      return `ok ${description} # SKIP ${escapeHash(test.message)}`;
    case 'known':
      return `not ok ${description} # TODO ${escapeHash(test.message)}`;
    case 'failed':
    case 'errored':
      return `not ok ${description}`;
  }
};

const diagnosis = (test: ReportedTest): readonly string[] => {
  if (test.outcome === 'passed' || test.outcome === 'skipped') return [];
  const block = stringify(
    { message: test.message, severity: severity(test), ...Object.fromEntries(factsOf(test)) },
    { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' },
  );
  return [
    '  ---',
    ...block
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    '  ...',
  ];
};

const severity = ({ outcome }: ReportedTest): string =>
  outcome === 'known' ? 'todo' : outcome === 'errored' ? 'error' : 'fail';

/** A bare `#` begins a directive; a backslash escapes it and itself. */
const escapeHash = (text: string): string => text.replaceAll(/[\\#]/g, '\\$&');
