/** Mocha's own listing for people; what was counted, and what was skipped and why, goes to a file. */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** What `skipBecause` left at the test or at a suite around it. */
const whySkipped = (it) => it.skippedBecause ?? (it.parent ? whySkipped(it.parent) : 'no reason given');

export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    runner.on('pending', (test) => skipped.push({ title: test.fullTitle(), why: whySkipped(test) }));
    runner.once('end', () => {
      const { passes, failures } = this.stats;
      const counts = { passed: passes, failed: failures, skipped };
      writeFileSync(options.reporterOptions.counts, JSON.stringify(counts));
    });
  }
}
