/**
 * The exit code of a run, from its results alone: 0 everything judged holds · 1 not conformant · 2 usage · 3 error
 * verdicts · 4 inconclusive · 5 incomplete · 130 interrupted. Never a count. When several apply, the order is
 * 130, 2, 5, 3, 1, 4: what makes the others doubtful comes first. A run that ended early for a reason of its own has
 * given error verdicts to what was left, so it is 3, not 5.
 */
import type { Results } from '../suite/verdict/results.js';

export const exitCodes = {
  holds: 0,
  red: 1,
  usage: 2,
  error: 3,
  inconclusive: 4,
  incomplete: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const precedence: readonly ExitCode[] = [130, 2, 5, 3, 1, 4, 0];

/** The one of several that decides. */
export const gravest = (codes: readonly ExitCode[]): ExitCode =>
  precedence.find((code) => codes.includes(code)) ?? exitCodes.holds;

export const exitCodeOf = (results: Results): ExitCode => {
  const some = (verdict: keyof Results['totals']): boolean => (results.totals[verdict] ?? 0) > 0;
  const codes: ExitCode[] = [exitCodes.holds];
  if (results.run.interrupted) codes.push(exitCodes.interrupted);
  if (results.cases.every(({ verdict }) => verdict === 'not-applicable')) codes.push(exitCodes.usage);
  if (some('not-run')) codes.push(exitCodes.incomplete);
  if (some('error') || results.run.problem !== undefined) codes.push(exitCodes.error);
  if (some('fail') || some('unsupported')) codes.push(exitCodes.red);
  if (some('inconclusive')) codes.push(exitCodes.inconclusive);
  return gravest(codes);
};
