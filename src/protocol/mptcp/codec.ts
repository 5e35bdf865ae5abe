/**
 * The codec of all MPTCP options: it selects the codec of each subtype. Decoding returns Malformed if the length does not
 * fit the subtype; encoding writes exactly what the record says.
 */
import { type Malformed, shortage } from '../bytes/malformed.js';
import type { OptionCodec } from '../layout/layout.js';
import { mptcpHeadLength, subtypeOf } from './head.js';
import { mpTcpRst } from './mp-tcprst.js';
import type { MptcpLayout, Subtype } from './mptcp-option.js';
import { mptcpUnknown } from './mptcp-unknown.js';
import {
  type DraftSubtypes,
  forEachOption,
  type MptcpName,
  type MptcpOption,
  mptcpCodecs,
  mptcpLayouts,
} from './option.js';

/** Octets that an option takes. */
export const mptcpLength = (option: MptcpOption): number => mptcpCodecs[option.option].length(option);

/** Writes every octet of the option and returns how many these are. */
export function writeMptcp(option: MptcpOption, into: Uint8Array, at: number, subtypes: DraftSubtypes): number {
  const { codec, subtype } = numbersOf(subtypes).byName[option.option];
  return codec.write(option, into, at, subtype ?? 0);
}

/**
 * Reads the MPTCP option of `length` octets at `at`; the caller has made sure that they are there.
 * `onReset` says that the segment carries RST: only there is subtype 8 MP_TCPRST when the draft's options use the same number.
 */
export function decodeMptcp(
  octets: Uint8Array,
  at: number,
  length: number,
  onReset: boolean,
  subtypes: DraftSubtypes,
): MptcpOption | Malformed {
  const missing = shortage('mptcp/subtype', at, at + length, mptcpHeadLength);
  if (missing !== undefined) return missing;
  const subtype = subtypeOf(octets, at);
  if (onReset && subtype === mpTcpRst.subtype) return mpTcpRst.codec.decode(octets, at, length);
  const codec = numbersOf(subtypes).bySubtype[subtype] ?? mptcpUnknown.codec;
  return codec.decode(octets, at, length);
}

/** An option with its number in a run. */
interface Numbered {
  readonly codec: OptionCodec<MptcpOption>;
  readonly subtype: number | undefined;
}

/** The option of each subtype in a run. */
interface Numbers {
  readonly of: DraftSubtypes;
  readonly byName: Readonly<Record<MptcpName, Numbered>>;
  readonly bySubtype: readonly OptionCodec<MptcpOption>[];
}

/** The numbers asked for last, and all that were: the two ends of a wire ask in turn, each for its own. */
let latest: Numbers | undefined;
const asked = new WeakMap<DraftSubtypes, Numbers>();

function numbersOf(subtypes: DraftSubtypes): Numbers {
  if (latest?.of !== subtypes) {
    latest = asked.get(subtypes) ?? numbersFor(subtypes);
    asked.set(subtypes, latest);
  }
  return latest;
}

function numbersFor(subtypes: DraftSubtypes): Numbers {
  const byName = forEachOption(({ codec, subtype }) => ({ codec, subtype: numberOf(subtype, subtypes) }));
  const bySubtype: OptionCodec<MptcpOption>[] = [];
  const isDraft = ({ subtype }: MptcpLayout): boolean => typeof subtype === 'object';
  const rising = [...mptcpLayouts.filter((each) => !isDraft(each)), ...mptcpLayouts.filter(isDraft).toReversed()];
  // Of several with one number those of the draft count, and of those the first.
  for (const { subtype, codec } of rising) {
    const number = numberOf(subtype, subtypes);
    if (number !== undefined) bySubtype[number] = codec;
  }
  return { of: subtypes, byName, bySubtype };
}

/** The number of a subtype in a run; undefined for that of the option which holds every other. */
export const numberOf = (subtype: Subtype | undefined, subtypes: DraftSubtypes): number | undefined =>
  typeof subtype === 'object' ? (subtypes as Readonly<Record<string, number>>)[subtype.parameter] : subtype;
