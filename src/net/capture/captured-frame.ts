/** The contents of a capture file, in either format. Times are nanoseconds since 1970; where a format has no time, 0. */
import type { Malformed } from '../../protocol/bytes/malformed.js';

export type Direction = 'inbound' | 'outbound';

export interface CapturedFrame {
  /** Counted from 0 through the whole file; 0 in a classic pcap. */
  readonly interfaceIndex: number;
  readonly interfaceName?: string;
  /** A LINKTYPE number, see {@link LinkType}. */
  readonly linkType: number;
  readonly at: bigint;
  /** The octets that were captured, a copy of its own. */
  readonly octets: Uint8Array;
  /** Octets on the wire; more than `octets` holds when the capture was cut. */
  readonly originalLength: number;
  readonly comments: readonly string[];
  readonly direction?: Direction;
}

/** Everything that the readers report besides frames; only pcapng has it. */
export type CaptureRecord =
  | { readonly record: 'frame'; readonly frame: CapturedFrame }
  | { readonly record: 'section'; readonly comments: readonly string[]; readonly application?: string }
  | {
      readonly record: 'interface';
      readonly interfaceIndex: number;
      readonly linkType: number;
      readonly name?: string;
      readonly description?: string;
    }
  | { readonly record: 'names'; readonly names: readonly NamedAddress[] }
  | {
      readonly record: 'statistics';
      readonly interfaceIndex: number;
      readonly received?: bigint;
      readonly dropped?: bigint;
    };

export interface NamedAddress {
  readonly address: string;
  readonly name: string;
}

/** Takes the reports of a reader about a file: offsets count from its start. */
export type ReportProblem = (problem: Malformed) => void;

/** The longest record that libpcap writes or reads (MAXIMUM_SNAPLEN); a longer one is a damaged length. */
export const greatestCapturedLength = 262144;
