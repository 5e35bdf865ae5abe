/**
 * Gathers what the HTML report shows: a run's results with its gate, the evidence that lies beside them, the catalogue, and
 * the figures that were measured of the catalogue itself. What is not there is left out, never made up.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { CatalogueFileError } from '../../conduct/catalogue-files.js';
import { readCatalogue } from '../../conduct/load-catalogue.js';
import { evidenceFiles } from '../../report/evidence.js';
import type { CaseEvidence, HtmlReport, ReportCatalogue, ReportedRun } from '../../report/html/report-input.js';
import { EvidenceError, readEvidence } from '../../report/read-evidence.js';
import type { RunReport } from '../../report/reported-test.js';
import { readTrustFigures } from './trust-figures.js';

/** A gated run, and the directory in which its results lie. */
export interface PlacedReport {
  readonly report: RunReport;
  readonly directory: string;
}

/** `page` is the file that will be written: links to evidence are relative to it. */
export const pageInput = (
  placed: readonly PlacedReport[],
  page: string,
  catalogue: ReportCatalogue | undefined,
): HtmlReport => ({
  runs: placed.map(({ report, directory }): ReportedRun => {
    const way = relative(dirname(page), directory);
    return {
      ...report,
      evidenceOf: (name) => evidenceIn(join(directory, name)),
      filesOf: (name) => filesIn(join(directory, name)),
      place: way === '' ? '' : `${way}/`,
    };
  }),
  catalogue,
  ...readTrustFigures(),
});

/** Evidence that is gone or cannot be read leaves a case without pictures; the rest of the page is none the worse. */
const evidenceIn = (directory: string): CaseEvidence | undefined => {
  if (!existsSync(directory)) return undefined;
  try {
    const { plan, trace } = readEvidence(directory);
    const repeat = readFileSync(join(directory, evidenceFiles.repeat), 'utf8').trim();
    return { plan, trace, repeat };
  } catch (cause) {
    if (cause instanceof EvidenceError) return undefined;
    throw cause;
  }
};

const filesIn = (directory: string): readonly string[] =>
  existsSync(directory)
    ? readdirSync(directory, { withFileTypes: true })
        .filter((each) => each.isFile())
        .map(({ name }) => name)
        .sort()
    : [];

/** The catalogue for a page: as much of it as can be read, since the run is over whatever it says by now. */
export const pageCatalogue = (places: readonly string[], workingDirectory: string): ReportCatalogue | undefined => {
  try {
    return readCatalogue(places, workingDirectory).catalogue;
  } catch (cause) {
    if (cause instanceof CatalogueFileError) return undefined;
    throw cause;
  }
};

/** What a report quotes of it. */
export const quotedFrom = (catalogue: ReportCatalogue | undefined): Pick<RunReport, 'register'> =>
  catalogue === undefined ? {} : { register: catalogue.requirements };
