/** How little a host may have under way: its congestion window is bounded from above alone (RFC 9293 section 3.8.2, RFC 5681 section 3.1). */
import type { FlowHistory } from '../mutants/flow-history.js';
import { isReset, redraft } from '../mutants/segment.js';
import { TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { type Seq, seqAdd, seqBefore } from '../protocol/wire/seq.js';
import { hasFlag, segmentLength } from '../reference/tcp/flow.js';
import type { Departure, Habit } from './habit.js';
import { acknowledgingAs } from './mptcp-view.js';
import { everyProfile, type Variant, variants } from './variant.js';

/** What waits on a flow, and how far it was sent and acknowledged. */
interface Queue {
  readonly waiting: TcpPacket[];
  sentUpTo: Seq | undefined;
  acknowledged: Seq | undefined;
}

/** The next segment waits until the one before it was acknowledged; a FIN without octets counts as one. */
const oneUnderWay = (): Habit => {
  const queues = new WeakMap<FlowHistory, Queue>();
  const queueOf = (flow: FlowHistory): Queue => {
    const known = queues.get(flow) ?? { waiting: [], sentUpTo: undefined, acknowledged: undefined };
    queues.set(flow, known);
    return known;
  };
  const isUnderWay = ({ sentUpTo, acknowledged }: Queue): boolean =>
    sentUpTo !== undefined && (acknowledged === undefined || seqBefore(acknowledged, sentUpTo));
  const release = (flow: FlowHistory): readonly Departure[] => {
    const queue = queueOf(flow);
    const next = isUnderWay(queue) ? undefined : queue.waiting.shift();
    if (next === undefined) return [];
    queue.sentUpTo = seqAdd(next.tcp.seq, segmentLength(next.tcp));
    return [{ path: flow.path, draft: redraft(next, acknowledgingAs(flow, next.tcp)) }];
  };
  return {
    leaves({ tcp, packet, path, flow }) {
      const queue = queueOf(flow);
      if (isReset(tcp) || hasFlag(tcp, TcpFlag.SYN)) {
        queue.waiting.length = 0;
        return undefined;
      }
      const [first] = queue.waiting;
      if (segmentLength(tcp) === 0)
        return first === undefined || seqBefore(tcp.seq, first.tcp.seq)
          ? undefined
          : [{ path, draft: redraft(packet, { seq: first.tcp.seq }) }];
      const isNew = queue.sentUpTo === undefined || !seqBefore(tcp.seq, queue.sentUpTo);
      if (isNew && (first !== undefined || isUnderWay(queue))) {
        if (!queue.waiting.some((each) => each.tcp.seq === tcp.seq)) queue.waiting.push(packet);
        return [];
      }
      const end = seqAdd(tcp.seq, segmentLength(tcp));
      if (queue.sentUpTo === undefined || seqBefore(queue.sentUpTo, end)) queue.sentUpTo = end;
      return undefined;
    },
    comes({ tcp, flow }, wire) {
      if (!hasFlag(tcp, TcpFlag.ACK) || isReset(tcp)) return undefined;
      const queue = queueOf(flow);
      if (queue.acknowledged === undefined || seqBefore(queue.acknowledged, tcp.ack)) queue.acknowledged = tcp.ack;
      if (queue.waiting.length > 0) wire.later(0n, () => release(flow));
      return undefined;
    },
  };
};

export const congestionVariants: readonly Variant[] = variants({ profiles: everyProfile }, [
  {
    id: 'one-segment-under-way',
    sentence: {
      source: 'RFC 9293',
      section: '3.8.2',
      says: 'Congestion control gives an upper bound for octets under way: here one segment, as if the buffer held one.',
    },
    // Proposal 2 sends each octet on all flows at once (paper, section 2.2).
    profiles: everyProfile.filter((profile) => profile !== 'robe-bbm'),
    change: { habit: oneUnderWay },
  },
]);
