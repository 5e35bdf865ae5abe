/**
 * KTAP version 1 (docs.kernel.org/dev-tools/ktap.html), which the tools around kselftest and KUnit read: a subtest for
 * each topic of an implementation, as `tcp.server`, its cases indented in it. Known deviations are skipped with their
 * reason, as the format has no better word; the failure is in diagnostic lines above the result.
 */
import { gateSentence } from '../gate/sentence.js';
import { printable } from '../protocol/bytes/printable.js';
import { factsOf, needsAttention, type ReportedTest, type RunReport, reportedTests } from './reported-test.js';

export const writeKtap = (report: RunReport): string => {
  const tests = reportedTests(report);
  const suites = [...new Set(tests.map(subtestOf))];
  const lines = [
    'KTAP version 1',
    `# ${printable(gateSentence(report.gate))}`,
    `1..${suites.length}`,
    ...suites.flatMap((suite, index) => {
      const own = tests.filter((test) => subtestOf(test) === suite);
      const state = own.some(needsAttention) ? 'not ok' : 'ok';
      return [
        '  KTAP version 1',
        `  1..${own.length}`,
        ...own.flatMap((test, position) => testLines(test, position + 1).map((line) => `  ${line}`)),
        `${state} ${index + 1} ${plain(suite)}`,
      ];
    }),
  ];
  return `${lines.join('\n')}\n`;
};

/** An implementation and the profile and role that a case begins with; what is no case has only where it belongs. */
const subtestOf = ({ suite, name, result }: ReportedTest): string => {
  const [profile, role, topic] = result === undefined ? [] : name.split('.');
  return topic === undefined ? suite : `${suite}: ${profile}.${role}`;
};

const testLines = (test: ReportedTest, number: number): readonly string[] => {
  const name = `${number} ${plain(test.name)}`;
  switch (test.outcome) {
    case 'passed':
      return [`ok ${name}`];
    case 'skipped':
    case 'known':
      return [`ok ${name} # SKIP ${plain(test.message)}`];
    case 'failed':
    case 'errored':
      return [
        ...[['what', test.message] as const, ...factsOf(test)].map(([fact, value]) => `# ${fact}: ${plain(value)}`),
        `not ok ${name}`,
      ];
  }
};

/** A `#` begins a directive, and the format has no escape for it. */
const plain = (text: string): string => text.replaceAll('#', 'no. ').replaceAll(/\s+/g, ' ');
