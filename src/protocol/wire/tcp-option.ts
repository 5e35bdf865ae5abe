/**
 * TCP options as values (RFC 9293 section 3.1, RFC 7323, RFC 2018): one tagged union that round-trips everything.
 * An option whose octets do not fit its kind decodes to `malformed` and keeps its octets; what follows it is still decoded
 * as long as its length allows. `raw` exists for sending only: octets written exactly as given, whatever they claim.
 */
import type { Malformed } from '../bytes/malformed.js';
import type { Layout, OptionOf } from '../layout/layout.js';
import { mptcpHeadLength, mptcpKind, subtypeOf } from '../mptcp/head.js';
import { type MptcpOption, mptcpLayouts } from '../mptcp/option.js';
import { Kind, mss, sackPermitted, timestamps, unknown, windowScale } from './plain-options.js';

type PlainOption = OptionOf<
  typeof mss | typeof windowScale | typeof sackPermitted | typeof timestamps | typeof unknown
>;

/** Every option that a case may write, in the order in which a case's options go on the wire. */
export const optionLayouts: readonly Layout[] = [mss, windowScale, sackPermitted, timestamps, ...mptcpLayouts, unknown];

export interface MalformedOption {
  readonly option: 'malformed';
  readonly kind: number;
  readonly octets: Uint8Array;
  readonly malformed: Malformed;
}

export type TcpOption =
  | {
      readonly option: 'eol' /** What stands after the end-of-list octet, normally zeros. */;
      readonly padding: Uint8Array;
    }
  | { readonly option: 'nop' }
  | { readonly option: 'sack'; readonly blocks: readonly { readonly left: number; readonly right: number }[] }
  | PlainOption
  | MptcpOption
  | MalformedOption
  | { readonly option: 'raw'; readonly octets: Uint8Array };

const byName: ReadonlyMap<string, Layout> = new Map(optionLayouts.map((layout) => [layout.option, layout]));

/** The layout of an option by its name; padding, SACK and what cannot be read have none. */
export const layoutOf = (option: string): Layout | undefined => byName.get(option);

/** The kind octet of an option; undefined for raw octets that have none. */
export function kindOf(option: TcpOption): number | undefined {
  switch (option.option) {
    case 'eol':
      return Kind.eol;
    case 'nop':
      return Kind.nop;
    case 'sack':
      return Kind.sack;
    case 'unknown':
    case 'malformed':
      return option.kind;
    case 'raw':
      return option.octets[0];
    default:
      return layoutOf(option.option)?.kind;
  }
}

/** Whether an option has the kind of MPTCP, well-formed or not; see `isMptcp` for those that are. */
export const hasMptcpKind = (option: TcpOption): boolean => kindOf(option) === mptcpKind;

/** The subtype of an option of MPTCP that cannot be read as one; undefined for every other option, and where it is cut off. */
export const malformedSubtype = (option: TcpOption): number | undefined =>
  option.option === 'malformed' && option.kind === mptcpKind && option.octets.length >= mptcpHeadLength
    ? subtypeOf(option.octets, 0)
    : undefined;
