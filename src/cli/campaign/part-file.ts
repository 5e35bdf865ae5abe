/**
 * What one part of a campaign leaves: `part.ndjson`. Its first line says of which campaign it is which part, then comes a line for
 * each unit that was done, and the last line says that all were. A part that was killed has no last line; started again in
 * the same directory it goes on after the units that are there.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { reason } from '../../conduct/failure.js';
import { UsageError } from '../../conduct/usage-error.js';
import { writeNamedFile } from '../output/write-file.js';

export const partName = 'part.ndjson';

const head = z.object({
  part: z.literal(1),
  kind: z.string(),
  /** The program that made it. */
  tool: z.string(),
  request: z.record(z.string(), z.unknown()),
  /** Digest of kind, request and units: the same in every part. */
  plan: z.string(),
  shard: z.object({ index: z.int(), of: z.int() }),
});
export type PartHead = z.infer<typeof head>;

const done = z.object({ unit: z.string(), row: z.unknown() });
const end = z.object({ end: z.int() });

export interface Part {
  readonly file: string;
  readonly head: PartHead;
  readonly rows: ReadonlyMap<string, unknown>;
  /** Whether it came to its end. */
  readonly whole: boolean;
}

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** Throws a UsageError for what is no part of a campaign. A line that is damaged counts as a unit that was not done. */
export const readPart = (file: string): Part => {
  const [first = '', ...lines] = textOf(file).split('\n');
  const opened = head.safeParse(parse(first));
  if (!opened.success) throw new UsageError([`${file} is no part of a campaign: its first line does not say of which`]);
  const rows = new Map<string, unknown>();
  let whole = false;
  for (const line of lines) {
    const value = parse(line);
    const row = done.safeParse(value);
    if (row.success) rows.set(row.data.unit, row.data.row);
    else if (end.safeParse(value).data?.end === rows.size) whole = true;
  }
  return { file, head: opened.data, rows, whole };
};

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError([`${file} cannot be read: ${reason(cause)}`]);
  }
};

export interface OpenPart {
  /** Units that an earlier start had done. */
  readonly rows: ReadonlyMap<string, unknown>;
  keep(unit: string, row: unknown): void;
  /** All units are done. */
  end(): void;
  close(): void;
}

/** Begins a part, or goes on with it. Throws a UsageError when the directory holds another one. */
export const openPart = (directory: string, mine: PartHead): OpenPart => {
  const file = join(directory, partName);
  const earlier = existsSync(file) ? readPart(file) : undefined;
  if (earlier !== undefined && JSON.stringify(earlier.head) !== JSON.stringify(head.parse(mine)))
    throw new UsageError([
      `${file} is part ${earlier.head.shard.index}/${earlier.head.shard.of} of other work (${earlier.head.kind}, ${earlier.head.tool}): name another directory with --out`,
    ]);
  const rows = new Map(earlier?.rows);
  const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;
  let descriptor: number;
  try {
    mkdirSync(directory, { recursive: true });
    // What was cut off goes, and so does the end: it comes again.
    writeNamedFile(file, [mine, ...[...rows].map(([unit, row]) => ({ unit, row }))].map(lineOf).join(''));
    descriptor = openSync(file, 'a');
  } catch (cause) {
    throw new UsageError([`${file} cannot be written: ${reason(cause)}`]);
  }
  const write = (value: object): void => writeFileSync(descriptor, lineOf(value));
  return {
    rows,
    keep(unit, row) {
      rows.set(unit, row);
      write({ unit, row });
    },
    end() {
      write({ end: rows.size });
      fsyncSync(descriptor);
    },
    close: () => closeSync(descriptor),
  };
};
