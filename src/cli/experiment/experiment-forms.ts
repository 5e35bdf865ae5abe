/** The report of each experiment in all of its forms. */
import { lawsCsv, pageLoadCsv, robustnessCsv } from '../../explore/experiments/csv.js';
import type { LawsReport } from '../../explore/experiments/laws.js';
import { lawsFigure } from '../../explore/experiments/laws-figure.js';
import type { PageLoadReport } from '../../explore/experiments/page-load.js';
import { pageLoadFigure } from '../../explore/experiments/page-load-figure.js';
import type { RobustnessReport } from '../../explore/experiments/robustness.js';
import { robustnessFigure } from '../../explore/experiments/robustness-figure.js';
import type { Forms } from './deliver-report.js';
import { lawsLines, pageLoadLines, robustnessLines } from './experiment-lines.js';

export type ExperimentReport = RobustnessReport | PageLoadReport | LawsReport;

export const formsOf = (report: ExperimentReport): Forms => {
  switch (report.format) {
    case 'robe-robustness/1':
      return {
        title: 'Robustness of connection establishment',
        report,
        lines: (columns) => robustnessLines(report, columns),
        csv: () => robustnessCsv(report),
        figure: () => robustnessFigure(report),
      };
    case 'robe-page-load/1':
      return {
        title: 'Time to load a page',
        report,
        lines: (columns) => pageLoadLines(report, columns),
        csv: () => pageLoadCsv(report),
        figure: () => pageLoadFigure(report),
      };
    case 'robe-laws/1':
      return {
        title: 'The laws of establishment',
        report,
        lines: (columns) => lawsLines(report, columns),
        csv: () => lawsCsv(report),
        figure: () => lawsFigure(report),
      };
  }
};
