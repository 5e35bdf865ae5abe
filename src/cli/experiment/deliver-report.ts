/** What a report becomes: a table or JSON on standard output, and the files that were asked for. */
import { escapeText } from '../../explore/experiments/figure/svg.js';
import type { LineSink } from '../output/line-sink.js';
import { writeNamedFile } from '../output/write-file.js';

/** Options that every experiment has. */
export interface Outputs {
  readonly json: boolean;
  readonly csv?: string | undefined;
  readonly plot?: string | undefined;
  readonly html?: string | undefined;
}

export const outputOptions = {
  json: { type: 'boolean', default: false, describe: 'The report as one JSON object' },
  csv: { type: 'string', requiresArg: true, describe: 'The numbers into this file, one record a line' },
  plot: { type: 'string', requiresArg: true, describe: 'The figure as SVG into this file' },
  html: { type: 'string', requiresArg: true, describe: 'Figure and table as a page into this file' },
} as const;

/** A report in each of its forms. */
export interface Forms {
  readonly title: string;
  readonly report: unknown;
  lines(columns: number): readonly string[];
  csv(): string;
  figure(): string;
}

/** Columns of tables in pages and in kept reports. */
export const pageColumns = 110;

export const deliverReport = async (
  forms: Forms,
  { json, csv, plot, html }: Outputs,
  columns: number,
  sink: LineSink,
): Promise<void> => {
  if (json) await sink.write(JSON.stringify(forms.report, null, 2));
  else for (const line of forms.lines(columns)) await sink.write(line);
  // After what is printed: a file that cannot be written must not cost the report.
  if (csv !== undefined) writeNamedFile(csv, forms.csv());
  if (plot !== undefined) writeNamedFile(plot, `${forms.figure()}\n`);
  if (html !== undefined) writeNamedFile(html, pageOf(forms));
};

export const pageOf = (forms: Forms): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(forms.title)}</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; background: #fff; color: #1a1a1a; }
svg { max-width: 100%; height: auto; }
pre { overflow-x: auto; font-size: .8rem; line-height: 1.35; }
@media (prefers-color-scheme: dark) { body { background: #161616; color: #f0f0f0; } }
</style>
</head>
<body>
<h1>${escapeText(forms.title)}</h1>
${forms.figure()}
<pre tabindex="0">${escapeText(forms.lines(pageColumns).join('\n'))}</pre>
</body>
</html>
`;
