/**
 * The catalogue as a test runner for Stryker. A test is an authored case with all that it expands to, or a dialogue of the
 * reference with itself. The trials live in the sandbox, where the instrumented code is; this file is loaded from outside it.
 *
 * What Stryker is told of a mutant:
 *
 * | outcome                                          | status        | counts      |
 * |--------------------------------------------------|---------------|-------------|
 * | a case gave a worse verdict                      | killed        | yes         |
 * | packets changed, no case gave a worse verdict    | survived      | yes         |
 * | no packet changed in any exercise                | runtime error | no          |
 * | a loop that the counter of the mutant cannot end | timeout       | as detected |
 *
 * "Runtime error" is the one status of a mutant that was tried and does not count; the message says what it stands for.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { InstrumenterContext, MutantCoverage } from '@stryker-mutator/api/core';
import {
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
} from '@stryker-mutator/api/test-runner';
import { NO_PACKET_CHANGED } from './score.js';
import type { Trials } from './trial.js';

/** Beside the other reports: a line for each mutant that changed packets unnoticed, with the exercises where it did. */
const unnoticedFile = fileURLToPath(new URL('../../reports/mutation/unnoticed.jsonl', import.meta.url));
const shownExercises = 5;

export class CatalogueRunner implements TestRunner {
  #trials: Trials | undefined;

  capabilities(): { readonly reloadEnvironment: boolean } {
    return { reloadEnvironment: false };
  }

  async init(): Promise<void> {
    const root = process.cwd();
    const stryker: InstrumenterContext = {};
    Object.assign(globalThis, { __stryker__: stryker });
    const inSandbox = pathToFileURL(resolve(root, 'dist/mutation/trial.js')).href;
    const { openTrials } = (await import(inSandbox)) as typeof import('./trial.js');
    this.#trials = openTrials(root, stryker);
  }

  async dryRun(): Promise<DryRunResult> {
    const { reaches } = this.#ready();
    const mutantCoverage: MutantCoverage = { static: {}, perTest: {} };
    const tests = new Map<string, TestResult>();
    for (const { exercise, hits, took } of reaches) {
      const { test, origin } = exercise;
      const sum = mutantCoverage.perTest[test] ?? {};
      for (const [mutant, count] of Object.entries(hits)) sum[mutant] = (sum[mutant] ?? 0) + count;
      mutantCoverage.perTest[test] = sum;
      const known = tests.get(test);
      if (known === undefined) {
        tests.set(test, {
          id: test,
          name: test,
          status: TestStatus.Success,
          timeSpentMs: took,
          ...(origin === undefined
            ? {}
            : {
                fileName: resolve(process.cwd(), origin.file),
                startPosition: { line: origin.line, column: origin.column },
              }),
        });
      } else known.timeSpentMs += took;
    }
    return { status: DryRunStatus.Complete, tests: [...tests.values()], mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter }: MutantRunOptions): Promise<MutantRunResult> {
    const tests = testFilter === undefined ? undefined : new Set(testFilter);
    const outcome = this.#ready().try(activeMutant.id, activeMutant.fileName, tests);
    switch (outcome.outcome) {
      case 'noticed':
        return {
          status: MutantRunStatus.Killed,
          killedBy: [outcome.by.test],
          failureMessage: outcome.says,
          nrOfTests: outcome.performed,
        };
      case 'unnoticed': {
        const { fileName, location, mutatorName, replacement } = activeMutant;
        mkdirSync(dirname(unnoticedFile), { recursive: true });
        appendFileSync(
          unnoticedFile,
          `${JSON.stringify({
            at: `${fileName.slice(fileName.indexOf('src/'))}:${location.start.line + 1}:${location.start.column + 1}`,
            mutatorName,
            replacement,
            changed: outcome.changed.length,
            performed: outcome.performed,
            first: outcome.changed.slice(0, shownExercises),
          })}\n`,
        );
        return { status: MutantRunStatus.Survived, nrOfTests: outcome.performed };
      }
      case 'no packet changed':
        return {
          status: MutantRunStatus.Error,
          errorMessage: `${NO_PACKET_CHANGED} in ${outcome.performed} exercises`,
        };
    }
  }

  #ready(): Trials {
    if (this.#trials === undefined) throw new Error('a mutant was tried before the catalogue was read');
    return this.#trials;
  }
}
