/**
 * What the page shows side by side: each implementation of each run is a column of its own. A result is found by its
 * column and the id of the case.
 */
import type { GatedCase } from '../../gate/gate.js';
import type { SubjectRecord } from '../../suite/verdict/results.js';
import type { ReportedRun } from './report-input.js';

export interface Column {
  readonly run: ReportedRun;
  readonly subject: SubjectRecord;
  /** Unique on the page: the subject, with its run where several runs judged one of that name. */
  readonly title: string;
  readonly cases: readonly GatedCase[];
}

export const columnsOf = (runs: readonly ReportedRun[]): readonly Column[] => {
  const names = runs.flatMap(({ results }) => results.subjects.map(({ name }) => name));
  return runs.flatMap((run, index) =>
    run.results.subjects.map((subject) => {
      const shared = names.filter((name) => name === subject.name).length > 1;
      return {
        run,
        subject,
        title: shared ? `${subject.name} (run ${index + 1}, ${run.results.run.id})` : subject.name,
        cases: run.gate.cases.filter(({ result }) => result.subject === subject.name),
      };
    }),
  );
};

/** The name of a place on the page, the same in every report of the same case: `case/ID`, with the column where several are. */
export const caseAnchor = (columns: readonly Column[], column: Column, id: string): string =>
  `case/${anchorText(id)}${columns.length > 1 ? `@${anchorText(column.title)}` : ''}`;

export const requirementAnchor = (id: string): string => `requirement/${anchorText(id)}`;

/** Everything but letters, digits and a few signs is spelt in hex, so that the name stands in a URL as it is. */
export const anchorText = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9._:+-]/gu, (character) => `~${(character.codePointAt(0) ?? 0).toString(16)}`);

/** Whether the page has a part for a case: its evidence can explain it, or it makes the gate red. */
export const hasOwnPart = ({ result, red }: GatedCase): boolean =>
  result.evidence !== undefined || (red && result.verdict !== 'not-run');
