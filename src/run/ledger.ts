/**
 * The ledger of a run: planned cases, begun cases and their results. Every entry is first written to the journal as one
 * JSON line. So a killed run leaves a readable account, and a line that cannot be written (a full disk) stops the run at
 * once instead of losing verdicts silently.
 */
import type { ExpandedCase } from '../suite/language/case.js';
import type { CaseResult } from '../suite/verdict/results.js';
import type { Assignment } from './assignment.js';
import { describeCase, notRun, noVerdict } from './result.js';

/** Writes one line of the journal; throws if it cannot be written. */
export type Journal = (line: string) => void;

export interface Ledger {
  readonly planned: number;
  /** Results so far, not-applicable ones not counted. */
  readonly judged: () => number;
  began(subject: string, id: string): void;
  finished(result: CaseResult): void;
  /**
   * Closes the account: an unfinished case that had begun, or any unfinished case of a failed run, has verdict `error`; a
   * case left because the run was stopped is `not-run`. Gives all results in the planned order.
   */
  close(end: RunEnd): readonly CaseResult[];
}

export type RunEnd =
  | { readonly end: 'complete' }
  | { readonly end: 'interrupted' }
  | {
      readonly end: 'failed';
      readonly why: string;
      /** More about it, for the run as a whole: what came before, and the remedy. */
      readonly detail?: string;
    };

const keyOf = (subject: string, id: string): string => `${subject}\n${id}`;

export const openLedger = (
  assignments: readonly Assignment[],
  notApplicable: readonly CaseResult[],
  journal: Journal,
  head: object = {},
): Ledger => {
  const planned: { readonly subject: string; readonly each: ExpandedCase }[] = assignments.flatMap(
    ({ subject, cases }) => cases.map((each) => ({ subject: subject.name, each })),
  );
  const results = new Map<string, CaseResult>();
  const write = (entry: object): void => journal(`${JSON.stringify(entry)}\n`);
  write({ journal: 2, ...head, planned: planned.map(({ subject, each }) => describeCase(subject, each)) });

  const missing = (subject: string, each: ExpandedCase, end: RunEnd): CaseResult => {
    switch (end.end) {
      case 'complete':
        return noVerdict(subject, each, 'the run ended without one');
      case 'interrupted':
        return notRun(subject, each, 'the run was interrupted');
      case 'failed':
        return noVerdict(subject, each, end.why);
    }
  };

  return {
    planned: planned.length,
    judged: () => results.size,
    began: (subject, id) => write({ began: { subject, id } }),
    finished(result) {
      results.set(keyOf(result.subject, result.id), result);
      write({ result });
    },
    close(end) {
      const listed = planned.map(
        ({ subject, each }) => results.get(keyOf(subject, each.id)) ?? missing(subject, each, end),
      );
      return [...listed, ...notApplicable];
    },
  };
};
