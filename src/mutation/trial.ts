/**
 * Mutants of the reference's code against the catalogue, inside one process. The code holds all mutants at once (Stryker's
 * instrumentation) and one of them is switched on for a trial. Loaded from Stryker's sandbox, where that code is.
 *
 * First every exercise is performed on the right code: what it reaches, what the reference sends, what the verdict is. A
 * case that reaches the same mutants and sees the same frames under two declarations is kept for one of them.
 *
 * A trial performs the exercises that reach the mutant until a case notices it, those first that noticed others of its
 * file. A mutant that no case notices has met all of them, so it is known whether it changed a single frame.
 */
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import { kills } from '../run/kill-matrix.js';
import { type Exercise, gatherExercises, type Observation } from './exercise.js';

interface Reach {
  readonly exercise: Exercise;
  readonly right: Observation;
  /** Mutants by the number of times they were reached. */
  readonly hits: Readonly<Record<string, number>>;
  /** Milliseconds. */
  readonly took: number;
}

export type Outcome =
  | { readonly outcome: 'noticed'; readonly by: Exercise; readonly says: string; readonly performed: number }
  /** Packets changed, and no case minded. */
  | { readonly outcome: 'unnoticed'; readonly changed: readonly string[]; readonly performed: number }
  | { readonly outcome: 'no packet changed'; readonly performed: number };

/** How much more often than on the right code a mutant may be reached before that counts as a loop. */
const patience = 20;
const leastPatience = 20_000;

export class Trials {
  readonly #stryker: InstrumenterContext;
  readonly #reaches: readonly Reach[];
  readonly #byMutant = new Map<string, number[]>();
  readonly #mostHits = new Map<string, number>();
  /** By file, how often a test noticed a mutant of it. */
  readonly #successes = new Map<string, Map<string, number>>();

  constructor(exercises: readonly Exercise[], stryker: InstrumenterContext) {
    this.#stryker = stryker;
    this.#reaches = withoutRepetitions(exercises.map((exercise) => this.#reach(exercise)));
    for (const [index, { hits }] of this.#reaches.entries()) {
      for (const [mutant, count] of Object.entries(hits)) {
        const reached = this.#byMutant.get(mutant);
        if (reached === undefined) this.#byMutant.set(mutant, [index]);
        else reached.push(index);
        this.#mostHits.set(mutant, Math.max(count, this.#mostHits.get(mutant) ?? 0));
      }
    }
  }

  get reaches(): readonly Reach[] {
    return this.#reaches;
  }

  /** Tries one mutant of a file with the tests that are asked for. */
  try(mutant: string, file: string, tests: ReadonlySet<string> | undefined): Outcome {
    const successes = this.#successesIn(file);
    const order = orderOf(
      (this.#byMutant.get(mutant) ?? [])
        .flatMap((index) => this.#reaches[index] ?? [])
        .filter(({ exercise }) => tests?.has(exercise.test) ?? true),
      successes,
    );
    const limit = Math.max(leastPatience, patience * (this.#mostHits.get(mutant) ?? 0));
    const changed: string[] = [];
    this.#stryker.activeMutant = mutant;
    try {
      for (const [index, { exercise, right }] of order.entries()) {
        this.#stryker.hitCount = 0;
        this.#stryker.hitLimit = limit;
        const { verdict, frames } = exercise.perform();
        if (verdict !== undefined && kills(verdict, right.verdict ?? 'error')) {
          successes.set(exercise.test, (successes.get(exercise.test) ?? 0) + 1);
          return { outcome: 'noticed', by: exercise, says: `${verdict} ${exercise.name}`, performed: index + 1 };
        }
        if (frames !== right.frames) changed.push(exercise.name);
      }
    } finally {
      // Not undefined: that would make the instrumented code look into the environment.
      this.#stryker.activeMutant = '';
    }
    const performed = order.length;
    return changed.length > 0
      ? { outcome: 'unnoticed', changed, performed }
      : { outcome: 'no packet changed', performed };
  }

  #reach(exercise: Exercise): Reach {
    const name = 'reach';
    this.#stryker.mutantCoverage = this.#stryker.mutantCoverage ?? { static: {}, perTest: {} };
    const { perTest } = this.#stryker.mutantCoverage;
    delete perTest[name];
    this.#stryker.currentTestId = name;
    const began = performance.now();
    const right = exercise.perform();
    const took = performance.now() - began;
    delete this.#stryker.currentTestId;
    const hits = perTest[name] ?? {};
    delete perTest[name];
    return { exercise, right, hits, took };
  }

  #successesIn(file: string): Map<string, number> {
    const known = this.#successes.get(file) ?? new Map<string, number>();
    this.#successes.set(file, known);
    return known;
  }
}

/** Trials with the catalogue below `root` and the dialogues. */
export const openTrials = (root: string, stryker: InstrumenterContext): Trials =>
  new Trials(gatherExercises(root), stryker);

const withoutRepetitions = (reaches: readonly Reach[]): readonly Reach[] => {
  const seen = new Set<string>();
  return reaches.filter(({ exercise, right, hits }) => {
    const signature = `${exercise.key}|${right.frames}|${Object.keys(hits).join()}`;
    if (seen.has(signature)) return false;
    seen.add(signature);
    return true;
  });
};

/** One exercise of each test first, the most successful tests before the others; then what is left. */
const orderOf = (reaches: readonly Reach[], successes: ReadonlyMap<string, number>): readonly Reach[] => {
  const seen = new Set<string>();
  const first: Reach[] = [];
  const rest: Reach[] = [];
  for (const reach of reaches) {
    (seen.has(reach.exercise.test) ? rest : first).push(reach);
    seen.add(reach.exercise.test);
  }
  const success = ({ exercise }: Reach) => successes.get(exercise.test) ?? 0;
  return [...first.sort((a, b) => success(b) - success(a)), ...rest];
};
