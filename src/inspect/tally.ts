/**
 * Observations counted by requirement. Counts are exact; of the observations themselves the first few of each outcome are
 * kept, so that memory does not grow with the capture.
 */
import { type Flow, flowText } from './endpoint.js';
import type { Notes, Observation, Outcome } from './finding.js';

/** What a capture shows of one requirement. */
export interface RequirementTally {
  readonly requirement: string;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** The first observations that are not `kept`, violations first. */
  readonly examples: readonly Observation[];
}

interface Entry {
  readonly counts: Record<Outcome, number>;
  readonly examples: Observation[];
}

const outcomes: readonly Outcome[] = ['violated', 'damaged', 'unknown', 'kept'];

export class Tally implements Notes {
  readonly #entries = new Map<string, Entry>();
  readonly #mostExamples: number;

  /** Keeps at most `mostExamples` observations of each outcome of a requirement. */
  constructor(mostExamples: number) {
    this.#mostExamples = mostExamples;
  }

  kept(requirement: string): void {
    this.#entry(requirement).counts.kept += 1;
  }

  violated(requirement: string, flow: Flow, frames: readonly number[], sentence: () => string): void {
    this.#note('violated', requirement, flow, frames, sentence);
  }

  unknown(requirement: string, flow: Flow, frames: readonly number[], sentence: () => string): void {
    this.#note('unknown', requirement, flow, frames, sentence);
  }

  damaged(requirement: string, flow: Flow, frames: readonly number[], sentence: () => string): void {
    this.#note('damaged', requirement, flow, frames, sentence);
  }

  /** Violated requirements first, then by id. */
  results(): readonly RequirementTally[] {
    const rank = ({ counts }: RequirementTally): number => outcomes.findIndex((outcome) => counts[outcome] > 0);
    return [...this.#entries]
      .map(([requirement, { counts, examples }]) => ({
        requirement,
        counts,
        examples: examples.toSorted((a, b) => outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome)),
      }))
      .sort((a, b) => rank(a) - rank(b) || a.requirement.localeCompare(b.requirement, 'en', { numeric: true }));
  }

  #note(outcome: Outcome, requirement: string, flow: Flow, frames: readonly number[], sentence: () => string): void {
    const { counts, examples } = this.#entry(requirement);
    counts[outcome] += 1;
    if (counts[outcome] <= this.#mostExamples)
      examples.push({ outcome, frames: [...new Set(frames)], flow: flowText(flow), sentence: sentence() });
  }

  #entry(requirement: string): Entry {
    const known = this.#entries.get(requirement);
    if (known !== undefined) return known;
    const entry = { counts: { kept: 0, violated: 0, unknown: 0, damaged: 0 }, examples: [] };
    this.#entries.set(requirement, entry);
    return entry;
  }
}
