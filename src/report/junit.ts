/**
 * JUnit XML, as Jenkins, GitLab and most others read it: a suite for each subject, and one each for faults of the baseline
 * and of the run. Valid against fixtures/junit/junit.xsd, the part that the schemas of Jenkins and Surefire have in common.
 *
 * failed -> `failure` · errored (inconclusive, missing, error) -> `error` · known and not applicable -> `skipped`. A case that
 * was run again has each further time that was red as `rerunFailure` or `rerunError` where all came out the same; where
 * they did not, every red time as `flakyFailure` or `flakyError`.
 */
import { XMLBuilder } from 'fast-xml-parser';
import { gateSentence } from '../gate/sentence.js';
import { variesBetween } from '../gate/standing.js';
import { countOutcomes, factsOf, type ReportedTest, type RunReport, reportedTests } from './reported-test.js';

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
});

export const writeJunit = (report: RunReport): string => {
  const { results, gate } = report;
  const tests = reportedTests(report);
  const names = [...new Set(tests.map(({ suite }) => suite))];
  const properties = [
    ['gate', gateSentence(gate)],
    ['exit', String(gate.exit)],
    ['tool', results.run.tool],
    ['seed', results.run.seed],
    ['kernel', results.environment.kernel],
    ['node', results.environment.node],
  ] as const;
  const suites = names.map((name) => {
    const own = tests.filter(({ suite }) => suite === name);
    return {
      '@name': legal(name),
      ...totals(own),
      '@skipped': skippedOf(own),
      '@timestamp': results.run.began.replace(/\.\d+Z$|Z$/, ''),
      '@hostname': legal(results.environment.machine),
      properties: { property: properties.map(([key, value]) => ({ '@name': key, '@value': legal(value) })) },
      testcase: own.map(testcase),
    };
  });
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { '@name': legal(results.run.id), ...totals(tests), testsuite: suites },
  });
};

const totals = (tests: readonly ReportedTest[]) => {
  const { failed, errored } = countOutcomes(tests);
  const milliseconds = tests.reduce((sum, { result }) => sum + (result?.duration ?? 0), 0);
  return {
    '@tests': tests.length,
    '@failures': failed,
    '@errors': errored,
    '@time': seconds(milliseconds),
  };
};

const skippedOf = (tests: readonly ReportedTest[]): number => {
  const { known, skipped } = countOutcomes(tests);
  return known + skipped;
};

const testcase = (test: ReportedTest) => ({
  '@name': legal(test.name),
  '@classname': legal(test.suite),
  '@time': seconds(test.result?.duration ?? 0),
  ...outcomeElement(test),
  'system-out': factsOf(test)
    .map(([name, value]) => legal(`${name}: ${value}`))
    .join('\n'),
});

const outcomeElement = (test: ReportedTest) => {
  const message = legal(test.message);
  switch (test.outcome) {
    case 'passed':
      return {};
    case 'known':
    case 'skipped':
      return { skipped: { '@message': message }, ...reruns(test) };
    case 'failed':
      return { failure: { '@type': test.kind, '@message': message, '#text': message }, ...reruns(test) };
    case 'errored':
      return { error: { '@type': test.kind, '@message': message, '#text': message }, ...reruns(test) };
  }
};

const reruns = ({ result }: ReportedTest) => {
  const attempts = result?.attempts ?? [];
  const flaky = variesBetween(attempts);
  const told = flaky ? attempts : attempts.slice(1);
  const element = ({ verdict, sentence }: (typeof told)[number]) => ({ '@type': verdict, '@message': legal(sentence) });
  const failures = told.filter(({ verdict }) => verdict === 'fail' || verdict === 'unsupported').map(element);
  const errors = told
    .filter(({ verdict }) => verdict === 'error' || verdict === 'inconclusive' || verdict === 'not-run')
    .map(element);
  return flaky ? { flakyFailure: failures, flakyError: errors } : { rerunFailure: failures, rerunError: errors };
};

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

/** Without characters that XML 1.0 cannot write, not even as a reference (section 2.2). */
const legal = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  text.replaceAll(/[\u0000-\u001f\ufffe\uffff]|[\ud800-\udfff]/gu, '\ufffd');
