/**
 * A run as a Mocha suite, so that every reporter written for Mocha shows it: a suite for each subject, a test for each case
 * that has the case's outcome, its time, and for a mismatch what was expected beside what came, as chai gives it. Known
 * deviations and cases that do not apply are pending. The reporter writes where it likes: Mocha, not this file, does I/O.
 */
import type Mocha from 'mocha';
import { printable } from '../protocol/bytes/printable.js';
import { factsOf, type ReportedTest, type RunReport, reportedTests } from './reported-test.js';

export interface MochaStyle {
  /** Name of a built-in reporter, or of a package. */
  readonly reporter: string;
  readonly options: Readonly<Record<string, string>>;
}

/** What Mocha counted; its failures are the tests that need attention. */
export type MochaCounts = Pick<Mocha.Stats, 'tests' | 'passes' | 'pending' | 'failures'>;

/** `library` is the package `mocha`. Throws what Mocha throws for a reporter that it cannot find. */
export function reportThroughMocha(library: typeof Mocha, report: RunReport, style: MochaStyle): Promise<MochaCounts> {
  const mocha = new library({ reporter: style.reporter, reporterOptions: { ...style.options }, color: false });
  const durations = new Map<Mocha.Test, number>();
  const suites = new Map<string, Mocha.Suite>();
  for (const each of reportedTests(report)) {
    const suite = suites.get(each.suite) ?? library.Suite.create(mocha.suite, each.suite);
    suites.set(each.suite, suite);
    const test = mochaTest(library, each);
    durations.set(test, each.result?.duration ?? 0);
    suite.addTest(test);
  }
  return new Promise((resolve) => {
    const runner = mocha.run(() => {
      const { tests = 0, passes = 0, pending = 0, failures = 0 } = runner.stats ?? {};
      resolve({ tests, passes, pending, failures });
    });
    // Before any reporter looks at it: the time that the case took, not the time to tell of it.
    for (const event of ['pass', 'fail'] as const)
      runner.prependListener(event, (test: Mocha.Test) => {
        test.duration = durations.get(test) ?? 0;
      });
  });
}

function mochaTest(library: typeof Mocha, test: ReportedTest): Mocha.Test {
  switch (test.outcome) {
    case 'passed':
      return new library.Test(test.name, () => {});
    case 'known':
    case 'skipped':
      return new library.Test(`${test.name}: ${test.message}`);
    case 'failed':
    case 'errored':
      return new library.Test(test.name, () => {
        throw new Deviation(test);
      });
  }
}

/** Thrown for Mocha to show; the stack says where to look on, not where in the suite's code it was thrown. */
class Deviation extends Error {
  readonly expected?: string;
  readonly actual?: string;
  readonly showDiff: boolean;

  constructor(test: ReportedTest) {
    super(test.message);
    this.name = test.kind;
    this.stack = [
      `${test.kind}: ${test.message}`,
      ...factsOf(test).map(([name, value]) => `    ${name}: ${value}`),
    ].join('\n');
    const differences = test.result?.findings.find((finding) => finding.differences !== undefined)?.differences ?? [];
    this.showDiff = differences.length > 0;
    if (this.showDiff) {
      this.expected = differences.map(({ field, expected }) => printable(`${field}: ${expected}`)).join('\n');
      this.actual = differences.map(({ field, got }) => printable(`${field}: ${got}`)).join('\n');
    }
  }
}
