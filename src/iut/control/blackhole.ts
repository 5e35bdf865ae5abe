/**
 * The blackhole of Linux (net.mptcp.blackhole_timeout): once an option-less SYN was answered where one with MP_CAPABLE
 * was not, the kernel's clients offer no MPTCP for that long, an hour by default, to anybody. Cases that leave a SYN
 * unanswered trigger it, and it would then affect every later client case.
 */
export interface Blackhole {
  readonly why: string;
  readonly remedy: string;
}

/** The obstacle to client cases of MPTCP; undefined if the timeout is off or unknown. */
export const blackholeOf = (seconds: number | undefined): Blackhole | undefined =>
  seconds === undefined || seconds === 0
    ? undefined
    : {
        why:
          `net.mptcp.blackhole_timeout is ${seconds} s at the implementation: one SYN that goes unanswered keeps its clients ` +
          'from MPTCP for that long, in this run and in later ones',
        remedy:
          'where the implementation runs: sysctl -w net.mptcp.blackhole_timeout=0 (setting it also ends a time under way)',
      };
