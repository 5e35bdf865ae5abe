/**
 * The paper's equations 1 to 9 (sections 2.4 and 3) as functions of round trip times, and beside those that count packets
 * wrongly the law that follows from the packets (open point I-94). Milliseconds throughout; the first path is the default.
 * t_i is when the first valid third segment is at the server, t_s when that of a further path is, both since the first SYN.
 *
 * | equation | printed                                     | by packets                                                   |
 * |----------|---------------------------------------------|--------------------------------------------------------------|
 * | 1        | sum of the timers of paths tried in vain    | the same                                                     |
 * | 2        | t_i RobE = 1.5 RTT of the fastest path      | the same                                                     |
 * | 3        | t_i classic = 1.5 RTT of the default path   | the same                                                     |
 * | 4        | A_i = (3) / (2)                             | the same                                                     |
 * | 5        | t_s >= RTT_d + 1.5 RTT_s, a bound           |                                                              |
 * | 6        | t_s classic = RTT_d + 2.5 RTT_s             | 2 RTT_d + 1.5 RTT_s: the exchange of DSS before a join runs on the default path |
 * | 7        | t_s RobE = 1.5 RTT_s                        | the same                                                     |
 * | 8        | A_s = (6) / (7)                             | with the law of (6)                                          |
 * | 9        | (t_i + max t_s) classic / RobE              | max t_s classic / max t_s RobE, for t_s counts t_i already   |
 */

export type Rtts = readonly [defaultPath: number, ...further: number[]];

const handshake = 1.5;

/** Equation 2. */
export const robeInitial = (rtts: Rtts): number => handshake * Math.min(...rtts);
/** Equation 3. */
export const classicInitial = ([first]: Rtts): number => handshake * first;
/** Equation 5. */
export const classicBound = ([first]: Rtts, rtt: number): number => first + handshake * rtt;
/** Equation 6 as printed. */
export const classicFurtherPrinted = ([first]: Rtts, rtt: number): number => first + 2.5 * rtt;
/** What equation 6 has to be. */
export const classicFurther = ([first]: Rtts, rtt: number): number => 2 * first + handshake * rtt;
/** A further path of proposal 2 and RobE_SIM: its first flow is reset, and it is joined after the exchange of DSS on the fastest. */
export const joinedFurther = (rtts: Rtts, rtt: number): number => 2 * Math.min(...rtts) + handshake * rtt;
/** Equation 7. */
export const robeFurther = (rtt: number): number => handshake * rtt;

/** The paths that carry the further flows: all but the default path of a classic client, all but the fastest of a RobE one. */
const classicFurtherPaths = ([, ...further]: Rtts): readonly number[] => further;
const robeFurtherPaths = (rtts: Rtts): readonly number[] => rtts.toSpliced(rtts.indexOf(Math.min(...rtts)), 1);

const latest = (times: readonly number[]): number => Math.max(...times);

/** Equation 9 as printed; one path has no further ones. */
export const overallPrinted = (rtts: Rtts): number =>
  (classicInitial(rtts) + latest(classicFurtherPaths(rtts).map((rtt) => classicFurtherPrinted(rtts, rtt)))) /
  (robeInitial(rtts) + latest(robeFurtherPaths(rtts).map(robeFurther)));

/** The gain until every path is usable. */
export const overall = (rtts: Rtts): number =>
  latest(classicFurtherPaths(rtts).map((rtt) => classicFurther(rtts, rtt))) /
  latest(robeFurtherPaths(rtts).map(robeFurther));

/** Equation 1: seconds that `dead` paths cost before the one that answers (open point I-35 for the backoff). */
export const timerDelay = (dead: number, timer: number, backoff: 'none' | 'exp'): number =>
  backoff === 'none' ? dead * timer : (2 ** dead - 1) * timer;
