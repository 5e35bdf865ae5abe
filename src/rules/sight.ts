/** The input of a rule: a segment, its subflow before the segment, and the sink of outcomes. */
import type { MptcpVersion } from '../protocol/keys/hash.js';
import type { MptcpOption } from '../protocol/mptcp/option.js';
import type { FoundMptcpOption } from '../protocol/wire/tcp-options.js';
import type { Segment } from './conversation/segment.js';
import type { Subflow } from './conversation/subflow.js';
import type { Notes, Outcome } from './notes.js';
import type { Rule } from './rule.js';

/**
 * The position of the reader. `peer`: it is one of the two hosts, so it saw every segment sent and received, in order.
 * `between`: a capture somewhere on the path, with losses, duplicates and possibly without the start.
 */
export type Vantage = 'peer' | 'between';

export interface Sight {
  readonly segment: Segment;
  readonly subflow: Subflow;
  readonly vantage: Vantage;
  /** The version, if the segment itself determines it instead of the connection. */
  readonly version?: MptcpVersion;
  readonly notes: Notes;
}

/** The same sight with the version that the segment itself determines. */
export const inVersion = ({ segment, subflow, vantage, notes }: Sight, version: MptcpVersion): Sight => ({
  segment,
  subflow,
  vantage,
  version,
  notes,
});

/** The first option with that name, if any. */
export function find<Name extends MptcpOption['option']>(
  options: readonly FoundMptcpOption[],
  name: Name,
): Extract<MptcpOption, { option: Name }> | undefined {
  for (const option of options) if (option.option === name) return option as Extract<MptcpOption, { option: Name }>;
  return undefined;
}

/**
 * The version that determines the requirement: that of the segment, else of the connection, else of the offer on the
 * flow.
 */
const versionIn = ({ version, subflow: { connection, synCapable } }: Sight): MptcpVersion =>
  version ?? connection?.version ?? (synCapable?.option.version === 0 ? 0 : 1);

const nothing: readonly number[] = [];

/** Notes `kept` or `violated` for a segment and the frames it is compared with. */
export function judge(
  sight: Sight,
  rule: Rule,
  holds: boolean,
  sentence: () => string,
  compared: readonly (number | undefined)[] = nothing,
): void {
  if (holds) keep(sight, rule);
  else note(sight, 'violated', rule, sentence, compared);
}

/** Notes that a segment keeps a rule. */
export const keep = (sight: Sight, rule: Rule): void => sight.notes.kept(rule, versionIn(sight));

/** Notes an outcome other than `kept`. */
export function note(
  sight: Sight,
  outcome: Exclude<Outcome, 'kept'>,
  rule: Rule,
  sentence: () => string,
  compared: readonly (number | undefined)[] = nothing,
): void {
  const frames = [sight.segment.frame, ...compared.filter((frame) => frame !== undefined)];
  noteOf(sight, outcome, rule, frames, sentence);
}

/** Notes an outcome about frames, which need not include the present segment. */
export const noteOf = (
  sight: Sight,
  outcome: Exclude<Outcome, 'kept'>,
  rule: Rule,
  frames: readonly number[],
  sentence: () => string,
): void => sight.notes.note({ outcome, rule, version: versionIn(sight), flow: sight.subflow, frames, sentence });

export const hex64 = (value: bigint | undefined): string =>
  value === undefined ? 'none' : `0x${value.toString(16).padStart(16, '0')}`;

export const hex32 = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

export const hex16 = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;
