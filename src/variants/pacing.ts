/** When octets that are ready leave: Nagle's algorithm, the last octets with the FIN, repetitions at the ticks of a coarse clock. */
import type { FlowHistory } from '../mutants/flow-history.js';
import { isData, isFin, isReset, isSynAck, redraft } from '../mutants/segment.js';
import { TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { seqAdd, seqBefore } from '../protocol/wire/seq.js';
import { hasFlag, segmentLength } from '../reference/tcp/flow.js';
import type { Habit } from './habit.js';
import { acknowledgingAs } from './mptcp-view.js';
import { milliseconds } from './plain-acks.js';
import { everyProfile, type Variant, variants } from './variant.js';

/** Data that a FIN follows at once goes together with it. */
const coalesced = (): Habit => {
  const held = new WeakMap<FlowHistory, { packet: TcpPacket; cancel: () => void }>();
  return {
    leaves({ tcp, packet, path, flow }, wire) {
      const waiting = held.get(flow);
      if (waiting !== undefined) {
        waiting.cancel();
        held.delete(flow);
        const earlier = waiting.packet.tcp;
        if (isFin(tcp) && tcp.payload.length === 0 && tcp.seq === seqAdd(earlier.seq, earlier.payload.length))
          return [
            {
              path,
              draft: redraft(packet, { seq: earlier.seq, payload: earlier.payload, flags: tcp.flags | earlier.flags }),
            },
          ];
        return [
          { path, draft: redraft(waiting.packet) },
          { path, draft: redraft(packet) },
        ];
      }
      if (!isData(tcp) || isFin(tcp)) return undefined;
      const cancel = wire.later(milliseconds(1), () => {
        held.delete(flow);
        return [{ path, draft: redraft(packet) }];
      });
      held.set(flow, { packet, cancel });
      return [];
    },
  };
};

const tick = milliseconds(500);

/** What is repeated leaves at the next tick of a clock that ticks every half second. */
const coarse = (): Habit => ({
  leaves({ tcp, packet, path, flow }, wire) {
    const next = flow.next('out');
    if (next === undefined || isReset(tcp) || isSynAck(tcp) || segmentLength(tcp) === 0 || !seqBefore(tcp.seq, next))
      return undefined;
    // A keepalive: nothing is to be repeated.
    if (flow.segments('in').at(-1)?.ack === next) return undefined;
    const rest = tick - (wire.now % tick);
    const end = seqAdd(tcp.seq, segmentLength(tcp));
    wire.later(rest, () => {
      const latest = flow.latestIn?.tcp;
      const isTaken =
        latest !== undefined &&
        !isReset(latest) &&
        hasFlag(latest, TcpFlag.ACK) &&
        !seqBefore(latest.ack, end) &&
        !seqBefore(next, latest.ack);
      return isTaken ? [] : [{ path, draft: redraft(packet, acknowledgingAs(flow, tcp)) }];
    });
    return [];
  },
});

export const pacingVariants: readonly Variant[] = [
  ...variants({ profiles: everyProfile }, [
    {
      id: 'short-segments-wait',
      sentence: {
        source: 'RFC 9293',
        section: '3.7.4',
        says: 'A sender should delay a short segment while others are unacknowledged (Nagle).',
      },
      // Proposal 2 sends each octet on all flows at once (paper, section 2.2).
      profiles: everyProfile.filter((profile) => profile !== 'robe-bbm'),
      change: { behaves: { tcp: { nagle: true } } },
    },
    {
      id: 'last-octets-with-fin',
      sentence: {
        source: 'RFC 9293',
        section: '3.10.4',
        says: 'CLOSE is queued until the octets before it were sent: FIN may be sent in the segment of the last octets.',
      },
      profiles: ['tcp'],
      change: { habit: coalesced },
    },
    {
      id: 'retransmissions-on-a-coarse-clock',
      // The timeout is not below what the clock can tell (RFC 6298 section 2.3).
      about: 'retransmission timer',
      sentence: {
        source: 'RFC 6298',
        section: '4',
        says: 'No granularity is required of the clock: here timers expire every half second.',
      },
      // RobE_TIMER has a timer of its own, with a declared value.
      profiles: everyProfile.filter((profile) => profile !== 'robe-timer'),
      change: { habit: coarse },
    },
  ]),
];
