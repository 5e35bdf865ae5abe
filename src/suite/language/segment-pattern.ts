/**
 * A segment as a case writes it. The same record sends and matches: when sending, an absent field is computed and a
 * present one is used exactly, even if wrong; when matching, an absent field matches any value, with the exceptions in
 * the head of `scenario/match.ts`.
 */
import type { Expression } from './expression.js';

/** The expected value of a field. */
export type FieldPattern =
  | { readonly is: 'value'; readonly value: Expression; readonly text: string }
  | { readonly is: 'not'; readonly value: Expression; readonly text: string }
  | { readonly is: 'one-of'; readonly values: readonly { readonly value: Expression; readonly text: string }[] }
  | { readonly is: 'between'; readonly least: bigint; readonly most: bigint }
  | { readonly is: 'any' }
  /** Matching: the option is present, but without this field. */
  | { readonly is: 'absent' };

/** One option of a pattern: its fields by name, or required to be absent. */
export type OptionPattern = { readonly presence: 'present'; readonly fields: Fields } | { readonly presence: 'absent' };

export type Fields = Readonly<Record<string, FieldPattern>>;

export interface SegmentPattern {
  /** As written: `SYN`, `SYN/ACK`, `ACK`, `DATA`, `FIN`, `RST`, `RST/ACK` or `any`. */
  readonly segment: SegmentName;
  /** TCP header fields by name. */
  readonly fields: Fields;
  /** In the order of the schema's fields, whatever the order written; that is the order on the wire. */
  readonly options: readonly { readonly name: string; readonly pattern: OptionPattern }[];
  /** Octets of options written as they are, after the others. */
  readonly rawOptions: readonly Uint8Array[];
  /** The same, before the options named. */
  readonly rawBefore: readonly Uint8Array[];
  /** Matching: no MPTCP option at all. */
  readonly mptcpAbsent: boolean;
  readonly payload?: PayloadPattern;
}

export type PayloadPattern =
  | { readonly is: 'octets'; readonly octets: Uint8Array }
  | { readonly is: 'length'; readonly length: number };

export const segmentNames = ['SYN', 'SYN/ACK', 'ACK', 'DATA', 'FIN', 'RST', 'RST/ACK', 'any'] as const;
export type SegmentName = (typeof segmentNames)[number];

/** The octets sent for `{length: n}`: the alphabet, repeated. */
export const alphabet = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => 0x61 + (i % 26));
