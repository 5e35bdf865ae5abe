/** The exit code of a run that is held against nothing but the requirements; codes and their order: gate/exit-code.ts. */
import type { ExitCode } from '../gate/exit-code.js';
import { gateOf, strictly } from '../gate/gate.js';
import type { Results } from '../suite/verdict/results.js';

export { type ExitCode, exitCodes, gravest } from '../gate/exit-code.js';

/** Without a baseline the day of the gate does not matter; the day of the run is as good as any. */
export const exitCodeOf = (results: Results): ExitCode => gateOf(results, strictly(results.run.began.slice(0, 10))).exit;
