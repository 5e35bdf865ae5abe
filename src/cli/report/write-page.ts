/** Writes the HTML report to a file; one that cannot be written is told, and changes no verdict. */
import { writeFileSync } from 'node:fs';
import { reason } from '../../conduct/failure.js';
import { writeHtml } from '../../report/html/page.js';
import type { HtmlReport, ReportCatalogue } from '../../report/html/report-input.js';
import { type PlacedReport, pageInput } from './page-input.js';

/** Why it could not be written; undefined when it was. */
export const writePage = (
  file: string,
  placed: readonly PlacedReport[],
  catalogue: ReportCatalogue | undefined,
  more: Pick<HtmlReport, 'comparison' | 'experiments' | 'crossCheck'> = {},
): string | undefined => {
  const page = writeHtml({ ...pageInput(placed, file, catalogue), ...more });
  try {
    writeFileSync(file, page);
    return undefined;
  } catch (cause) {
    return `${file} cannot be written: ${reason(cause)}`;
  }
};
