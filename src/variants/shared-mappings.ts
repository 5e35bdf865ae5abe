/** One mapping for several segments (RFC 8684 section 3.3.1): each of them carries it, as where segments are cut after the stack, or the first. */
import type { FlowHistory } from '../mutants/flow-history.js';
import { findAny, isData, isDataFin, isFin, type OptionOf, redraft, withEdited, without } from '../mutants/segment.js';
import { dssChecksum } from '../protocol/keys/dss-checksum.js';
import { DssFlag } from '../protocol/mptcp/option.js';
import type { Tcp, TcpPacket } from '../protocol/wire/packet.js';
import { type Seq, seqAdd } from '../protocol/wire/seq.js';
import type { Departure, Habit } from './habit.js';
import { milliseconds } from './plain-acks.js';
import { mptcpProfiles, type Variant, variants } from './variant.js';

type Dss = OptionOf<'dss'>;

/** A mapping of ordinary data with a DSN of eight octets. */
const mappingOf = (tcp: Tcp): Dss | undefined => {
  const dss = findAny(tcp, 'dss');
  const isPlain = isData(tcp) && !isFin(tcp) && !isDataFin(tcp) && dss?.dsn !== undefined && dss.dataLength !== 0;
  return isPlain && ((dss?.flags ?? 0) & DssFlag.m) !== 0 ? dss : undefined;
};

/** The mapping of all these octets. */
const mappingOfAll = (list: readonly TcpPacket[], first: Dss): Dss => {
  const payload = Uint8Array.from(list.flatMap(({ tcp }) => [...tcp.payload]));
  const { dsn = 0n, ssn = 0, checksum } = first;
  const dataLength = payload.length;
  return {
    ...first,
    dataLength,
    ...(checksum === undefined ? {} : { checksum: dssChecksum({ dsn, ssn, dataLength }, payload) }),
  };
};

/** The same mapping beside the Data ACK that the segment has. */
const withMapping = (packet: TcpPacket, { ack: _, ...mapping }: Dss) =>
  redraft(
    packet,
    withEdited(packet.tcp, 'dss', ({ ack, flags }) => {
      const acks = flags & (DssFlag.A | DssFlag.a);
      const both = { ...mapping, flags: (mapping.flags & ~(DssFlag.A | DssFlag.a)) | acks };
      return ack === undefined ? both : { ...both, ack };
    }),
  );

const withoutMapping = (packet: TcpPacket) =>
  redraft(
    packet,
    findAny(packet.tcp, 'dss')?.ack === undefined
      ? without(packet.tcp, 'dss')
      : withEdited(packet.tcp, 'dss', ({ ack, flags }) => ({
          option: 'dss',
          flags: flags & (DssFlag.A | DssFlag.a),
          ...(ack === undefined ? {} : { ack }),
        })),
  );

/** `every`: on every segment of the mapping; otherwise, once the path is confirmed, on the first. What comes again has it in any case. */
const sharing = (every: boolean) => (): Habit => {
  const held = new Map<FlowHistory, TcpPacket[]>();
  const known = new WeakMap<FlowHistory, Map<Seq, Dss>>();
  const release = (flow: FlowHistory): readonly Departure[] => {
    const list = held.get(flow) ?? [];
    held.delete(flow);
    const [head] = list;
    const first = head === undefined ? undefined : mappingOf(head.tcp);
    if (first === undefined) return [];
    const mapping = mappingOfAll(list, first);
    const mappings = known.get(flow) ?? new Map<Seq, Dss>();
    known.set(flow, mappings);
    for (const { tcp } of list) mappings.set(tcp.seq, mapping);
    const isConfirmed = flow.segments('in').some((tcp) => findAny(tcp, 'dss')?.ack !== undefined);
    return list.map((packet, at) => ({
      path: flow.path,
      draft: at === 0 || every || !isConfirmed ? withMapping(packet, mapping) : withoutMapping(packet),
    }));
  };
  return {
    leaves({ tcp, packet, path, flow }, wire) {
      // The end does not overtake its data.
      if (isDataFin(tcp) && held.size > 0)
        return [...[...held.keys()].flatMap(release), { path, draft: redraft(packet) }];
      const again = known.get(flow)?.get(tcp.seq);
      if (again !== undefined && mappingOf(tcp) !== undefined) return [{ path, draft: withMapping(packet, again) }];
      const list = held.get(flow);
      const last = list?.at(-1);
      if (list === undefined || last === undefined) {
        if (mappingOf(tcp) === undefined) return undefined;
        held.set(flow, [packet]);
        wire.later(milliseconds(1), () => release(flow));
        return [];
      }
      const end = seqAdd(last.tcp.seq, last.tcp.payload.length);
      const dsn = mappingOf(last.tcp)?.dsn ?? 0n;
      const continues = mappingOf(tcp)?.dsn === dsn + BigInt(last.tcp.payload.length);
      if (!continues || tcp.seq !== end) return [...release(flow), { path, draft: redraft(packet) }];
      list.push(packet);
      return [];
    },
  };
};

export const sharedMappingVariants: readonly Variant[] = variants(
  // Proposal 2 sends each octet on all flows at once (paper, section 2.2).
  { profiles: mptcpProfiles.filter((profile) => profile !== 'robe-bbm'), about: 'extent of mappings' },
  [
    {
      id: 'mapping-on-each-of-its-segments',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.1',
        says: 'A mapping may be repeated with the same values: here on each segment that was cut from a large one.',
      },
      change: { behaves: { tcp: { largest_payload: 3 } }, habit: sharing(true) },
    },
    {
      id: 'mapping-on-the-first-of-its-segments',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.1',
        says: 'A mapping need not be in every packet, as long as the receiver knows one that covers the octets.',
      },
      change: { behaves: { tcp: { largest_payload: 3 } }, habit: sharing(false) },
    },
  ],
);
