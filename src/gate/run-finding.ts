/** What is wanting in a run as a whole, whatever its results say. */
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
  // That nothing in one part of a plan applies is for the merge to judge.
  if (run.shard === undefined && cases.every(({ verdict }) => verdict === 'not-applicable'))
    findings.push({ fault: 'nothing-judged', sentence: 'no case was judged', exit: exitCodes.usage });
  // A run that ended early has given error verdicts to what was left: it says why itself.
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

/** What the implementation reported, and under which cases. */
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
