/**
 * Where instrumented code notes what it reaches. It asks for `static` wherever it passes a mutant, so a loop that a mutant
 * made can be counted and ended here, without a clock and without losing the process. Has to be in place before the
 * instrumented code is loaded, which keeps what it finds then.
 */
import type { MutantCoverage } from '@stryker-mutator/api/core';

/** Thrown inside code that took so many steps that it must be in a loop. */
export class EndlessLoopError extends Error {}

export class StepCounter implements MutantCoverage {
  readonly perTest: MutantCoverage['perTest'] = {};
  /** Instrumented places passed since it began. */
  steps = 0;
  readonly #outsideTests: MutantCoverage['static'] = {};
  #limit = Number.POSITIVE_INFINITY;

  begin(limit = Number.POSITIVE_INFINITY): void {
    this.steps = 0;
    this.#limit = limit;
  }

  get static(): MutantCoverage['static'] {
    this.steps += 1;
    if (this.steps > this.#limit) throw new EndlessLoopError();
    return this.#outsideTests;
  }
}
