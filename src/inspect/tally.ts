/**
 * Outcomes counted by requirement. Counts are exact; of the observations themselves the first few of each outcome are
 * kept, so that memory does not grow with the capture.
 */
import type { MptcpVersion } from '../protocol/keys/hash.js';
import { flowText } from '../rules/conversation/endpoint.js';
import type { Note, Notes, Outcome } from '../rules/notes.js';
import { type Rule, requirementIn } from '../rules/rule.js';

/** An observation of a rule about some frames. */
export interface Observation {
  readonly outcome: Outcome;
  /** Counted from 1, in the order of the capture; the segment that was judged first, then those it was compared with. */
  readonly frames: readonly number[];
  /** Both ends, whoever sent the SYN first: `10.0.0.1:4000 > 10.0.0.2:80`. */
  readonly flow: string;
  /** The expected and the actual value. */
  readonly sentence: string;
}

/** The findings of a capture for one requirement. */
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

  kept(rule: Rule, version: MptcpVersion): void {
    this.#entry(requirementIn(rule, version)).counts.kept += 1;
  }

  note({ outcome, rule, version, flow, frames, sentence }: Note): void {
    const { counts, examples } = this.#entry(requirementIn(rule, version));
    counts[outcome] += 1;
    if (counts[outcome] <= this.#mostExamples)
      examples.push({ outcome, frames: [...new Set(frames)], flow: flowText(flow), sentence: sentence() });
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

  #entry(requirement: string): Entry {
    const known = this.#entries.get(requirement);
    if (known !== undefined) return known;
    const entry = { counts: { kept: 0, violated: 0, unknown: 0, damaged: 0 }, examples: [] };
    this.#entries.set(requirement, entry);
    return entry;
  }
}
