/**
 * A problem in a file of a user: file, line and column from 1, and one sentence that says what was expected and what was
 * found.
 */
import { printable } from '../../protocol/bytes/printable.js';

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** From the root of a document: keys of maps and indexes of lists. */
export type Path = readonly PropertyKey[];

/**
 * One line in the form of compilers, so that editors and CI make it a link; contents and name of the file are escaped.
 */
export const printProblem = ({ file, line, column, message }: Problem): string =>
  printable(`${file}:${line}:${column}: ${message}`);

/** By file, line, column, message. */
export const compareProblems = (a: Problem, b: Problem): number =>
  compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
