/** Mocha's own listing for people; what was counted, what failed, and what was skipped and why, goes to a file. */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** What `skipBecause` left at the test or at a suite around it. */
const whySkipped = (it) => it.skippedBecause ?? (it.parent ? whySkipped(it.parent) : 'no reason given');

/** The message, without the stack and without what Mocha shows line by line of the difference. */
const whyFailed = (error) => String(error?.message ?? error).split('\n').slice(0, 12).join('\n');

export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    const failed = [];
    runner.on('pending', (test) => skipped.push({ title: test.fullTitle(), why: whySkipped(test) }));
    runner.on('fail', (test, error) =>
      failed.push({ title: test.fullTitle(), file: test.file ?? '', why: whyFailed(error) }),
    );
    runner.once('end', () => {
      const counts = { passed: this.stats.passes, failed, skipped };
      writeFileSync(options.reporterOptions.counts, JSON.stringify(counts));
    });
  }
}
