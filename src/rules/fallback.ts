/** After an infinite mapping (RFC 6824 section 3.6, RFC 8684 section 3.7): the connection stays TCP on one subflow. */
import type { HostState } from './conversation/connection.js';
import type { Rule } from './rule.js';
import { judge, type Sight } from './sight.js';

export const fallbackRules = {
  resumed: {
    name: 'mptcp-never-resumed',
    requirement: 'RFC6824-3.6-08',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'A host that sent an infinite mapping maps no further data and opens no further subflow.',
    needs: 'the infinite mapping',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** New data with an ordinary mapping. */
export function judgeMappingAfterFallback(sight: Sight, host: HostState): void {
  const { infiniteIn } = host;
  if (infiniteIn !== undefined)
    judge(sight, fallbackRules.resumed, false, () => 'new data is mapped after an infinite mapping', [infiniteIn]);
}

/** A join that this host opens. */
export function judgeJoinAfterFallback(sight: Sight, { infiniteIn }: HostState): void {
  judge(sight, fallbackRules.resumed, infiniteIn === undefined, () => 'a subflow is opened after an infinite mapping', [
    infiniteIn,
  ]);
}
