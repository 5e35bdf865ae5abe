/**
 * Every report that is one text made from results and gate alone. `robe run`, `report` and `merge` offer each as an option
 * of its name; a new format is one more line here.
 */
import { writeBadge } from './badge.js';
import { writeCtrf } from './ctrf.js';
import { writeAnnotations, writeStepSummary } from './github.js';
import { writeJunit } from './junit.js';
import { writeKtap } from './ktap.js';
import { writeMarkdown } from './markdown.js';
import type { RunReport } from './reported-test.js';
import { writeTap } from './tap.js';

export interface Writer {
  /** The object of "Write" in help. */
  readonly describe: string;
  readonly write: (report: RunReport) => string;
}

/** By name of the option. */
export const writers = {
  junit: { describe: 'JUnit XML', write: writeJunit },
  tap: { describe: 'TAP 14', write: writeTap },
  ktap: { describe: 'KTAP, for tools of kernel developers', write: writeKtap },
  ctrf: { describe: 'CTRF JSON', write: writeCtrf },
  markdown: { describe: 'Markdown', write: writeMarkdown },
  badge: { describe: 'a badge as SVG', write: writeBadge },
  'github-annotations': { describe: 'annotations of GitHub Actions (- for standard output)', write: writeAnnotations },
  'github-summary': { describe: 'the step summary of GitHub Actions', write: writeStepSummary },
} as const satisfies Readonly<Record<string, Writer>>;
export type WriterName = keyof typeof writers;
