/**
 * The option list of a TCP header as octets (RFC 9293 section 3.1). Decoding is total: an option whose length does not fit
 * its kind becomes `malformed` and keeps its octets, and the next one is still read; when a length leads nowhere, the rest of
 * the list is one malformed option. So the octets of the decoded list are always the octets that came.
 */

import { countOctets } from '../bytes/count-octets.js';
import { isMalformed, type Malformed, malformed, wrongLength } from '../bytes/malformed.js';
import { putOctets, putUint8, putUint16, putUint32, uint8, uint16, uint32 } from '../bytes/octets.js';
import { decodeMptcp, mptcpLength, writeMptcp } from '../mptcp/codec.js';
import { mptcpKind } from '../mptcp/head.js';
import { type DraftSubtypes, defaultDraftSubtypes, type MptcpOption } from '../mptcp/option.js';
import { Kind } from './plain-options.js';
import type { MalformedOption, TcpOption } from './tcp-option.js';

/** Octets from the start of an option, and the lengths of those that have only one. */
const Field = { kind: 0, length: 1, value: 2, echo: 6 } as const;
const Length = { mss: 4, windowScale: 3, sackPermitted: 2, timestamps: 10 } as const;
const SackBlock = { left: 0, right: 4, end: 8 } as const;

const nop: TcpOption = { option: 'nop' };
const sackPermitted: TcpOption = { option: 'sack_permitted' };
const wordSize = 4;

/** Octets that one option takes. */
export function optionLength(option: TcpOption): number {
  switch (option.option) {
    case 'eol':
      return 1 + option.padding.length;
    case 'nop':
      return 1;
    case 'mss':
      return Length.mss;
    case 'window_scale':
      return Length.windowScale;
    case 'sack_permitted':
      return Length.sackPermitted;
    case 'sack':
      return Field.value + option.blocks.length * SackBlock.end;
    case 'timestamps':
      return Length.timestamps;
    case 'unknown':
      return Field.value + option.data.length;
    case 'malformed':
    case 'raw':
      return option.octets.length;
    default:
      return mptcpLength(option);
  }
}

/** Octets that a list takes, padded to whole 32-bit words. */
export function optionsLength(options: readonly TcpOption[]): number {
  let length = 0;
  for (const option of options) length += optionLength(option);
  return Math.ceil(length / wordSize) * wordSize;
}

/** Writes every octet of one option at `at` and returns where the next one goes. */
function writeOption(option: TcpOption, into: Uint8Array, at: number, subtypes: DraftSubtypes): number {
  switch (option.option) {
    case 'eol':
      putUint8(into, at, Kind.eol);
      putOctets(into, at + 1, option.padding);
      return at + 1 + option.padding.length;
    case 'nop':
      putUint8(into, at, Kind.nop);
      return at + 1;
    case 'mss':
      writeKind(into, at, Kind.mss, Length.mss);
      putUint16(into, at + Field.value, option.value);
      return at + Length.mss;
    case 'window_scale':
      writeKind(into, at, Kind.windowScale, Length.windowScale);
      putUint8(into, at + Field.value, option.shift);
      return at + Length.windowScale;
    case 'sack_permitted':
      writeKind(into, at, Kind.sackPermitted, Length.sackPermitted);
      return at + Length.sackPermitted;
    case 'sack': {
      const end = at + optionLength(option);
      writeKind(into, at, Kind.sack, end - at);
      let block = at + Field.value;
      for (const { left, right } of option.blocks) {
        putUint32(into, block + SackBlock.left, left);
        putUint32(into, block + SackBlock.right, right);
        block += SackBlock.end;
      }
      return end;
    }
    case 'timestamps':
      writeKind(into, at, Kind.timestamps, Length.timestamps);
      putUint32(into, at + Field.value, option.value);
      putUint32(into, at + Field.echo, option.echo);
      return at + Length.timestamps;
    case 'unknown':
      writeKind(into, at, option.kind, Field.value + option.data.length);
      putOctets(into, at + Field.value, option.data);
      return at + Field.value + option.data.length;
    case 'malformed':
    case 'raw':
      putOctets(into, at, option.octets);
      return at + option.octets.length;
    default:
      return at + writeMptcp(option, into, at, subtypes);
  }
}

