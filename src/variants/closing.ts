/** How a connection of MPTCP ends: DATA_FIN by itself, with data, with the FIN of the flow; MP_FASTCLOSE in either of its ways. */
import { type Passing, spoil } from '../mutants/fault.js';
import type { FlowHistory } from '../mutants/flow-history.js';
import { carries, findAny, isDataFin, isFin, redraft, without } from '../mutants/segment.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { type Seq, seqAdd, seqBefore } from '../protocol/wire/seq.js';
import { hasFlag } from '../reference/tcp/flow.js';
import type { Habit } from './habit.js';
import { mptcpProfiles, type Variant, variants } from './variant.js';

const hasCapable = carries('mp_capable');
const hasJoin = carries('mp_join');
const hasHandshake = (tcp: Tcp): boolean => hasCapable(tcp) || hasJoin(tcp);

/** A FIN whose Data ACK was told on its flow before. */
const toldBefore = (tcp: Tcp, { flow }: Passing): boolean => {
  const dss = findAny(tcp, 'dss');
  const isTold = flow.segments('out').some((each) => findAny(each, 'dss')?.ack === dss?.ack);
  return isFin(tcp) && dss?.ack !== undefined && dss.dsn === undefined && isTold;
};

/** The peer's FIN on a flow ends that direction alone: the own one stays open, and usable, until the connection ends. */
const halfClosed = (): Habit => {
  const ends = new WeakMap<FlowHistory, Seq>();
  const isEnding = (tcp: Tcp, flows: readonly FlowHistory[]): boolean =>
    isDataFin(tcp) || flows.some((each) => [...each.segments('in'), ...each.segments('out')].some(isDataFin));
  return {
    comes({ tcp, packet, path, flow, flows }) {
      const known = ends.get(flow);
      if (known === undefined && (!isFin(tcp) || !flow.segments('out').some(hasHandshake) || isEnding(tcp, flows)))
        return undefined;
      const end = known ?? seqAdd(tcp.seq, tcp.payload.length);
      ends.set(flow, end);
      const change = {
        flags: tcp.flags & ~TcpFlag.FIN,
        ...(seqBefore(end, tcp.seq) ? { seq: seqAdd(tcp.seq, -1) } : {}),
      };
      const latest = flow.latest('out');
      const next = flow.next('out');
      if (!isFin(tcp) || latest === undefined || next === undefined) return { draft: redraft(packet, change) };
      const options = latest.tcp.options.filter(({ option }) => option === 'timestamps');
      const ack = { seq: next, ack: seqAdd(end, 1), flags: TcpFlag.ACK, payload: new Uint8Array(0), options };
      return { draft: redraft(packet, change), after: [{ path, draft: redraft(latest, ack) }] };
    },
    leaves({ tcp, packet, path, flow }) {
      const end = ends.get(flow);
      if (end === undefined || !hasFlag(tcp, TcpFlag.ACK) || tcp.ack !== end) return undefined;
      return [{ path, draft: redraft(packet, { ack: seqAdd(end, 1) }) }];
    },
  };
};

const closing = { source: 'RFC 8684', section: '3.3.3' } as const;

export const closingVariants: readonly Variant[] = [
  ...variants({ profiles: mptcpProfiles, about: 'DATA_FIN' }, [
    {
      id: 'data-fin-with-data',
      sentence: {
        ...closing,
        says: 'DATA_FIN may be in the mapping of the last octets, where it adds one octet.',
      },
      change: { behaves: { close: { data_fin: 'with-data' } } },
    },
    {
      id: 'data-fin-with-fin',
      sentence: {
        ...closing,
        says: 'DATA_FIN and the FIN of a subflow may be combined if no data is outstanding on other subflows.',
      },
      change: { behaves: { close: { data_fin: 'with-fin' } } },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'FIN of one flow' }, [
    {
      id: 'flow-left-half-closed',
      sentence: {
        ...closing,
        says: 'A FIN applies to one direction of its subflow: the host that receives it may continue to send.',
      },
      change: { habit: halfClosed },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'options of a FIN' }, [
    {
      id: 'fin-without-dss',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.2',
        says: 'A Data ACK is optional in each segment: a FIN may be sent without DSS.',
      },
      change: {
        wire: [spoil(toldBefore, (tcp) => without(tcp, 'dss'))],
      },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'fast close' }, [
    {
      id: 'fastclose-on-an-ack',
      sentence: {
        source: 'RFC 8684',
        section: '3.5',
        says: 'MP_FASTCLOSE is sent on the resets of all subflows, or on an ACK of one of them (option A).',
      },
      change: { behaves: { close: { fastclose: 'ack' } } },
    },
  ]),
];
