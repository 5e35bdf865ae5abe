/**
 * A campaign: many units of work of which none needs another, and what is concluded from all of them. One machine may do
 * them all, or several a part each (`--shard`), of which `robe merge` makes the same report.
 */
import type { z } from 'zod';

export interface Conclusion {
  /** What people read after the lines of the units. */
  readonly lines: readonly string[];
  readonly json: object;
  /** Whether something was found that must not be. */
  readonly red: boolean;
  /** Further files of the report, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface Campaign<Row = unknown> {
  /** Which campaign it is, e.g. `variants`; with the request it tells all that decides what comes out. */
  readonly kind: string;
  readonly request: object;
  /** Ids of the units, in the order of the report. */
  readonly units: readonly string[];
  /** How much work a unit is beside the others; 1 when absent. */
  readonly cost?: (unit: string) => number;
  /** Units under way at a time. */
  readonly atOnce: number;
  /** What a row is once it was written down and read again. */
  readonly row: z.ZodType<Row>;
  work(unit: string): Promise<Row>;
  /** What stands before the units, and what stands for one. */
  readonly head: readonly string[];
  lines(unit: string, row: Row): readonly string[];
  /** From the rows of all units, in their order. */
  conclude(rows: readonly Row[]): Promise<Conclusion>;
  close(): Promise<void>;
}

/** The rows of the units, in their order; a row that is a list stays one. */
export const inOrder = <Row>({ units }: Campaign<Row>, rows: ReadonlyMap<string, Row>): readonly Row[] =>
  units.flatMap((unit) => {
    const row = rows.get(unit);
    return row === undefined ? [] : [row];
  });
