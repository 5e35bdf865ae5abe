/**
 * Octets that a step expects in one segment and that came in several. TCP keeps no boundaries (RFC 9293 section 3.7) and one
 * mapping may cover many segments, as several may cover what was written at once (RFC 8684 section 3.3.1), so the segments
 * that follow each other on a flow are judged as the one segment that they make together: the numbers of the first, the
 * acknowledgment of the last, their mappings joined where they continue each other. `data: {length: 300}` thus says how many
 * octets come, and no case depends on how they are cut.
 */
import type { MptcpVersion } from '../../protocol/keys/hash.js';
import { initialDsn } from '../../protocol/keys/key-digest.js';
import { DssFlag } from '../../protocol/mptcp/option.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import { type Seq, seqAdd, seqDiff } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { SegmentPattern } from '../language/segment-pattern.js';
import { isSegment } from './match.js';
import { rightChecksum } from './right-checksum.js';
import type { Held } from './state.js';

export interface Assembly {
  /** In the order of their octets, the first one at the front. */
  readonly parts: readonly Held[];
  /** The segment that they make together. */
  readonly tcp: Tcp;
  /** Octets that are still missing of those expected. */
  readonly missing: number;
}

/** Whom the parts come from, for their checksums. */
interface Sender {
  readonly version: MptcpVersion;
  readonly keys: readonly bigint[];
}

/** As many of the segments after `first` as the expected payload needs. */
export function assemble(first: Held, held: readonly Held[], { payload }: SegmentPattern, sender: Sender): Assembly {
  const wanted = payload === undefined ? 0 : payload.is === 'length' ? payload.length : payload.octets.length;
  let whole: Assembly = { parts: [first], tcp: first.tcp, missing: wanted - first.tcp.payload.length };
  if (!isSegment(first.tcp, 'DATA') || first.flow === undefined) return { ...whole, missing: 0 };
  for (const next of held.slice(held.indexOf(first) + 1)) {
    if (whole.missing <= 0) break;
    if (next.flow !== first.flow || next.tcp.payload.length === 0) continue;
    // What repeats a part is passed over once the parts were taken.
    if (seqDiff(next.tcp.seq, endOf(whole.tcp)) < 0) continue;
    const tcp = joined(whole.tcp, next.tcp, sender);
    if (tcp === undefined) break;
    whole = { parts: [...whole.parts, next], tcp, missing: wanted - tcp.payload.length };
  }
  return { ...whole, missing: Math.max(whole.missing, 0) };
}

const endOf = ({ seq, payload }: Tcp): Seq => seqAdd(seq, payload.length);

/** Two segments as one; undefined where the second does not continue the first. */
function joined(one: Tcp, next: Tcp, sender: Sender): Tcp | undefined {
  if (next.seq !== endOf(one) || !isSegment(next, 'DATA')) return undefined;
  const mapped = mappingOf(one);
  const more = mappingOf(next);
  if (mapped === undefined) return more === undefined ? together(one, next, one.options) : undefined;
  // Infinite mappings have length 0 and cover all that follows (RFC 8684 section 3.7).
  if (isInfinite(mapped) && (more === undefined || isInfinite(more))) return together(one, next, one.options);
  const covered = lengthOf(mapped) >= one.payload.length + next.payload.length;
  if (covered && (more === undefined || isSame(mapped, more, sender))) return together(one, next, one.options);
  if (more === undefined || !continues(mapped, more, sender)) return undefined;
  const whole = together(one, next, []);
  const right = isRight(mapped, one, sender) && isRight(more, next, sender);
  const longer = lengthened(mapped, more);
  // What is wrong in a part is wrong in the whole.
  const checksum = right ? rightChecksum(longer, whole, sender.version, sender.keys) : mapped.checksum;
  const option =
    mapped.checksum === undefined ? longer : { ...longer, ...(checksum === undefined ? {} : { checksum }) };
  return { ...whole, options: one.options.map((each) => (each === mapped ? option : each)) };
}

const together = (one: Tcp, next: Tcp, options: readonly TcpOption[]): Tcp => ({
  ...next,
  seq: one.seq,
  flags: one.flags | next.flags,
  options,
  payload: Uint8Array.of(...one.payload, ...next.payload),
});

type Mapped = Extract<TcpOption, { option: 'dss' | 'mp_capable' }>;

/** The option that maps the payload of a segment. */
const mappingOf = ({ options }: Tcp): Mapped | undefined =>
  options.find(
    (option): option is Mapped =>
      (option.option === 'dss' && option.dsn !== undefined) ||
      (option.option === 'mp_capable' && option.dataLength !== undefined),
  );

const lengthOf = ({ dataLength = 0 }: Mapped): number => dataLength;

const isInfinite = (mapped: Mapped): boolean => mapped.option === 'dss' && mapped.dataLength === 0;

/** First number of the data sequence, and of the subflow, that a mapping covers. */
function startOf(mapped: Mapped, version: MptcpVersion): { readonly dsn: bigint; readonly ssn: number } {
  if (mapped.option === 'dss') return { dsn: mapped.dsn ?? 0n, ssn: mapped.ssn ?? 0 };
  return { dsn: initialDsn(version, mapped.key ?? 0n) + 1n, ssn: 1 };
}

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

const isRight = (mapped: Mapped, tcp: Tcp, { version, keys }: Sender): boolean =>
  mapped.checksum === rightChecksum(mapped, tcp, version, keys);

/** The first mapping over the octets of both; DATA_FIN is in the last one, and so is the Data ACK that counts. */
function lengthened(one: Mapped, next: Mapped): Mapped {
  const dataLength = lengthOf(one) + lengthOf(next);
  if (one.option !== 'dss' || next.option !== 'dss') return { ...one, dataLength };
  const { A, a, F } = DssFlag;
  const ack = next.ack === undefined ? {} : { ack: next.ack };
  const flags = next.ack === undefined ? one.flags : (one.flags & ~(A | a)) | (next.flags & (A | a));
  return { ...one, ...ack, dataLength, flags: flags | (next.flags & F) };
}
