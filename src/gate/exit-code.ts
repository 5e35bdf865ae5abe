/**
 * Exit codes: 0 the gate holds · 1 not conformant, or not as the baseline says · 2 usage, configuration, nothing judged ·
 * 3 error verdicts · 4 more inconclusive ones than allowed · 5 the plan is incomplete · 130 interrupted. Never a count:
 * 256 failures are not 0. If several apply, the first of 130, 2, 5, 3, 1, 4 is taken: a code that makes the others
 * doubtful comes first.
 */
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

/** The decisive one of several. */
export const gravest = (codes: readonly ExitCode[]): ExitCode =>
  precedence.find((code) => codes.includes(code)) ?? exitCodes.holds;
