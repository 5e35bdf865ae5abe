/** When octets that are ready leave: Nagle's algorithm, the last octets with the FIN, repetitions at the ticks of a coarse clock. */
import type { FlowHistory } from '../mutants/flow-history.js';
import { findAny, isData, isFin, isReset, isSynAck, redraft } from '../mutants/segment.js';
import { TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { type Seq, seqAdd, seqBefore } from '../protocol/wire/seq.js';
import { optionLength } from '../protocol/wire/tcp-options.js';
import type { HostConfig } from '../reference/contract.js';
import type { ReferenceParameters } from '../reference/parameters.js';
import { hasFlag, segmentLength } from '../reference/tcp/flow.js';
import type { Habit } from './habit.js';
import { acknowledgingAs } from './mptcp-view.js';
import { milliseconds } from './plain-acks.js';
import { everyProfile, type Variant, variants } from './variant.js';

const defaultMss = 536;
const mssOf = (flow: FlowHistory): number =>
  flow
    .segments('in')
    .map((each) => findAny(each, 'mss')?.value)
    .find((each) => each !== undefined) ?? defaultMss;
const spaceUsed = ({ options }: TcpPacket['tcp']): number => options.reduce((sum, each) => sum + optionLength(each), 0);

/** A short segment waits while an earlier one is unacknowledged (Nagle); a full one is what the host itself puts into a segment at most. */
const nagle = (_config: HostConfig, { tcp: { largest_payload } }: ReferenceParameters): Habit => {
  const held = new WeakMap<FlowHistory, TcpPacket[]>();
  const end = new WeakMap<FlowHistory, Seq>();
  const una = new WeakMap<FlowHistory, Seq>();
  const release = (flow: FlowHistory) => {
    const list = held.get(flow) ?? [];
    held.delete(flow);
    for (const { tcp } of list) end.set(flow, seqAdd(tcp.seq, segmentLength(tcp)));
    return list.map((packet) => ({ path: flow.path, draft: redraft(packet, acknowledgingAs(flow, packet.tcp)) }));
  };
  return {
    leaves({ tcp, packet, path, flow }) {
      const list = held.get(flow);
      if (isReset(tcp)) {
        held.delete(flow);
        return undefined;
      }
      if (list !== undefined && list.length > 0) {
        const first = list[0]?.tcp.seq ?? tcp.seq;
        if (segmentLength(tcp) > 0) {
          if (!seqBefore(tcp.seq, first)) {
            if (!list.some((each) => each.tcp.seq === tcp.seq && segmentLength(each.tcp) === segmentLength(tcp)))
              list.push(packet);
            return [];
          }
          return undefined;
        }
        return [{ path, draft: redraft(packet, { seq: first }) }];
      }
      if (isData(tcp) && tcp.payload.length < Math.min(mssOf(flow) - spaceUsed(tcp), largest_payload)) {
        const sent = end.get(flow);
        const acked = una.get(flow);
        if (sent !== undefined && (acked === undefined || seqBefore(acked, sent)) && !seqBefore(tcp.seq, sent)) {
          held.set(flow, [packet]);
          return [];
        }
      }
      if (isData(tcp)) {
        const sent = end.get(flow);
        const after = seqAdd(tcp.seq, tcp.payload.length);
        if (sent === undefined || seqBefore(sent, after)) end.set(flow, after);
      }
      return undefined;
    },
    comes({ tcp, flow }, wire) {
      if (!hasFlag(tcp, TcpFlag.ACK) || isReset(tcp)) return undefined;
      const sent = end.get(flow);
      const acked = una.get(flow);
      if (acked === undefined || seqBefore(acked, tcp.ack)) una.set(flow, tcp.ack);
      if (sent !== undefined && !seqBefore(tcp.ack, sent) && held.has(flow)) wire.later(0n, () => release(flow));
      return undefined;
    },
  };
};

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
      change: { habit: nagle },
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
