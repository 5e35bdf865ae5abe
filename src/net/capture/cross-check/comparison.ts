/**
 * One frame as our decoder and as tshark read it, field by field. A field is compared where at least one of them has a value
 * for it. Some frames or fields cannot be compared, for these reasons:
 * - frames without TCP, or whose IP length disagrees with the frame (tshark goes by the header, we by what is there);
 * - a malformed option and the octets after it: the decoders interpret them differently;
 * - octets other than zero after the end of the option list, which tshark reads as options;
 * - everything after the place at which tshark stops: it fails its own assertions on MPTCP, such as at the key of a
 *   connection whose first SYN had an option of the draft; it reads the options inside IPv6 extension headers, which we
 *   skip; and it reads nothing after a SACK option without blocks, which is unusual but harmless.
 */

import type { Packet } from '../../../protocol/wire/packet.js';
import type { TcpOption } from '../../../protocol/wire/tcp-option.js';
import type { CapturedPacket } from '../decode-captured.js';
import { type FieldValue, headerFields, type OurFields, optionFields, tsharkFieldNames } from './fields.js';
import type { TsharkRow } from './tshark.js';

const tsharkGivesUp = 'what follows where tshark gives up';

export type LeftOut =
  | 'no TCP'
  | 'headers that tshark does not unwrap'
  | 'damaged before or in the TCP header'
  | 'IP length disagrees with the frame'
  | 'options from a malformed one on'
  | 'octets after the end of the options'
  | typeof tsharkGivesUp;

export interface ComparedField {
  /** By tshark's name. */
  readonly field: string;
  readonly ours: readonly FieldValue[];
  readonly theirs: readonly string[];
}

export interface Comparison {
  readonly fields: readonly ComparedField[];
  /** Why only a part of the frame was compared. */
  readonly leftOut?: LeftOut;
}

/** The fields to request from tshark. */
export const question: readonly string[] = ['frame.protocols', '_ws.malformed', ...tsharkFieldNames];

type Row = TsharkRow<string>;

export const comparison = ({ packet, unwrapped }: CapturedPacket, row: Row): Comparison => {
  if (!unwrapped.some(({ header }) => header !== 'vlan')) return compare(packet, row);
  if (!isTcp.test(row['frame.protocols']?.[0] ?? ''))
    return { fields: [], leftOut: 'headers that tshark does not unwrap' };
  const { fields, leftOut } = compare(packet, row);
  return { fields: fields.flatMap(innermost), ...(leftOut === undefined ? {} : { leftOut }) };
};

const isTcp = /:tcp(?::|$)/;

/** tshark gives fields of every IP header, the innermost last; we have those of the innermost. */
const innermost = ({ field, ours, theirs }: ComparedField): readonly ComparedField[] =>
  isOfIp(field)
    ? ours.length === 0
      ? []
      : [{ field, ours, theirs: theirs.slice(-ours.length) }]
    : [{ field, ours, theirs }];

const isOfIp = (field: string): boolean => field.startsWith('ip.') || field.startsWith('ipv6.');

const compare = (packet: Packet, row: Row): Comparison => {
  if (packet.kind === 'malformed') return { fields: [], leftOut: 'damaged before or in the TCP header' };
  if (packet.kind !== 'tcp') return { fields: missedTcp(packet, row), leftOut: 'no TCP' };
  if (packet.defect !== undefined) return { fields: [], leftOut: 'IP length disagrees with the frame' };
  const { sound, leftOut } = untilDefect(packet.tcp.options);
  const headers = beside(headerFields(packet.ip, packet.tcp), row);
  const options = beside(optionFields(sound), row);
  const fields = [...headers, ...(leftOut === undefined ? options : options.flatMap(asFarAsOurs))];
  if (row['_ws.malformed']?.length !== 0)
    return { fields: fields.flatMap(asFarAsTheirs), leftOut: leftOut ?? tsharkGivesUp };
  return leftOut === undefined ? { fields } : { fields, leftOut };
};

export const agrees = ({ ours, theirs }: ComparedField): boolean =>
  ours.length === theirs.length && ours.every((value, i) => isSame(value, theirs[i] ?? ''));

/** The options that both sides can be expected to read alike. */
function untilDefect(options: readonly TcpOption[]): {
  readonly sound: readonly TcpOption[];
  readonly leftOut?: LeftOut;
} {
  const defects = options.map(defectOf);
  const first = defects.findIndex((defect) => defect !== undefined);
  const leftOut = defects[first];
  return leftOut === undefined ? { sound: options } : { sound: options.slice(0, first), leftOut };
}

const defectOf = (option: TcpOption): LeftOut | undefined => {
  switch (option.option) {
    case 'malformed':
      return 'options from a malformed one on';
    case 'eol':
      return option.padding.every((octet) => octet === 0) ? undefined : 'octets after the end of the options';
    case 'sack':
      return option.blocks.length > 0 ? undefined : tsharkGivesUp;
    default:
      return undefined;
  }
};

/** A field with no more values than one side has, and no field where that has none. */
const asFarAsOurs = ({ field, ours, theirs }: ComparedField): readonly ComparedField[] =>
  ours.length === 0 ? [] : [{ field, ours, theirs: theirs.slice(0, ours.length) }];

const asFarAsTheirs = ({ field, ours, theirs }: ComparedField): readonly ComparedField[] =>
  theirs.length === 0 ? [] : [{ field, ours: ours.slice(0, theirs.length), theirs }];

const beside = (fields: OurFields, row: Row): readonly ComparedField[] =>
  fields.map(([field, ours]) => ({ field, ours, theirs: row[field] ?? [] })).filter(hasValue);

const hasValue = ({ ours, theirs }: ComparedField): boolean => ours.length > 0 || theirs.length > 0;

/** TCP right after the first IP header, in `frame.protocols`. */
const tcpBehindIp = /^(?:(?!ip:|ipv6:)[^:]+:)*(?:ip|ipv6(?::ipv6\.\w+)*):tcp(?::|$)/;

/** A segment that only tshark sees. Of fragments it reads the first, we none. */
const missedTcp = (packet: Packet, row: Row): readonly ComparedField[] => {
  const isFragment = packet.kind === 'other' && packet.ip?.protocol === 6;
  const protocols = row['frame.protocols'] ?? [];
  return !isFragment && tcpBehindIp.test(protocols[0] ?? '')
    ? [{ field: 'frame.protocols', ours: [], theirs: protocols }]
    : [];
};

/** Newer versions of tshark print flags as words. */
const words: Readonly<Record<string, bigint>> = { True: 1n, False: 0n };

/** tshark writes some IPv6 addresses with an IPv4 address as their end, `::ffff:10.0.0.1`. */
const dottedTail = /(?<=:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/;

const hexTail = (_: string, ...octets: readonly string[]): string => {
  const [a = 0, b = 0, c = 0, d = 0] = octets.map(Number);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
};

const isSame = (ours: FieldValue, theirs: string): boolean => {
  if (typeof ours === 'string') return ours === theirs.replace(dottedTail, hexTail);
  const number = words[theirs] ?? (/^(0x[0-9a-f]+|\d+)$/.test(theirs) ? BigInt(theirs) : undefined);
  return number === BigInt(ours);
};
