/** ACKs that a host need not send as soon, or as often, as others do (RFC 9293 sections 3.8.6 and 3.10.7.4, RFC 5961 section 7). */
import type { FlowHistory } from '../mutants/flow-history.js';
import {
  carries,
  findAny,
  isBareAck,
  isData,
  isDataFin,
  isFin,
  isReset,
  isSyn,
  isSynAck,
  redraft,
} from '../mutants/segment.js';
import { TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { type Seq, seqAdd, seqBefore, seqDiff } from '../protocol/wire/seq.js';
import { hasFlag } from '../reference/tcp/flow.js';
import type { Habit } from './habit.js';
import { tellingAs } from './mptcp-view.js';
import { edgeOf, isAlive, isPlainAck, milliseconds } from './plain-acks.js';
import { everyProfile, type Variant, variants } from './variant.js';

/** Two segments of the smallest MSS that every host takes. */
const twoSegments = 1072;

const carriesDss = carries('dss');

/** Small segments get one ACK for all that came within 400 ms. */
const lazyAcks = (): Habit => {
  const told = new WeakMap<FlowHistory, Seq>();
  const held = new WeakMap<FlowHistory, { packet: TcpPacket; cancel: () => void }>();
  return {
    leaves({ tcp, packet, path, flow, flows }, wire) {
      const last = told.get(flow);
      const pending = held.get(flow);
      const moves = last !== undefined && seqBefore(last, tcp.ack);
      if (isPlainAck(tcp) && moves && seqDiff(tcp.ack, last) < twoSegments) {
        if (pending !== undefined) {
          pending.packet = packet;
          return [];
        }
        const entry = { packet, cancel: () => {} };
        entry.cancel = wire.later(milliseconds(400), () => {
          held.delete(flow);
          told.set(flow, entry.packet.tcp.ack);
          return [{ path, draft: redraft(entry.packet, tellingAs(entry.packet.tcp, { flow, flows })) }];
        });
        held.set(flow, entry);
        return [];
      }
      // A signal tells no Data ACK: one that is held back still has to follow.
      const leavesDataAck =
        pending !== undefined && isBareAck(tcp) && findAny(tcp, 'dss') === undefined && carriesDss(pending.packet.tcp);
      if (hasFlag(tcp, TcpFlag.ACK) && !leavesDataAck) {
        told.set(flow, tcp.ack);
        pending?.cancel();
        held.delete(flow);
      }
      return undefined;
    },
  };
};

/** ACKs for segments without data that cannot be taken: at most one in 500 ms on a flow. */
const limited = (): Habit => {
  const told = new WeakMap<FlowHistory, Seq>();
  const dack = new WeakMap<FlowHistory, bigint>();
  const since = new WeakMap<FlowHistory, bigint>();
  return {
    leaves({ tcp, flow }, wire) {
      const last = told.get(flow);
      const cause = flow.segments('in').at(-1);
      const dss = findAny(tcp, 'dss')?.ack;
      const news = dss !== undefined && dss !== dack.get(flow);
      if (dss !== undefined) dack.set(flow, dss);
      if (hasFlag(tcp, TcpFlag.ACK)) told.set(flow, tcp.ack);
      if (!isPlainAck(tcp) || last !== tcp.ack || cause === undefined || cause.payload.length > 0 || news)
        return undefined;
      // A DATA_FIN is an octet of the data sequence, and no stray.
      if (isDataFin(cause)) return undefined;
      if (seqBefore(tcp.seq, flow.next('out') ?? tcp.seq)) return undefined;
      const before = since.get(flow);
      if (before !== undefined && wire.now - before < milliseconds(500)) return [];
      since.set(flow, wire.now);
      return undefined;
    },
  };
};

const largestGap = 16_384;

/** No ACK for what comes beyond a gap. */
const mute = (): Habit => {
  const told = new WeakMap<FlowHistory, Seq>();
  return {
    leaves({ tcp, flow }) {
      const last = told.get(flow);
      if (hasFlag(tcp, TcpFlag.ACK)) told.set(flow, tcp.ack);
      const cause = flow.segments('in').at(-1);
      if (
        !isPlainAck(tcp) ||
        last !== tcp.ack ||
        cause === undefined ||
        cause.payload.length === 0 ||
        hasFlag(cause, TcpFlag.SYN)
      )
        return undefined;
      const inside = seqBefore(tcp.ack, cause.seq) && seqDiff(cause.seq, tcp.ack) < largestGap;
      return inside ? [] : undefined;
    },
  };
};

/** A repeated SYN is a segment before the window and draws an ACK, not the SYN/ACK again. */
const literalAck = (): Habit => {
  const asked = new WeakMap<FlowHistory, boolean>();
  return {
    comes({ tcp, flow }) {
      asked.set(
        flow,
        isSyn(tcp) &&
          flow.segments('out').some(isSynAck) &&
          flow.segments('in').some((each) => isSyn(each) && each.seq === tcp.seq),
      );
      return undefined;
    },
    leaves({ tcp, packet, path, flow }) {
      if (!isSynAck(tcp) || asked.get(flow) !== true) return undefined;
      asked.set(flow, false);
      return [
        {
          path,
          draft: redraft(packet, {
            seq: seqAdd(tcp.seq, 1),
            flags: TcpFlag.ACK,
            options: tcp.options.filter(({ option }) => option === 'timestamps'),
          }),
        },
      ];
    },
  };
};

/** The right edge of the window stays where it is when octets come, and moves on 2 ms later. */
const updates = (): Habit => {
  const edges = new WeakMap<FlowHistory, Seq>();
  return {
    leaves({ tcp, packet, path, flow }, wire) {
      if (!hasFlag(tcp, TcpFlag.ACK) || isReset(tcp)) return undefined;
      const edge = edges.get(flow);
      const moves = edge !== undefined && seqBefore(edge, edgeOf(tcp));
      const cause = flow.segments('in').at(-1);
      if (edge === undefined || !moves || !isPlainAck(tcp) || cause === undefined || !isData(cause) || isFin(cause)) {
        if (edge === undefined || moves) edges.set(flow, edgeOf(tcp));
        return undefined;
      }
      wire.later(milliseconds(2), () => {
        const next = flow.next('out');
        const latest = flow.latest('out');
        const known = edges.get(flow) ?? edge;
        if (!isAlive(flow) || next === undefined || latest === undefined || !seqBefore(known, edgeOf(latest.tcp)))
          return [];
        edges.set(flow, edgeOf(latest.tcp));
        return [{ path, draft: redraft(packet, { seq: next, ack: latest.tcp.ack, window: latest.tcp.window }) }];
      });
      return [{ path, draft: redraft(packet, { window: seqDiff(edge, tcp.ack) }) }];
    },
  };
};

/** As long as the own FIN is not acknowledged every ACK carries it. */
const finWithAcks = (): Habit => {
  const fins = new WeakMap<FlowHistory, Seq>();
  const acknowledged = new WeakMap<FlowHistory, Seq>();
  return {
    leaves({ tcp, packet, path, flow }) {
      if (isFin(tcp)) fins.set(flow, seqAdd(tcp.seq, tcp.payload.length));
      const fin = fins.get(flow);
      const taken = acknowledged.get(flow);
      if (fin === undefined || !isPlainAck(tcp) || tcp.seq !== seqAdd(fin, 1)) return undefined;
      if (taken !== undefined && seqBefore(fin, taken)) return undefined;
      return [{ path, draft: redraft(packet, { seq: fin, flags: tcp.flags | TcpFlag.FIN }) }];
    },
    comes({ tcp, flow }) {
      if (hasFlag(tcp, TcpFlag.ACK)) acknowledged.set(flow, tcp.ack);
      return undefined;
    },
  };
};

const delaying = { source: 'RFC 9293', section: '3.8.6.3' } as const;

export const ackHabitVariants: readonly Variant[] = [
  ...variants({ profiles: everyProfile, about: 'acknowledgments after the own FIN' }, [
    {
      id: 'fin-on-each-ack',
      sentence: {
        source: 'RFC 9293',
        section: '3.4',
        says: 'An acknowledgment may carry unacknowledged octets again: here the FIN, as in BSD.',
      },
      change: { habit: finWithAcks },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'delay of acknowledgments' }, [
    {
      id: 'small-segments-acknowledged-together',
      sentence: {
        ...delaying,
        says: 'Every second full-sized segment should get an ACK; small segments may share one, in less than half a second.',
      },
      change: { habit: lazyAcks },
    },
  ]),
  ...variants({ profiles: everyProfile }, [
    {
      id: 'answers-to-strays-limited',
      sentence: {
        source: 'RFC 5961',
        section: '7',
        says: 'A host should limit its ACKs for unacceptable segments: here to one in 500 ms for each flow.',
      },
      change: { habit: limited },
    },
    {
      id: 'gaps-not-acknowledged',
      sentence: {
        source: 'RFC 9293',
        section: '3.10.7.4',
        says: 'A host may send an ACK for a segment beyond a gap in the window (MAY-13): here it does not.',
      },
      keeps: 'musts',
      change: { habit: mute },
    },
    {
      id: 'repeated-syn-draws-ack',
      sentence: {
        source: 'RFC 9293',
        section: '3.10.7.4',
        says: 'An unacceptable segment in SYN-RECEIVED draws an ACK with the current numbers: here also a repeated SYN.',
      },
      role: 'server',
      change: { habit: literalAck },
    },
    {
      id: 'window-update-after-each-read',
      sentence: {
        source: 'RFC 9293',
        section: '3.8.6',
        says: 'Received octets reduce the window until the application reads them, and an ACK may announce that it is open again.',
      },
      profiles: everyProfile.filter((profile) => profile === 'tcp'),
      change: { behaves: { tcp: { window_scale: false, window: 32_768 } }, habit: updates },
    },
  ]),
];
