/** How the data level is told: mappings ahead of their octets, Data ACKs after those of the flow, DATA_FIN more than once. */
import type { FlowHistory } from '../mutants/flow-history.js';
import {
  carries,
  findAny,
  isBareAck,
  isData,
  isDataFin,
  isFin,
  isInfinite,
  isReset,
  redraft,
  withEdited,
  without,
} from '../mutants/segment.js';
import { type Dss, DssFlag } from '../protocol/mptcp/option.js';
import { type Tcp, TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { type Seq, seqAdd, seqBefore } from '../protocol/wire/seq.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import { segmentLength } from '../reference/tcp/flow.js';
import type { Habit } from './habit.js';
import { ackLater, ackOwed, isRelated } from './mptcp-view.js';
import { isOrdinary, milliseconds } from './plain-acks.js';
import { mptcpProfiles, type Variant, variants } from './variant.js';

/** A mapping goes ahead on an ACK of its own. */
const mappingAhead = (): Habit => ({
  leaves({ tcp, packet, path, flow }) {
    const dss = findAny(tcp, 'dss');
    const next = flow.next('out');
    if (
      !isData(tcp) ||
      dss?.dsn === undefined ||
      isInfinite(tcp) ||
      isFin(tcp) ||
      isDataFin(tcp) ||
      (next !== undefined && seqBefore(tcp.seq, next))
    )
      return undefined;
    return [
      { path, draft: redraft(packet, { flags: TcpFlag.ACK, payload: new Uint8Array(0), options: aloneOf(tcp, dss) }) },
      { path, draft: redraft(packet) },
    ];
  },
});

/** The mapping without a Data ACK, beside what TCP itself has on every segment. */
const aloneOf = ({ options }: Tcp, { ack: _, ...dss }: Dss): readonly TcpOption[] => [
  ...options.filter(({ option }) => option === 'nop' || option === 'timestamps'),
  { ...dss, flags: dss.flags & ~(DssFlag.A | DssFlag.a) },
];

/** Data ACKs follow 200 ms after the ACK of the flow, once the flow is known to carry them. */
const lateDataAcks = (): Habit => {
  const told = new WeakMap<FlowHistory, bigint>();
  return {
    leaves({ tcp, packet, path, flow }, wire) {
      const dss = findAny(tcp, 'dss');
      if (dss?.ack === undefined || !isOrdinary(tcp) || isFin(tcp) || isDataFin(tcp)) return undefined;
      const last = told.get(flow);
      const came = flow.segments('in');
      // After MP_FASTCLOSE and after its own FIN nothing is told later.
      const ends = came.some(carries('mp_fastclose')) || flow.segments('out').some(isFin);
      const carried = came.filter(isData).length > 1 && !ends;
      told.set(flow, dss.ack);
      if (last === undefined || last === dss.ack || !carried || dss.dsn !== undefined) return undefined;
      wire.later(milliseconds(200), () => {
        const options: readonly TcpOption[] = [
          { option: 'dss', flags: dss.flags & (DssFlag.A | DssFlag.a), ack: told.get(flow) ?? dss.ack ?? 0n },
        ];
        const acks = ackLater(flow, options);
        return acks.length > 0 ? acks : ackOwed(flow, options);
      });
      return [{ path, draft: redraft(packet, without(tcp, 'dss')) }];
    },
  };
};

/** DATA_FIN on every flow. */
const finEverywhere = (): Habit => ({
  leaves({ tcp, packet, path, flow, flows }) {
    const dss = findAny(tcp, 'dss');
    if (
      dss === undefined ||
      !isDataFin(tcp) ||
      isReset(tcp) ||
      dss.ack === undefined ||
      dss.dataLength !== 1 ||
      isFin(tcp)
    )
      return undefined;
    const ack = dss.ack;
    return [
      { path, draft: redraft(packet) },
      ...flows
        .filter((each) => each !== flow && isRelated(each, ack, { flow, flows }))
        .flatMap((each) => ackLater(each, [dss])),
    ];
  },
});

/** DATA_FIN again on every ACK until it is Data-ACKed. */
const finRepeated = (): Habit => {
  const open = new WeakMap<FlowHistory, Dss>();
  return {
    comes({ tcp, flow }) {
      const fin = open.get(flow);
      const ack = findAny(tcp, 'dss')?.ack;
      if (fin?.dsn !== undefined && ack !== undefined && BigInt.asUintN(32, ack) === BigInt.asUintN(32, fin.dsn + 1n))
        open.delete(flow);
      return undefined;
    },
    leaves({ tcp, packet, path, flow }) {
      const dss = findAny(tcp, 'dss');
      if (dss !== undefined && isDataFin(tcp) && dss.dataLength === 1 && segmentLength(tcp) === 0) {
        open.set(flow, dss);
        return undefined;
      }
      const fin = open.get(flow);
      if (fin === undefined || !isBareAck(tcp) || dss === undefined || dss.dsn !== undefined) return undefined;
      const { ack: _own, ...mapping } = fin;
      const both: TcpOption = {
        ...mapping,
        flags: (fin.flags & ~(DssFlag.A | DssFlag.a)) | (dss.flags & (DssFlag.A | DssFlag.a)),
        ...(dss.ack === undefined ? {} : { ack: dss.ack }),
      };
      return [
        {
          path,
          draft: redraft(
            packet,
            withEdited(tcp, 'dss', () => both),
          ),
        },
      ];
    },
  };
};

/** FIN waits; what leaves before it has the number of it. */
const lateFin = (delay: bigint) => (): Habit => {
  const held = new WeakMap<FlowHistory, { seq: Seq; ack: TcpPacket }>();
  const done = new WeakSet<FlowHistory>();
  return {
    leaves({ tcp, packet, path, flow }, wire) {
      const waiting = held.get(flow);
      if (waiting !== undefined) {
        if (isReset(tcp)) return undefined;
        if (isFin(tcp)) return [];
        waiting.ack = packet;
        return [{ path, draft: redraft(packet, isBareAck(tcp) ? { seq: waiting.seq } : {}) }];
      }
      if (!isFin(tcp) || done.has(flow)) return undefined;
      done.add(flow);
      const entry = { seq: seqAdd(tcp.seq, tcp.payload.length), ack: packet };
      held.set(flow, entry);
      wire.later(delay, () => {
        held.delete(flow);
        return [{ path, draft: redraft(packet, { ack: entry.ack.tcp.ack }) }];
      });
      return [{ path, draft: redraft(packet, { flags: tcp.flags & ~(TcpFlag.FIN | TcpFlag.PSH) }) }];
    },
  };
};

const mapping = { source: 'RFC 8684', section: '3.3.1' } as const;
const closing = { source: 'RFC 8684', section: '3.3.3' } as const;
const initiation = { source: 'RFC 8684', section: '3.1' } as const;

export const dataLevelVariants: readonly Variant[] = [
  ...variants({ profiles: mptcpProfiles }, [
    {
      id: 'mapping-ahead-of-its-octets',
      sentence: {
        ...mapping,
        says: 'A mapping may arrive before its octets: here on an ACK of its own.',
      },
      change: { habit: mappingAhead },
    },
    {
      id: 'data-ack-after-the-ack',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.2',
        says: 'Data ACKs are independent of subflow acknowledgments: here they follow 200 ms later.',
      },
      change: { habit: lateDataAcks },
    },
    {
      id: 'data-fin-on-every-flow',
      sentence: {
        ...closing,
        says: 'DATA_FIN has a data sequence number and may be sent on every flow, as octets may.',
      },
      change: { habit: finEverywhere },
    },
    {
      id: 'data-fin-on-each-ack',
      sentence: { ...closing, says: 'DATA_FIN may be repeated until it is acknowledged: here each ACK carries it.' },
      change: { habit: finRepeated },
    },
    {
      id: 'fin-300ms-after-data-fin',
      about: 'DATA_FIN',
      sentence: {
        ...closing,
        says: 'No time is prescribed for the FIN of a flow after DATA_FIN was acknowledged: here it takes 300 ms.',
      },
      change: { habit: lateFin(milliseconds(300)) },
    },
    {
      id: 'checksums-waived',
      sentence: {
        ...initiation,
        says: 'A should be set unless the administrator has decided that checksums are not required: here they are not.',
      },
      declared: { mpc: { checksum: false } },
    },
    {
      id: 'checksums-refused',
      sentence: {
        ...initiation,
        says: 'A host that does not want checksums ignores an MP_CAPABLE with flag A, and continues as TCP.',
      },
      declared: { mpc: { checksum: false, refuse_checksum: true } },
    },
  ]),
];
