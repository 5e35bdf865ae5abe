/**
 * ACKs that a host sends for their MPTCP options alone (RFC 6824 section 3, RFC 8684 section 3): more than two in a row look like a
 * loss. Only a reader that is the peer knows that nothing came in between.
 */
import { TcpFlag } from '../protocol/wire/packet.js';
import { spaceOf, type TcpSide } from './conversation/tcp-side.js';
import type { Rule } from './rule.js';
import { judge, type Sight } from './sight.js';

export const optionAckRules = {
  inARow: {
    name: 'few-acks-for-options',
    requirement: 'RFC6824-3-04',
    level: 'SHOULD',
    binds: 'both',
    of: [0, 1],
    says: 'No more than two duplicate acknowledgments follow each other to carry MPTCP options.',
    needs: 'every segment of the flow, and its time',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** What comes later is repeated by a timer, and is no sign of a loss. Nanoseconds. */
const inARow = 190_000_000n;
/** Two duplicates after the acknowledgment that they repeat. */
const most = 3;

/** A segment of `mine`; `theirs` counts what came from the other end. */
export function judgeOptionAck(sight: Sight, mine: TcpSide, theirs: TcpSide): void {
  const { segment } = sight;
  const { tcp, at } = segment;
  const isAck = (tcp.flags & (TcpFlag.ACK | TcpFlag.SYN | TcpFlag.RST)) === TcpFlag.ACK && spaceOf(tcp) === 0;
  // A Data ACK goes with any ACK.
  if (!isAck || tcp.mptcp.every(({ option }) => option === 'dss')) {
    mine.optionAcks = undefined;
    return;
  }
  const last = mine.optionAcks;
  const goesOn = last !== undefined && last.heard === theirs.segments && last.ack === tcp.ack && at - last.at < inARow;
  const times = goesOn ? last.times + 1 : 1;
  mine.optionAcks = { times, at, ack: tcp.ack, heard: theirs.segments };
  judge(
    sight,
    optionAckRules.inARow,
    times <= most,
    () => `it is number ${times} in a row, and nothing came in between`,
  );
}
