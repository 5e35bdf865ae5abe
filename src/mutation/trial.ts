/**
 * Mutants of the reference's code against the catalogue, inside one process. The code holds all mutants at once (Stryker's
 * instrumentation) and one of them is switched on for a trial. Loaded from Stryker's sandbox, where that code is.
 *
 * First every exercise is performed on the right code: what it reaches, what the reference sends, what the verdict is. A
 * case that reaches the same mutants and sees the same frames under two declarations is kept for one of them.
 *
 * A trial performs the exercises that reach the mutant until a case notices it, those first that noticed others of its
 * file. A mutant that no case notices has met all of them, so it is known whether it changed a single frame.
 * Nothing depends on time: code that goes round in circles is ended after too many steps.
 */
import type { InstrumenterContext, MutantCoverage } from '@stryker-mutator/api/core';
import { kills } from '../run/kill-matrix.js';
import { type Exercise, gatherExercises, type Observation } from './exercise.js';
import { EndlessLoopError } from './watched-host.js';

interface Reach {
  readonly exercise: Exercise;
  readonly right: Observation;
  /** Mutants by the number of times they were reached. */
  readonly hits: Readonly<Record<string, number>>;
  /** Instrumented places that were passed. */
  readonly steps: number;
  /** Milliseconds. */
  readonly took: number;
}

export type Outcome =
  | { readonly outcome: 'noticed'; readonly by: Exercise; readonly says: string; readonly performed: number }
  /** Packets changed, and no case minded. */
  | { readonly outcome: 'unnoticed'; readonly changed: readonly string[]; readonly performed: number }
  | { readonly outcome: 'no packet changed'; readonly performed: number };

/** How many more instrumented places than on the right code an exercise may pass before that counts as a loop. */
const patience = 20;
const leastPatience = 100_000;

export class Trials {
  readonly #stryker: InstrumenterContext;
  readonly #reaches: readonly Reach[];
  readonly #byMutant = new Map<string, number[]>();
  readonly #coverage: StepCounter;
  /** By file, how often a test noticed a mutant of it. */
  readonly #successes = new Map<string, Map<string, number>>();

  constructor(exercises: readonly Exercise[], stryker: InstrumenterContext) {
    this.#stryker = stryker;
    this.#coverage = new StepCounter();
    stryker.mutantCoverage = this.#coverage;
    this.#reaches = withoutRepetitions(exercises.map((exercise) => this.#reach(exercise)));
    for (const [index, { hits }] of this.#reaches.entries()) {
      for (const mutant of Object.keys(hits)) {
        const reached = this.#byMutant.get(mutant);
        if (reached === undefined) this.#byMutant.set(mutant, [index]);
        else reached.push(index);
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
    const changed: string[] = [];
    this.#stryker.activeMutant = mutant;
    try {
      for (const [index, { exercise, right, steps }] of order.entries()) {
        this.#coverage.begin(leastPatience + patience * steps);
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
    const { perTest } = this.#coverage;
    this.#coverage.begin(Number.POSITIVE_INFINITY);
    this.#stryker.currentTestId = exercise.name;
    const began = performance.now();
    const right = exercise.perform();
    const took = performance.now() - began;
    delete this.#stryker.currentTestId;
    const hits = perTest[exercise.name] ?? {};
    delete perTest[exercise.name];
    return { exercise, right, hits, steps: this.#coverage.steps, took };
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

/**
 * Where instrumented code notes what it reaches. It asks for `static` wherever it passes a mutant, so a loop that a mutant
 * made can be counted and ended here, without a clock and without losing the process.
 */
class StepCounter implements MutantCoverage {
  readonly perTest: MutantCoverage['perTest'] = {};
  steps = 0;
  readonly #outsideTests: MutantCoverage['static'] = {};
  #limit = Number.POSITIVE_INFINITY;

  begin(limit: number): void {
    this.steps = 0;
    this.#limit = limit;
  }

  get static(): MutantCoverage['static'] {
    this.steps += 1;
    if (this.steps > this.#limit) throw new EndlessLoopError();
    return this.#outsideTests;
  }
}

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
