/** Capture files through an inspector: what they show, what is wrong with them in sentences, and the exit code for both. */
import { type ExitCode, exitCodes } from '../../gate/exit-code.js';
import { inspectCaptures } from '../../inspect/inspect-capture.js';
import { hasViolation, type Inspection, inspectionOf } from '../../inspect/inspection.js';
import { Inspector, type InspectorOptions } from '../../inspect/inspector.js';
import { unknownLink } from '../../net/capture/link/link-type.js';
import { fileProblem } from '../output/file-problem.js';

export interface InspectedFiles {
  readonly inspection: Inspection;
  /** Whether every file could be opened. */
  readonly opened: boolean;
  readonly exit: ExitCode;
}

export const inspectFiles = async (
  files: readonly string[],
  options: InspectorOptions,
  progress: (frames: number) => void = () => {},
): Promise<InspectedFiles> => {
  const inspector = new Inspector(options);
  const problems: string[] = [];
  let opened = true;
  try {
    await inspectCaptures({
      origins: files,
      inspector,
      report: (file, { offset, path, why }) => problems.push(`${files[file]}: octet ${offset}, ${path}: ${why}`),
      reportLink: (file, linkType) => problems.push(`${files[file]}: ${unknownLink(linkType)}`),
      progress,
    });
  } catch (error) {
    problems.push(`${fileOf(error, files)}: ${fileProblem(error)}`);
    opened = false;
  }
  const inspection = inspectionOf(inspector, files, problems);
  return { inspection, opened, exit: exitOf(inspection) };
};

const exitOf = (inspection: Inspection): ExitCode => {
  if (inspection.problems.length > 0) return exitCodes.usage;
  return hasViolation(inspection) ? exitCodes.red : exitCodes.holds;
};

/** The file that an error of the file system is about. */
const fileOf = (error: unknown, files: readonly string[]): string => {
  const path = error instanceof Error && 'path' in error ? error.path : undefined;
  return typeof path === 'string' ? path : files.join(', ');
};
