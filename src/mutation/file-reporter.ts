/** Reports the result of each file to the process that started Stryker, as soon as all of its mutants were tried. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { MutantResult } from '@stryker-mutator/api/core';
import type { MutationTestingPlanReadyEvent, Reporter } from '@stryker-mutator/api/report';
import type { FileScore } from '../cli/mutation/mutation-score.js';
import { scoreOfFile } from './file-score.js';

/** The message: a file without mutants is reported with the first. */
export interface FileTried {
  readonly file: string;
  readonly score: FileScore;
}

export class FileReporter implements Reporter {
  /** Mutants of a file that are still to be tried. */
  readonly #left = new Map<string, number>();
  readonly #tried = new Map<string, MutantResult[]>();

  constructor() {
    // The process that started this one was killed.
    process.once('disconnect', () => process.exit());
    process.channel?.unref();
  }

  onMutationTestingPlanReady({ mutantPlans }: MutationTestingPlanReadyEvent): void {
    for (const { mutant } of mutantPlans) this.#left.set(mutant.fileName, (this.#left.get(mutant.fileName) ?? 0) + 1);
  }

  onMutantTested(result: Readonly<MutantResult>): void {
    const { fileName } = result;
    const left = (this.#left.get(fileName) ?? 0) - 1;
    this.#left.set(fileName, left);
    const tried = this.#tried.get(fileName) ?? [];
    tried.push(result);
    this.#tried.set(fileName, tried);
    if (left > 0) return;
    const told: FileTried = {
      file: relative(process.cwd(), fileName),
      score: scoreOfFile(readFileSync(fileName, 'utf8'), tried),
    };
    process.send?.(told);
  }
}
