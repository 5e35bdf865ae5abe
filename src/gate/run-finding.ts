/** Faults of a run as a whole, independent of its results. */
import { counted } from '../suite/verdict/counted.js';
import type { Results, SelfReport } from '../suite/verdict/results.js';
import { type ExitCode, exitCodes } from './exit-code.js';

export interface RunFinding {
  readonly fault: 'interrupted' | 'ended-early' | 'nothing-judged' | 'incomplete' | 'contradiction' | 'self-report';
  readonly sentence: string;
  readonly exit: ExitCode;
}

export const runFindings = ({ run, cases, subjects }: Results): readonly RunFinding[] => {
  const findings: RunFinding[] = [];
  if (run.interrupted)
    findings.push({ fault: 'interrupted', sentence: 'the run was interrupted', exit: exitCodes.interrupted });
  if (run.problem !== undefined)
    findings.push({ fault: 'ended-early', sentence: `the run ended early: ${run.problem}`, exit: exitCodes.error });
  // If no case of one part of a plan applies, the merge judges it.
  if (run.shard === undefined && cases.every(({ verdict }) => verdict === 'not-applicable'))
    findings.push({ fault: 'nothing-judged', sentence: 'no case was judged', exit: exitCodes.usage });
  // A run that ended early has given error verdicts to the remaining cases: it reports the reason itself.
  if (!run.complete && !run.interrupted && run.problem === undefined)
    findings.push({ fault: 'incomplete', sentence: 'cases of the plan have no verdict', exit: exitCodes.incomplete });
  for (const report of run.selfReports ?? [])
    findings.push({ fault: 'self-report', sentence: tellSelfReport(report), exit: exitCodes.red });
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

/** The report of the implementation, and the cases under way. */
const tellSelfReport = ({ subject, title, cases: [first, ...more], among, times }: SelfReport): string => {
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  const when =
    first !== undefined
      ? ` under ${first}${others}`
      : among > 0
        ? ` while ${counted(among, 'case was', 'cases were')} under way, and under none of them alone`
        : '';
  return `${subject} reported${when}${times > 1 ? ` (${times} times)` : ''}: ${title}`;
};
