/**
 * An inspection as people read it: what was read, then requirement by requirement what violates it, what is unclear and why,
 * and last what was kept.
 */

import type { Inspection } from '../../inspect/inspection.js';
import type { Observation, RequirementTally } from '../../inspect/tally.js';
import { printable } from '../../protocol/bytes/printable.js';
import type { Outcome } from '../../rules/notes.js';
import { counted } from '../../suite/verdict/counted.js';
import { captureLines } from './capture-lines.js';

/** What is said of a requirement next to its id. */
export interface RequirementText {
  readonly level: string;
  readonly statement: string;
}

export interface InspectionStyle {
  /** Observations shown of each requirement. */
  readonly examples: number;
  /** Name kept requirements one by one. */
  readonly details: boolean;
  readonly statement: (requirement: string) => RequirementText | undefined;
}

export const inspectionLines = (inspection: Inspection, style: InspectionStyle): readonly string[] => {
  const { requirements } = inspection;
  const violated = requirements.filter(({ counts }) => counts.violated > 0);
  const unclear = requirements.filter(({ counts }) => counts.violated === 0 && counts.unknown + counts.damaged > 0);
  const kept = requirements.filter(({ counts }) => counts.violated + counts.unknown + counts.damaged === 0);
  return [
    ...captureLines(inspection),
    '',
    gateLine(violated, unclear, kept),
    ...violated.flatMap((each) => ['', ...requirementLines(each, style)]),
    ...unclear.flatMap((each) => ['', ...requirementLines(each, style)]),
    ...(kept.length === 0 ? [] : ['', ...keptLines(kept, style)]),
  ];
};

const gateLine = (
  violated: readonly RequirementTally[],
  unclear: readonly RequirementTally[],
  kept: readonly RequirementTally[],
): string => {
  if (violated.length + unclear.length + kept.length === 0) return 'nothing judged: the capture shows no requirement';
  const rest = `${unclear.length} unclear, ${kept.length} kept`;
  return violated.length === 0
    ? `no violation seen: of ${counted(unclear.length + kept.length, 'requirement')} that the capture shows, ${rest}`
    : `${counted(violated.length, 'requirement')} violated, ${rest}`;
};

const requirementLines = (tally: RequirementTally, style: InspectionStyle): readonly string[] => {
  const { requirement, counts, examples } = tally;
  const text = style.statement(requirement);
  const shown: readonly Outcome[] = ['violated', 'damaged', 'unknown', 'kept'];
  const figures = shown.filter((outcome) => counts[outcome] > 0).map((outcome) => `${outcome} ${counts[outcome]}`);
  return [
    `${requirement}${text === undefined ? '' : ` ${text.level}`}: ${figures.join(', ')}`,
    ...(text === undefined ? [] : [`  ${text.statement}`]),
    ...examples.slice(0, style.examples).map(exampleLine),
  ];
};

const exampleLine = ({ outcome, frames, flow, sentence }: Observation): string =>
  `  ${outcome} frame ${frames.join(', ')} (${flow}): ${printable(sentence)}`;

const keptLines = (kept: readonly RequirementTally[], { details, statement }: InspectionStyle): readonly string[] =>
  details
    ? kept.map(
        ({ requirement, counts }) => `${requirement}: kept ${counts.kept}, ${statement(requirement)?.statement ?? ''}`,
      )
    : [`kept: ${kept.map(({ requirement, counts }) => `${requirement} (${counts.kept})`).join(', ')}`];
