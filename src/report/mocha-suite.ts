/**
 * A run as a Mocha suite, so that every reporter written for Mocha shows it: a suite for each subject, a test for each case
 * that awaits the case's verdict and has its outcome, its time, and for a mismatch what was expected beside what came, as
 * chai gives it. Known deviations and cases that do not apply are pending. Faults of a baseline and of the run follow at the
 * end. The reporter writes where it likes: Mocha, not this file, does I/O.
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

/** A run in progress, as Mocha's reporters see it. */
export interface FollowedRun {
  /** The final result of a planned case. */
  judged(test: ReportedTest): void;
  /** The whole report: settles pending tests, and adds unplanned ones. */
  finish(tests: readonly ReportedTest[]): Promise<MochaCounts>;
}

/** `library` is the package `mocha`. Throws what Mocha throws for a reporter that it cannot find. */
export const reportThroughMocha = (
  library: typeof Mocha,
  report: RunReport,
  style: MochaStyle,
): Promise<MochaCounts> => {
  const tests = reportedTests(report);
  return followThroughMocha(library, tests, style).finish(tests);
};

/**
 * Starts Mocha on the planned cases, in that order: one test for each, that awaits its verdict. Mocha waits for one after
 * the other; what was judged meanwhile is told at once when its turn comes.
 */
export const followThroughMocha = (
  library: typeof Mocha,
  planned: readonly Pick<ReportedTest, 'suite' | 'name'>[],
  style: MochaStyle,
): FollowedRun => {
  const mocha = new library({ reporter: style.reporter, reporterOptions: { ...style.options }, color: false });
  const durations = new Map<Mocha.Runnable, number>();
  const suites = new Map<string, Mocha.Suite>();
  const awaited = new Map<string, Announcement<ReportedTest>>();
  const end = announcement<readonly ReportedTest[]>();
  const add = ({ suite: suiteName, name }: Pick<ReportedTest, 'suite' | 'name'>, news: Promise<ReportedTest>): void => {
    const suite = suites.get(suiteName) ?? library.Suite.create(mocha.suite, suiteName);
    suites.set(suiteName, suite);
    // A case takes as long as it takes; the run has deadlines of its own.
    suite.timeout(0);
    const test = new library.Test(name, async function (this: Mocha.Context) {
      const told = await news;
      durations.set(test, told.result?.duration ?? 0);
      settle(told, test, this);
    });
    // Reporters that quote the code of a test quote how to read its case instead.
    test.body = `robe explain ${name}`;
    suite.addTest(test);
  };
  for (const each of planned) {
    const verdict = announcement<ReportedTest>();
    awaited.set(keyOf(each), verdict);
    add(each, verdict.news);
  }
  const addUnplanned = (tests: readonly ReportedTest[]): void => {
    for (const each of tests) if (!awaited.has(keyOf(each))) add(each, Promise.resolve(each));
  };
  // Suites that the last one adds when it ends are still run: Mocha looks for the next only then.
  [...suites.values()].at(-1)?.afterAll(async () => addUnplanned(await end.news));
  const run = (): Promise<MochaCounts> =>
    new Promise((resolve) => {
      const runner = mocha.run(() => {
        const { tests = 0, passes = 0, pending = 0, failures = 0 } = runner.stats ?? {};
        resolve({ tests, passes, pending, failures });
      });
      // Before any reporter reads it: the duration of the case, not that of the test.
      for (const event of ['pass', 'fail'] as const)
        runner.prependListener(event, (test: Mocha.Test) => {
          test.duration = durations.get(test) ?? 0;
        });
    });
  // Without planned cases there is nothing to follow: Mocha starts when the report is complete.
  const counts = planned.length === 0 ? undefined : run();
  return {
    judged: (test) => awaited.get(keyOf(test))?.tell(test),
    finish: (tests) => {
      for (const each of tests) awaited.get(keyOf(each))?.tell(each);
      if (counts === undefined) addUnplanned(tests);
      end.tell(tests);
      return counts ?? run();
    },
  };
};

const keyOf = ({ suite, name }: Pick<ReportedTest, 'suite' | 'name'>): string => `${suite}\n${name}`;

/** A future value; only the first setting counts. */
interface Announcement<T> {
  readonly news: Promise<T>;
  tell(news: T): void;
}

const announcement = <T>(): Announcement<T> => {
  let tell: (news: T) => void = () => {};
  const news = new Promise<T>((resolve) => {
    tell = resolve;
  });
  return { news, tell };
};

/** Ends a running test with the outcome of its case: returns, skips or throws. */
const settle = (told: ReportedTest, test: Mocha.Test, context: Mocha.Context): void => {
  test.file = told.result?.evidence ?? told.place?.file ?? told.suite;
  switch (told.outcome) {
    case 'passed':
      return;
    case 'known':
    case 'skipped':
      test.title = `${told.name}: ${told.message}`;
      context.skip();
      return;
    case 'failed':
    case 'errored':
      throw new Deviation(told);
  }
};

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
