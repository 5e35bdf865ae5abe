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
 * | no end within Stryker's time limit              | timeout       | no          |
 *
 * "Runtime error" is the one status of a mutant that was tried and does not count; the message says what it stands for.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS, type InstrumenterContext, type MutantCoverage } from '@stryker-mutator/api/core';
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
import { noPacketChanged } from './file-score.js';
import type { Instrumented } from './reach.js';
import type { Trials } from './trial.js';

/** Beside the other reports: a line for each mutant that changed packets unnoticed, with the exercises where it did. */
const unnoticedFile = fileURLToPath(new URL('../../reports/mutation/unnoticed.jsonl', import.meta.url));
const shownExercises = 5;
/** In the sandbox: what the dry run found, for the processes that try the mutants. */
const reachFile = 'reach.json';

interface Sandbox {
  readonly instrumented: Instrumented;
  readonly reach: typeof import('./reach.js');
}

export class CatalogueRunner implements TestRunner {
  #sandbox: Sandbox | undefined;
  #trials: Trials | undefined;

  capabilities(): { readonly reloadEnvironment: boolean } {
    return { reloadEnvironment: false };
  }

  async dryRun(): Promise<DryRunResult> {
    const { instrumented, reach } = await this.#enterSandbox();
    const reaches = reach.measureCatalogue(process.cwd(), reachFile, instrumented);
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
    this.#trials ??= await this.#openTrials();
    const outcome = this.#trials.try(activeMutant.id, activeMutant.fileName, tests);
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
          errorMessage: `${noPacketChanged} in ${outcome.performed} exercises`,
        };
    }
  }

  /** Loads the instrumented code, after the counter that it is to report to; once, for it keeps the first. */
  async #enterSandbox(): Promise<Sandbox> {
    if (this.#sandbox === undefined) {
      const { StepCounter } = await load<typeof import('./step-counter.js')>('dist/mutation/step-counter.js');
      const counter = new StepCounter();
      const context: InstrumenterContext = { mutantCoverage: counter };
      Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: context });
      const reach = await load<typeof import('./reach.js')>('dist/mutation/reach.js');
      this.#sandbox = { instrumented: { context, counter }, reach };
    }
    return this.#sandbox;
  }

  async #openTrials(): Promise<Trials> {
    const { instrumented, reach } = await this.#enterSandbox();
    const { Trials: TrialsOfSandbox } = await load<typeof import('./trial.js')>('dist/mutation/trial.js');
    return new TrialsOfSandbox(reach.readReaches(process.cwd(), reachFile), instrumented);
  }
}

const load = <Module>(file: string): Promise<Module> => import(pathToFileURL(resolve(process.cwd(), file)).href);
