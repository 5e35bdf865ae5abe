/** What becomes of octets that waited for others: the acknowledgment of each piece, and of those that a lost flow has left undone. */
import type { FlowHistory } from '../mutants/flow-history.js';
import { findAny, isData, isReset, redraft } from '../mutants/segment.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { type Seq, seqAdd, seqBefore } from '../protocol/wire/seq.js';
import { hasFlag, segmentLength } from '../reference/tcp/flow.js';
import type { Habit } from './habit.js';
import { isOrdinary, milliseconds } from './plain-acks.js';
import { everyProfile, mptcpProfiles, type Variant, variants } from './variant.js';

/** What filled a gap is acknowledged by itself before what lay beyond it. */
const pieceByPiece = (): Habit => {
  const told = new WeakMap<FlowHistory, Seq>();
  return {
    leaves({ tcp, packet, path, flow }) {
      if (!hasFlag(tcp, TcpFlag.ACK) || !isOrdinary(tcp)) return undefined;
      const last = told.get(flow);
      told.set(flow, tcp.ack);
      const cause = flow.segments('in').at(-1);
      if (last === undefined || cause === undefined || !isData(cause)) return undefined;
      const end = seqAdd(cause.seq, segmentLength(cause));
      if (!seqBefore(last, end) || !seqBefore(end, tcp.ack)) return undefined;
      const timestamps = tcp.options.filter(({ option }) => option === 'timestamps');
      const piece = { ack: end, flags: TcpFlag.ACK, payload: new Uint8Array(0), options: timestamps };
      return [
        { path, draft: redraft(packet, piece) },
        { path, draft: redraft(packet) },
      ];
    },
  };
};

const dsnOf = (tcp: Tcp): bigint | undefined => findAny(tcp, 'dss')?.dsn;

/** No connection of a case has so many octets; numbers that are farther apart are those of two connections. */
const most = 1n << 20n;

/** What a flow carried that was reset goes over another one when twelve seconds have passed. */
const lateRepair = (): Habit => {
  const due = new WeakMap<FlowHistory, Map<bigint, bigint>>();
  return {
    leaves({ tcp, packet, path, flow, flows }, wire) {
      const dsn = dsnOf(tcp);
      if (dsn === undefined || !isOrdinary(tcp)) return undefined;
      const times = due.get(flow) ?? new Map<bigint, bigint>();
      due.set(flow, times);
      const time = times.get(dsn);
      if (time !== undefined) return wire.now < time ? [] : undefined;
      const carried = (each: Tcp): boolean => {
        const beyond = (dsnOf(each) ?? dsn - most) + BigInt(each.payload.length) - dsn;
        return beyond > 0n && beyond < most;
      };
      const lost = flows.some(
        (other) => other !== flow && other.segments('in').some(isReset) && other.segments('out').some(carried),
      );
      if (!lost || flow.segments('out').some((each) => dsnOf(each) === dsn)) return undefined;
      times.set(dsn, wire.now + milliseconds(12_000));
      wire.later(milliseconds(12_000), () => [
        { path, draft: redraft(packet, { ack: flow.latest('out')?.tcp.ack ?? tcp.ack }) },
      ]);
      return [];
    },
  };
};

export const gapVariants: readonly Variant[] = [
  ...variants({ profiles: everyProfile, about: 'acknowledgments of what waited' }, [
    {
      id: 'filled-gap-acknowledged-piece-by-piece',
      sentence: {
        source: 'RFC 9293',
        section: '3.10.7.4',
        says: 'Segments are processed in the order of their numbers, and each of them is acknowledged.',
      },
      change: { habit: pieceByPiece },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'repair of lost flows' }, [
    {
      id: 'lost-data-after-12s',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.6',
        says: 'The sender decides when data of one flow is sent again on another: here twelve seconds after its flow was reset.',
      },
      // Proposal 2 sends each octet on all flows at once (paper, section 2.2).
      profiles: mptcpProfiles.filter((profile) => profile !== 'robe-bbm'),
      change: { habit: lateRepair },
    },
  ]),
];