function writeKind(into: Uint8Array, at: number, kind: number, length: number): void {
  putUint8(into, at + Field.kind, kind);
  putUint8(into, at + Field.length, length);
}

/** Writes the list, then zeros up to a whole word, and returns where the header ends. */
export function writeOptions(
  options: readonly TcpOption[],
  into: Uint8Array,
  at: number,
  subtypes: DraftSubtypes,
): number {
  let next = at;
  for (const option of options) next = writeOption(option, into, next, subtypes);
  for (const end = at + Math.ceil((next - at) / wordSize) * wordSize; next < end; next++)
    putUint8(into, next, Kind.eol);
  return next;
}

/** The octets of one option, nothing after it. */
export function encodeOption(option: TcpOption, subtypes: DraftSubtypes = defaultDraftSubtypes): Uint8Array {
  const octets = new Uint8Array(optionLength(option));
  writeOption(option, octets, 0, subtypes);
  return octets;
}

/** The octets of a list, in its order, padded with zeros to a multiple of four. */
export function encodeOptions(
  options: readonly TcpOption[],
  subtypes: DraftSubtypes = defaultDraftSubtypes,
): Uint8Array {
  const octets = new Uint8Array(optionsLength(options));
  writeOptions(options, octets, 0, subtypes);
  return octets;
}

/**
 * The list that a header's option octets hold, on a segment with or without RST (see `decodeMptcp`). Paths start at
 * `tcp/options/<index>`, offsets at the start of `octets`.
 */
export const decodeOptions = (
  octets: Uint8Array,
  context: { readonly rst: boolean },
  subtypes: DraftSubtypes = defaultDraftSubtypes,
): readonly TcpOption[] => readOptions(octets, 0, octets.length, context.rst, subtypes);

/** {@link decodeOptions} of a part of a frame: the octets from `from` to `end`. Octet strings are views of `octets`. */
export function readOptions(
  octets: Uint8Array,
  from: number,
  end: number,
  onReset: boolean,
  subtypes: DraftSubtypes,
): readonly TcpOption[] {
  const options: TcpOption[] = [];
  let at = from;
  while (at < end) {
    const kind = uint8(octets, at);
    if (kind === Kind.nop) {
      options.push(nop);
      at += 1;
      continue;
    }
    if (kind === Kind.eol) {
      options.push({ option: 'eol', padding: octets.subarray(at + 1, end) });
      break;
    }
    const why = lengthProblem(octets, at, end);
    if (why !== undefined) {
      options.push(keepMalformed(octets, at, end, kind, options.length, malformed('length', at, why)));
      break;
    }
    const length = uint8(octets, at + Field.length);
    const option = readOption(octets, at, length, kind, onReset, subtypes);
    options.push(isMalformed(option) ? keepMalformed(octets, at, at + length, kind, options.length, option) : option);
    at += length;
  }
  return options;
}

/** An option of kind 30, or one of any kind that cannot be read. */
export type FoundMptcpOption = MptcpOption | MalformedOption;

/** The MPTCP options, and of the others those that cannot be read, each as {@link readOptions} gives it. */
export function readMptcpOptions(
  octets: Uint8Array,
  from: number,
  end: number,
  onReset: boolean,
  subtypes: DraftSubtypes,
): readonly FoundMptcpOption[] {
  let found: FoundMptcpOption[] | undefined;
  let index = 0;
  for (let at = from; at < end; index++) {
    const kind = uint8(octets, at);
    if (kind === Kind.eol) break;
    if (kind === Kind.nop) {
      at += 1;
      continue;
    }
    const why = lengthProblem(octets, at, end);
    const next = why === undefined ? at + uint8(octets, at + Field.length) : end;
    const option =
      why !== undefined
        ? malformed('length', at, why)
        : kind === mptcpKind
          ? decodeMptcp(octets, at, next - at, onReset, subtypes)
          : impossibleLength(kind, at, next - at);
    if (option !== undefined) {
      found ??= [];
      found.push(isMalformed(option) ? keepMalformed(octets, at, next, kind, index, option) : option);
    }
    at = next;
  }
  return found ?? noOptions;
}

