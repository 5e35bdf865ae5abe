/**
 * `reports/latest`: a link to the run that ended last, so that nobody copies the name of a directory. Only beside runs that
 * stand below a directory called `reports`; where links cannot be made, there is none.
 */
import { renameSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

export const markLatest = (directory: string): void => {
  const place = resolve(directory);
  const reports = dirname(place);
  if (basename(reports) !== 'reports') return;
  const fresh = join(reports, `.latest-${process.pid}`);
  try {
    symlinkSync(basename(place), fresh);
    renameSync(fresh, join(reports, 'latest'));
  } catch {
    // A convenience: the run itself is kept where it says.
  }
};
