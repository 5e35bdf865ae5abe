/** What a rule looks at: a segment, its subflow as it was before the segment, and where observations go. */
import type { MptcpOption } from '../../protocol/mptcp/option.js';
import type { FoundMptcpOption } from '../../protocol/wire/tcp-options.js';
import type { Notes } from '../finding.js';
import type { Segment } from '../segment.js';
import type { Subflow } from '../subflow.js';

export interface Sight {
  readonly segment: Segment;
  readonly subflow: Subflow;
  readonly notes: Notes;
}

/** The first option of a name, if there is one. */
export function find<Name extends MptcpOption['option']>(
  options: readonly FoundMptcpOption[],
  name: Name,
): Extract<MptcpOption, { option: Name }> | undefined {
  for (const option of options) if (option.option === name) return option as Extract<MptcpOption, { option: Name }>;
  return undefined;
}

const nothing: readonly number[] = [];

/** Notes `kept` or `violated`, whichever holds, for a segment and the frames it is compared with. */
export function judge(
  { segment, subflow, notes }: Sight,
  requirement: string,
  holds: boolean,
  sentence: () => string,
  compared: readonly (number | undefined)[] = nothing,
): void {
  if (holds) {
    notes.kept(requirement);
    return;
  }
  const frames = [segment.frame, ...compared.filter((frame) => frame !== undefined)];
  notes.violated(requirement, subflow, frames, sentence);
}

export const hex64 = (value: bigint | undefined): string =>
  value === undefined ? 'none' : `0x${value.toString(16).padStart(16, '0')}`;

export const hex32 = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

export const hex16 = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;
