/**
 * Octets that a step expects in one segment and that came in several. TCP keeps no boundaries (RFC 9293 section 3.7), one
 * mapping may cover many segments, and several mappings may cover one write (RFC 8684 section 3.3.1). So consecutive
 * segments of a flow are judged as one segment: with the numbers of the first, the acknowledgment of the last, and their
 * mappings joined if they continue each other. Thus `data: {length: 300}` gives the number of octets, and no case depends
 * on how they are cut.
 */
import { DssFlag } from '../../protocol/mptcp/option.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import { type Seq, seqAdd, seqDiff } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { SegmentPattern } from '../language/segment-pattern.js';
import { type Cut, cutAt } from './cut-received.js';
import type { Flow } from './flow.js';
import { type Dss, isInfinite, isRight, lengthOf, type Mapped, mappingOf, type Sender, startOf } from './mapped.js';
import { isSegment } from './match.js';
import { rightChecksum } from './right-checksum.js';
import type { Held } from './state.js';

export interface Assembly {
  /** In the order of their octets. */
  readonly parts: readonly Held[];
  /** The segment that the parts form together. */
  readonly tcp: Tcp;
  /** The last part where it has more octets than are expected: its first ones, which are taken, and the rest, which stays. */
  readonly cut?: Cut;
  /** Octets that are still missing of those expected. */
  readonly missing: number;
}

/**
 * As many of the segments held as the expected payload needs, from `first` on. Where any of several flows may bring it
 * (`among`), its parts may come over several of them: then data sequence numbers alone say what continues what. `start` is what
 * the first one is judged as.
 */
export function assemble(
  first: Held,
  held: readonly Held[],
  { payload }: SegmentPattern,
  sender: Sender,
  among: readonly string[],
  start = first.tcp,
): Assembly {
  const wanted = payload === undefined ? 0 : payload.is === 'length' ? payload.length : payload.octets.length;
  const parts = [first];
  const over = wanted > 0 && start.payload.length > wanted ? cutAt(start, wanted, sender) : undefined;
  if (over !== undefined) return { parts, tcp: over.head, missing: 0, cut: over };
  let whole: Assembly = { parts, tcp: start, missing: wanted - start.payload.length };
  if (!isSegment(start, 'DATA') || first.flow === undefined) return { ...whole, missing: 0 };
  const after = held.slice(held.indexOf(first) + 1).filter(({ flow }) => flow === first.flow);
  const beside = held.filter(({ flow }) => flow !== undefined && flow !== first.flow && among.includes(flow));
  const left = [...after, ...beside].filter(({ tcp }) => tcp.payload.length > 0);
  let isParted = false;
  while (whole.missing > 0) {
    let found: { readonly next: Held; readonly tcp: Tcp; readonly cut?: Cut } | undefined;
    for (const [index, next] of left.entries()) {
      const inFlow = !isParted && next.flow === first.flow;
      const cut = next.tcp.payload.length > whole.missing ? cutAt(next.tcp, whole.missing, sender) : undefined;
      const part = cut?.head ?? next.tcp;
      const tcp = inFlow ? joined(whole.tcp, part, sender) : joinedByDsn(whole.tcp, part, sender);
      if (tcp === undefined) continue;
      found = { next, tcp, ...(cut === undefined ? {} : { cut }) };
      left.splice(index, 1);
      break;
    }
    if (found === undefined) break;
    isParted ||= found.next.flow !== first.flow;
    parts.push(found.next);
    const { tcp, cut } = found;
    whole = { parts, tcp, missing: wanted - tcp.payload.length, ...(cut === undefined ? {} : { cut }) };
  }
  return { ...whole, missing: Math.max(whole.missing, 0) };
}

/**
 * The segment with a mapping of its own octets, if an earlier mapping of its flow covers them. The receiver must know
 * that mapping (RFC 8684 section 3.3.1), and the segment may repeat it. For retransmitted octets the sender cannot know
 * that the mapping arrived, and repeats it.
 */
export function mappedBefore(tcp: Tcp, { peerIsn, seen }: Flow, sender: Sender): Tcp {
  const repeated = mappingOf(tcp);
  if (peerIsn === undefined || !isSegment(tcp, 'DATA')) return tcp;
  if (repeated === undefined && seen.some((earlier) => overlaps(earlier, tcp))) return tcp;
  const at = seqDiff(tcp.seq, peerIsn);
  for (const mapped of seen.flatMap((each) => mappingOf(each) ?? [])) {
    const { dsn, ssn } = startOf(mapped, sender.version);
    if (at < ssn || at + tcp.payload.length > ssn + lengthOf(mapped)) continue;
    if (repeated !== undefined && (at === ssn || !isSame(mapped, repeated, sender))) continue;
    const told = tcp.options.find((option): option is Dss => option.option === 'dss');
    const own: Dss = {
      option: 'dss',
      flags: (told?.flags ?? 0) | DssFlag.M | (mapped.option === 'dss' ? mapped.flags & DssFlag.m : DssFlag.m),
      ...(told?.ack === undefined ? {} : { ack: told.ack }),
      dsn: dsn + BigInt(at - ssn),
      ssn: at,
      dataLength: tcp.payload.length,
    };
    const checksum = mapped.checksum === undefined ? undefined : rightChecksum(own, tcp, sender.version, sender.keys);
    const option = checksum === undefined ? own : { ...own, checksum };
    return { ...tcp, options: [...tcp.options.filter((each) => each !== told), option] };
  }
  return tcp;
}

