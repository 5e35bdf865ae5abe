/**
 * The effects of each exercise on the right code: the mutants that it reaches, the packets of the reference, the verdict.
 * They are measured once and stored for the processes that try the mutants.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import { type Exercise, gatherExercises, type Observation } from './exercise.js';
import type { StepCounter } from './step-counter.js';

interface Measured {
  readonly right: Observation;
  /** Mutants by the number of times they were reached. */
  readonly hits: Readonly<Record<string, number>>;
  /** Instrumented places that were passed. */
  readonly steps: number;
  /** Milliseconds. */
  readonly took: number;
}

export interface Reach extends Measured {
  readonly exercise: Exercise;
}

/** The state that instrumented code shares with its driver. */
export interface Instrumented {
  readonly context: InstrumenterContext;
  readonly counter: StepCounter;
}

/** Performs every exercise on the right code. One that reaches the same mutants as another of its key is left out. */
export const measureReaches = (exercises: readonly Exercise[], instrumented: Instrumented): readonly Reach[] => {
  const seen = new Set<string>();
  return exercises
    .map((exercise) => ({ exercise, ...measure(exercise, instrumented) }))
    .filter(({ exercise, hits }) => {
      const signature = `${exercise.key}|${Object.keys(hits).join()}`;
      if (seen.has(signature)) return false;
      seen.add(signature);
      return true;
    });
};

const measure = (exercise: Exercise, { context, counter }: Instrumented): Measured => {
  counter.begin();
  context.currentTestId = exercise.name;
  const began = performance.now();
  const right = exercise.perform();
  const took = performance.now() - began;
  delete context.currentTestId;
  const hits = counter.perTest[exercise.name] ?? {};
  delete counter.perTest[exercise.name];
  return { right, hits, steps: counter.steps, took };
};

/** Measures the catalogue below `root` and the dialogues, and writes the result to a file. */
export const measureCatalogue = (root: string, file: string, instrumented: Instrumented): readonly Reach[] => {
  const reaches = measureReaches(gatherExercises(root), instrumented);
  const written = reaches.map(({ exercise, right, hits, steps, took }) => [
    exercise.name,
    { right, hits, steps, took },
  ]);
  writeFileSync(file, JSON.stringify(written));
  return reaches;
};

/** The stored result for the same catalogue. */
export const readReaches = (root: string, file: string): readonly Reach[] => {
  const written = new Map(JSON.parse(readFileSync(file, 'utf8')) as readonly (readonly [string, Measured])[]);
  return gatherExercises(root).flatMap((exercise) => {
    const measured = written.get(exercise.name);
    return measured === undefined ? [] : [{ exercise, ...measured }];
  });
};
