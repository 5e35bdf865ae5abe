/**
 * The evidence of one case: everything that explains and reproduces its verdict. In its directory:
 *
 *     verdict.json       the judgement with all findings
 *     case.json          the plan: the resolved case, addresses, ports, settings (lossless JSON)
 *     trace.json         every event and action in order, with what was made of it (lossless JSON)
 *     trace.pcapng       the frames, where there are any; a comment on each with its step
 *     control.ndjson     what is no frame: control asked and answered, disturbances, one a line (lossless JSON)
 *     environment.json   program, machine, and the implementation with its claims and what was measured on the way to it
 *     robe.lua           a Wireshark dissector for the draft's options, with the subtypes of this run
 *     repeat.txt         the command that runs this case alone again with the same seed
 *     console.txt        what the kernel under test reported of itself while the case ran, where it did
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quoteForShell } from '../protocol/bytes/shell-word.js';
import type { Plan } from '../suite/scenario/plan.js';
import type { Trace } from '../suite/trace/trace.js';
import { unseenOf } from '../suite/trace/unseen.js';
import type { CaseResult, EnvironmentRecord, SubjectRecord } from '../suite/verdict/results.js';
import { writeLossless } from './lossless-json.js';
import { writeDissector } from './lua/dissector.js';
import { captureOfTrace } from './trace-capture.js';

/** The machine and the implementation of a case. */
export interface EvidenceEnvironment {
  /** Name and version of the suite. */
  readonly tool: string;
  readonly environment: EnvironmentRecord;
  readonly subject: SubjectRecord;
}

export interface Evidence {
  readonly plan: Plan;
  readonly result: CaseResult;
  readonly trace: Trace;
  readonly environment: EvidenceEnvironment;
  /** Program and arguments; shown quoted for a shell. */
  readonly command: readonly string[];
}

export const evidenceFiles = {
  verdict: 'verdict.json',
  plan: 'case.json',
  trace: 'trace.json',
  capture: 'trace.pcapng',
  control: 'control.ndjson',
  environment: 'environment.json',
  dissector: 'robe.lua',
  repeat: 'repeat.txt',
  console: 'console.txt',
} as const;

/**
 * Directory of a case's evidence below a run's `evidence/`, one for each subject and case; inside it `attempt-2` and so on
 * where it was run again.
 */
export const evidenceDirectory = (
  result: Pick<CaseResult, 'subject' | 'id'>,
  several: boolean,
  attempt: number,
): string =>
  join(several ? fileName(result.subject) : '', fileName(result.id), attempt === 1 ? '' : `attempt-${attempt}`);

/** Names that differ stay different: everything but letters, digits, dot, dash and underscore is spelt in hex. */
const fileName = (name: string): string =>
  name.replaceAll(/[^A-Za-z0-9._-]/gu, (character) => `%${(character.codePointAt(0) ?? 0).toString(16)}`);

/** Writes all files; throws what the file system throws. */
export const writeEvidence = (directory: string, { plan, result, trace, environment, command }: Evidence): void => {
  mkdirSync(directory, { recursive: true });
  const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(directory, name), content);
  write(evidenceFiles.verdict, `${JSON.stringify(result, null, 2)}\n`);
  write(evidenceFiles.plan, `${writeLossless(plan, 1)}\n`);
  write(evidenceFiles.trace, `${writeLossless(trace, 1)}\n`);
  const capture = captureOfTrace(plan, trace, result, environment.tool);
  if (capture !== undefined) write(evidenceFiles.capture, capture);
  write(
    evidenceFiles.control,
    unseenOf(trace)
      .map((each) => `${writeLossless(each)}\n`)
      .join(''),
  );
  write(evidenceFiles.environment, `${JSON.stringify(environment, null, 2)}\n`);
  write(evidenceFiles.dissector, writeDissector(plan.subtypes, plan.joinCap.place));
  write(evidenceFiles.repeat, `${command.map(quoteForShell).join(' ')}\n`);
};

/** Adds what a kernel reported of itself; throws what the file system throws. */
export const writeConsole = (directory: string, lines: readonly string[]): void => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, evidenceFiles.console), `${lines.join('\n')}\n`);
};
