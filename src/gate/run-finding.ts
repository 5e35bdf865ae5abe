/** What is wanting in a run as a whole, whatever its results say. */
import type { Results } from '../suite/verdict/results.js';
import { type ExitCode, exitCodes } from './exit-code.js';

export interface RunFinding {
  readonly fault: 'interrupted' | 'ended-early' | 'nothing-judged' | 'incomplete' | 'contradiction';
  readonly sentence: string;
  readonly exit: ExitCode;
}

export const runFindings = ({ run, cases, subjects }: Results): readonly RunFinding[] => {
  const findings: RunFinding[] = [];
  if (run.interrupted)
    findings.push({ fault: 'interrupted', sentence: 'the run was interrupted', exit: exitCodes.interrupted });
  if (run.problem !== undefined)
    findings.push({ fault: 'ended-early', sentence: `the run ended early: ${run.problem}`, exit: exitCodes.error });
  // That nothing in one part of a plan applies is for the merge to judge.
  if (run.shard === undefined && cases.every(({ verdict }) => verdict === 'not-applicable'))
    findings.push({ fault: 'nothing-judged', sentence: 'no case was judged', exit: exitCodes.usage });
  // A run that ended early has given error verdicts to what was left: it says why itself.
  if (!run.complete && !run.interrupted && run.problem === undefined)
    findings.push({ fault: 'incomplete', sentence: 'cases of the plan have no verdict', exit: exitCodes.incomplete });
  for (const { name, review = [] } of subjects)
    for (const { item, status, sentence } of review)
      if (status === 'unmet')
        findings.push({
          fault: 'contradiction',
          sentence: `the claims of ${name} contradict each other (${item}): ${sentence}`,
          exit: exitCodes.usage,
        });
  return findings;
};