const noOptions: readonly FoundMptcpOption[] = [];

/** What is wrong with the length of an option whose kind, other than MPTCP's, allows only some. */
function impossibleLength(kind: number, at: number, length: number): Malformed | undefined {
  switch (kind) {
    case Kind.mss:
      return length === Length.mss ? undefined : wrongLength('mss', at, length, [Length.mss]);
    case Kind.windowScale:
      return length === Length.windowScale ? undefined : wrongLength('window_scale', at, length, [Length.windowScale]);
    case Kind.sackPermitted:
      return length === Length.sackPermitted
        ? undefined
        : wrongLength('sack_permitted', at, length, [Length.sackPermitted]);
    case Kind.sack:
      // RFC 2018 section 3: two octets and eight for each block.
      if ((length - Field.value) % SackBlock.end === 0) return undefined;
      return malformed(
        'sack/length',
        at,
        `length ${length}, ${Field.value} and a multiple of ${SackBlock.end} possible`,
      );
    case Kind.timestamps:
      return length === Length.timestamps ? undefined : wrongLength('timestamps', at, length, [Length.timestamps]);
    default:
      return undefined;
  }
}

/** Why the length octet does not lead to a next option, if so. */
function lengthProblem(octets: Uint8Array, at: number, end: number): string | undefined {
  if (at + Field.length >= end) return '0 octets left, 1 needed';
  const length = uint8(octets, at + Field.length);
  if (length < Field.value) return `length ${length}, at least ${Field.value} needed`;
  return at + length > end ? `length ${length}, ${countOctets(end - at)} left` : undefined;
}

function keepMalformed(
  octets: Uint8Array,
  at: number,
  end: number,
  kind: number,
  index: number,
  problem: Malformed,
): MalformedOption {
  const report = { ...problem, path: `tcp/options/${index}/${problem.path}` };
  return { option: 'malformed', kind, octets: octets.subarray(at, end), malformed: report };
}

function readOption(
  octets: Uint8Array,
  at: number,
  length: number,
  kind: number,
  onReset: boolean,
  subtypes: DraftSubtypes,
): TcpOption | Malformed {
  if (kind === mptcpKind) return decodeMptcp(octets, at, length, onReset, subtypes);
  return impossibleLength(kind, at, length) ?? readOfKind(octets, at, length, kind);
}

function readOfKind(octets: Uint8Array, at: number, length: number, kind: number): TcpOption {
  switch (kind) {
    case Kind.mss:
      return { option: 'mss', value: uint16(octets, at + Field.value) };
    case Kind.windowScale:
      return { option: 'window_scale', shift: uint8(octets, at + Field.value) };
    case Kind.sackPermitted:
      return sackPermitted;
    case Kind.sack:
      return readSack(octets, at, length);
    case Kind.timestamps:
      return { option: 'timestamps', value: uint32(octets, at + Field.value), echo: uint32(octets, at + Field.echo) };
    default:
      return { option: 'unknown', kind, data: octets.subarray(at + Field.value, at + length) };
  }
}

function readSack(octets: Uint8Array, at: number, length: number): TcpOption {
  const blocks: { readonly left: number; readonly right: number }[] = [];
  for (let block = at + Field.value; block < at + length; block += SackBlock.end)
    blocks.push({ left: uint32(octets, block + SackBlock.left), right: uint32(octets, block + SackBlock.right) });
  return { option: 'sack', blocks };
}
