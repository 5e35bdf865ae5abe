/** The exit code of a finished run: that of its gate without leniency, and 3 when its results could not be kept. */
import { type ExitCode, exitCodes, gravest } from '../../gate/exit-code.js';
import { gateOf, strictly } from '../../gate/gate.js';
import type { Results } from '../../suite/verdict/results.js';

export const exitCodeFor = (results: Results, unwritten: string | undefined): ExitCode => {
  const today = results.run.began.slice(0, 'yyyy-mm-dd'.length);
  return gravest([gateOf(results, strictly(today)).exit, ...(unwritten === undefined ? [] : [exitCodes.error])]);
};
