/** Tables for terminals: columns that do not fit beside the first one go into further tables below. */

export interface Column {
  /** Lines above the cells. */
  readonly head: readonly string[];
  readonly cells: readonly string[];
}

const gap = '  ';

const widthOf = ({ head, cells }: Column): number => Math.max(...[...head, ...cells].map(({ length }) => length));

/** `first` stands before every table, flush left; the others are flush right. */
export const layColumns = (first: Column, others: readonly Column[], columns: number): readonly string[] => {
  const tables: Column[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const column of others) {
    const width = gap.length + widthOf(column);
    if (used + width > columns) {
      tables.push([]);
      used = widthOf(first);
    }
    tables.at(-1)?.push(column);
    used += width;
  }
  return tables.flatMap((table, index) => [...(index === 0 ? [] : ['']), ...layTable(first, table)]);
};

const layTable = (first: Column, others: readonly Column[]): readonly string[] => {
  const all = [first, ...others];
  const headHeight = Math.max(...all.map(({ head }) => head.length));
  const lineOf = (pick: (column: Column) => string): string =>
    all
      .map((column, index) =>
        index === 0 ? pick(column).padEnd(widthOf(column)) : pick(column).padStart(widthOf(column)),
      )
      .join(gap)
      .trimEnd();
  return [
    ...Array.from({ length: headHeight }, (_, line) => lineOf(({ head }) => head[line] ?? '')),
    ...first.cells.map((_, row) => lineOf(({ cells }) => cells[row] ?? '')),
  ];
};
