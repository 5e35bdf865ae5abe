/**
 * The clock of a host's timestamps (RFC 7323 section 4.1). Only a reader that is the peer has seen every segment in
 * order, with its time.
 */
import { TcpFlag } from '../protocol/wire/packet.js';
import type { TcpSide } from './conversation/tcp-side.js';
import type { Rule } from './rule.js';
import { judge, type Sight } from './sight.js';

export const timestampRules = {
  clock: {
    name: 'timestamps-run-with-time',
    requirement: 'RFC7323-4.1-01',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'No timestamp of a flow is before its first one, and after 2.5 seconds timestamps have advanced.',
    needs: 'every segment of the flow, and its time',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/**
 * A clock ticks at least once a second (RFC 7323 section 5.4). Not three seconds, which is when a SYN that is lost twice
 * usually comes for the third time: some would be just before and some just after. Nanoseconds.
 */
const surelyTicked = 2_500_000_000n;

export function judgeClock(sight: Sight, mine: TcpSide): void {
  const { tcp, at } = sight.segment;
  // A reset may be built only from the segment that it answers.
  if ((tcp.flags & TcpFlag.RST) !== 0) return;
  for (const option of tcp.options) {
    if (option.option !== 'timestamps') continue;
    const { value } = option;
    mine.clock ??= { first: value, firstAt: at };
    const { first, firstAt } = mine.clock;
    // Modulo 2^32 (RFC 7323 section 5.2). A segment that was delayed may have the time at which it was built.
    const gone = (value - first) | 0;
    judge(
      sight,
      timestampRules.clock,
      at - firstAt < surelyTicked ? gone >= 0 : gone > 0,
      () => `the timestamp is ${value}, ${(at - firstAt) / 1_000_000n} ms after ${first}`,
    );
  }
}
