/**
 * Mutants of the reference's code against the catalogue, inside one process. The code holds all mutants at once
 * (Stryker's instrumentation) and one of them is switched on for a trial.
 *
 * A trial performs the exercises that reach the mutant until a case notices it. First those of one kind each (the same
 * case on the same ways through the code), the cases that noticed other mutants of the file before the others. Where no
 * frame of these changed, the mutant counts as one that changes no packet; otherwise all the others follow. Nothing
 * depends on time: code in a loop is ended after too many steps.
 */
import { kills } from '../run/matrix/outcome.js';
import type { Exercise } from './exercise.js';
import type { Instrumented, Reach } from './reach.js';

export type Outcome =
  | { readonly outcome: 'noticed'; readonly by: Exercise; readonly says: string; readonly performed: number }
  /** Packets changed, and no case noticed. */
  | { readonly outcome: 'unnoticed'; readonly changed: readonly string[]; readonly performed: number }
  | { readonly outcome: 'no packet changed'; readonly performed: number };

/** How many more instrumented places than on the right code an exercise may pass before that counts as a loop. */
const patience = 20;
const leastPatience = 20_000;

export class Trials {
  readonly #instrumented: Instrumented;
  readonly #byMutant = new Map<string, Reach[]>();
  readonly #kinds = new Map<Reach, string>();
  /** By file, how often a test noticed a mutant of it. */
  readonly #successes = new Map<string, Map<string, number>>();

  constructor(reaches: readonly Reach[], instrumented: Instrumented) {
    this.#instrumented = instrumented;
    for (const reach of reaches) {
      this.#kinds.set(reach, `${reach.exercise.test}|${Object.keys(reach.hits).join()}`);
      for (const mutant of Object.keys(reach.hits)) {
        const reached = this.#byMutant.get(mutant);
        if (reached === undefined) this.#byMutant.set(mutant, [reach]);
        else reached.push(reach);
      }
    }
  }

  /** Tries one mutant of a file with the tests that are asked for, or all. */
  try(mutant: string, file: string, tests?: ReadonlySet<string>): Outcome {
    const { context, counter } = this.#instrumented;
    const successes = this.#successesIn(file);
    const reaches = (this.#byMutant.get(mutant) ?? []).filter(({ exercise }) => tests?.has(exercise.test) ?? true);
    const { first, rest } = this.#inOrder(reaches, successes);
    const changed: string[] = [];
    let performed = 0;
    context.activeMutant = mutant;
    try {
      for (const { exercise, right, steps } of [...first, ...rest]) {
        if (performed === first.length && changed.length === 0) break;
        performed += 1;
        counter.begin(leastPatience + patience * steps);
        const { verdict, frames } = exercise.perform();
        if (verdict !== undefined && kills(verdict, right.verdict ?? 'error')) {
          successes.set(exercise.test, (successes.get(exercise.test) ?? 0) + 1);
          return { outcome: 'noticed', by: exercise, says: `${verdict} ${exercise.name}`, performed };
        }
        if (frames !== right.frames) changed.push(exercise.name);
      }
    } finally {
      // Not undefined: that would make the instrumented code read the environment.
      context.activeMutant = '';
    }
    return changed.length > 0
      ? { outcome: 'unnoticed', changed, performed }
      : { outcome: 'no packet changed', performed };
  }

  #successesIn(file: string): Map<string, number> {
    const known = this.#successes.get(file) ?? new Map<string, number>();
    this.#successes.set(file, known);
    return known;
  }

  /** One exercise of each kind, the most successful tests first; then what is left. */
  #inOrder(
    reaches: readonly Reach[],
    successes: ReadonlyMap<string, number>,
  ): { readonly first: readonly Reach[]; readonly rest: readonly Reach[] } {
    const seen = new Set<string>();
    const first: Reach[] = [];
    const rest: Reach[] = [];
    for (const reach of reaches) {
      const kind = this.#kinds.get(reach) ?? '';
      (seen.has(kind) ? rest : first).push(reach);
      seen.add(kind);
    }
    const success = ({ exercise }: Reach) => successes.get(exercise.test) ?? 0;
    return { first: first.sort((a, b) => success(b) - success(a)), rest };
  }
}
