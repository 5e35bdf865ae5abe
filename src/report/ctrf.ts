/**
 * CTRF, the Common Test Report Format (ctrf.io): JSON that dashboards and pull-request actions read. Known deviations and
 * cases that do not apply are `skipped`; whatever is red or has no verdict to rely on is `failed`, with the verdict as
 * `rawStatus`. Times are milliseconds since 1970, whole.
 */

import { versionOf } from '../gate/entry-scope.js';
import { gateSentence } from '../gate/sentence.js';
import { printable } from '../protocol/bytes/printable.js';
import {
  countOutcomes,
  factsOf,
  type Outcome,
  type ReportedTest,
  type RunReport,
  reportedTests,
} from './reported-test.js';

export const writeCtrf = (report: RunReport): string => {
  const { results, gate } = report;
  const tests = reportedTests(report);
  const counts = countOutcomes(tests);
  const start = Date.parse(results.run.began);
  const document = {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    generatedBy: printable(results.run.tool),
    results: {
      tool: { name: 'robe-conformance', version: printable(versionOf(results.run.tool)) },
      summary: {
        tests: tests.length,
        passed: counts.passed,
        failed: counts.failed + counts.errored,
        skipped: counts.known + counts.skipped,
        pending: 0,
        other: 0,
        suites: new Set(tests.map(({ suite }) => suite)).size,
        start,
        stop: start + Math.round(results.run.duration),
        extra: { gate: gateSentence(gate), exit: gate.exit },
      },
      tests: tests.map(ctrfTest),
      extra: { run: printable(results.run.id), seed: printable(results.run.seed), environment: results.environment },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
};

const ctrfTest = (test: ReportedTest) => ({
  name: test.name,
  status: statusOf(test.outcome),
  duration: Math.round(test.result?.duration ?? 0),
  suite: [test.suite],
  message: test.message,
  rawStatus: test.result?.verdict ?? test.kind,
  ...(test.result === undefined ? {} : { tags: test.result.requirements.map((id) => printable(id)) }),
  ...(test.place === undefined ? {} : { filePath: test.place.file, line: test.place.line }),
  ...(test.result?.attempts === undefined ? {} : { retries: test.result.attempts.length - 1 }),
  extra: Object.fromEntries(factsOf(test)),
});

const statusOf = (outcome: Outcome): 'passed' | 'skipped' | 'failed' => {
  switch (outcome) {
    case 'passed':
      return 'passed';
    case 'known':
    case 'skipped':
      return 'skipped';
    case 'failed':
    case 'errored':
      return 'failed';
  }
};