const overlaps = (earlier: Tcp, { seq, payload }: Tcp): boolean =>
  seqDiff(earlier.seq, seq) < payload.length && seqDiff(endOf(earlier), seq) > 0;

/** Two segments of one connection as one, by their mappings; numbers and acknowledgment are those of the first. */
function joinedByDsn(one: Tcp, next: Tcp, sender: Sender): Tcp | undefined {
  const mapped = mappingOf(one);
  const more = mappingOf(next);
  if (mapped === undefined || more === undefined || !isSegment(next, 'DATA')) return undefined;
  const end = startOf(mapped, sender.version).dsn + BigInt(one.payload.length);
  if (!isAt(end, startOf(more, sender.version).dsn)) return undefined;
  return mappedTogether(one, next, { ...one, payload: octetsOf(one, next) }, sender);
}

function octetsOf(one: Tcp, next: Tcp): Uint8Array {
  const octets = new Uint8Array(one.payload.length + next.payload.length);
  octets.set(one.payload);
  octets.set(next.payload, one.payload.length);
  return octets;
}

/** `whole` with the mappings of both joined; a mistake in a part is a mistake of the whole. */
function mappedTogether(one: Tcp, next: Tcp, whole: Tcp, sender: Sender): Tcp | undefined {
  const mapped = mappingOf(one);
  const more = mappingOf(next);
  if (mapped === undefined || more === undefined) return undefined;
  const right = isRight(mapped, one, sender) && isRight(more, next, sender);
  const longer = lengthened(mapped, more);
  const checksum = right ? rightChecksum(longer, whole, sender.version, sender.keys) : mapped.checksum;
  const option =
    mapped.checksum === undefined ? longer : { ...longer, ...(checksum === undefined ? {} : { checksum }) };
  return { ...whole, options: one.options.map((each) => (each === mapped ? option : each)) };
}

export const endOf = ({ seq, payload }: Tcp): Seq => seqAdd(seq, payload.length);

/** Two segments as one; undefined where the second does not continue the first. */
export function joined(one: Tcp, next: Tcp, sender: Sender): Tcp | undefined {
  if (next.seq !== endOf(one) || !isSegment(next, 'DATA')) return undefined;
  const mapped = mappingOf(one);
  const more = mappingOf(next);
  if (mapped === undefined) return more === undefined ? together(one, next, one.options) : undefined;
  // Infinite mappings have length 0 and cover all that follows (RFC 8684 section 3.7).
  if (isInfinite(mapped) && (more === undefined || isInfinite(more))) return together(one, next, one.options);
  const covered = lengthOf(mapped) >= one.payload.length + next.payload.length;
  if (covered && (more === undefined || isSame(mapped, more, sender))) return together(one, next, one.options);
  if (more === undefined || !continues(mapped, more, sender)) return undefined;
  return mappedTogether(one, next, together(one, next, []), sender);
}

const together = (one: Tcp, next: Tcp, options: readonly TcpOption[]): Tcp => ({
  ...next,
  seq: one.seq,
  flags: one.flags | next.flags,
  options,
  payload: octetsOf(one, next),
});

/** The lower 32 bits are there whatever the widths. */
const isAt = (dsn: bigint, other: bigint): boolean => BigInt.asUintN(32, dsn) === BigInt.asUintN(32, other);

const isSame = (one: Mapped, other: Mapped, { version }: Sender): boolean => {
  const [a, b] = [startOf(one, version), startOf(other, version)];
  return isAt(a.dsn, b.dsn) && a.ssn === b.ssn && lengthOf(one) === lengthOf(other);
};

const continues = (one: Mapped, next: Mapped, { version }: Sender): boolean => {
  const [a, b] = [startOf(one, version), startOf(next, version)];
  return isAt(a.dsn + BigInt(lengthOf(one)), b.dsn) && a.ssn + lengthOf(one) === b.ssn;
};

/** The first mapping over the octets of both; DATA_FIN is in the last one, and so is the Data ACK that counts. */
function lengthened(one: Mapped, next: Mapped): Mapped {
  const dataLength = lengthOf(one) + lengthOf(next);
  if (one.option !== 'dss' || next.option !== 'dss') return { ...one, dataLength };
  const { A, a, F } = DssFlag;
  const ack = next.ack === undefined ? {} : { ack: next.ack };
  const flags = next.ack === undefined ? one.flags : (one.flags & ~(A | a)) | (next.flags & (A | a));
  return { ...one, ...ack, dataLength, flags: flags | (next.flags & F) };
}
