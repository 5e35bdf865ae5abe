/**
 * Messages between a supervising process and the runner that does a live run for it (see supervisor.ts). The job is one
 * JSON line on the runner's standard input, which stays open: its end tells the runner to stop and clean up. Reports come
 * as JSON lines on file descriptor 3, written synchronously, so that reports before a crash arrive.
 */
import { z } from 'zod';
import { caseResult, selfReport } from '../../suite/verdict/results.js';

export const runnerJob = z.object({
  /** As for `--iut`, e.g. `lab:linux` or a file name. */
  iut: z.string(),
  /** The subject to run, if `iut` means several. */
  subject: z.string(),
  /** The lab that was made for it; absent for remote implementations. */
  lab: z.object({ namespaces: z.object({ tb: z.string(), iut: z.string() }), paths: z.int() }).optional(),
  /** Compiled cases as lossless JSON, in the order in which they begin: the catalogue is read only once. */
  cases: z.string(),
  /** Id of the one for the sanity check before and after. */
  sanity: z.string().optional(),
  seed: z.string(),
  jobs: z.int().positive(),
  /** The number of the attempt: from 2 on to confirm. */
  attempt: z.int().positive(),
  /** Whose evidence is kept. */
  keep: z.enum(['red', 'all']),
  /** The directory for evidence, and that of the results. */
  out: z.string(),
  evidence: z.string(),
  /** Recorded in the evidence: tool, environment, the command that repeats a case, without its id. */
  command: z.array(z.string()),
});
export type RunnerJob = z.infer<typeof runnerJob>;

export const runnerReport = z.discriminatedUnion('report', [
  z.object({
    report: z.literal('opened'),
    implementation: z.string().optional(),
    measured: z.record(z.string(), z.string()),
  }),
  /** The sanity check failed. */
  z.object({ report: z.literal('warning'), text: z.string() }),
  /** The implementation reported a fault of its own. */
  z.object({ report: z.literal('self-report'), about: selfReport }),
  z.object({ report: z.literal('began'), id: z.string() }),
  z.object({ report: z.literal('result'), result: caseResult }),
  /** The run cannot continue: the reason and the remedy. */
  z.object({
    report: z.literal('failed'),
    why: z.string(),
    detail: z.string().optional(),
    remedy: z.string().optional(),
  }),
  /** Every case has its result, or the run was stopped; `measured` is what is known at the end. */
  z.object({ report: z.literal('done'), measured: z.record(z.string(), z.string()) }),
]);
export type RunnerReport = z.infer<typeof runnerReport>;
