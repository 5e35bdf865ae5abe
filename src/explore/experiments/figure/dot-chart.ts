/** Rows with marks on one axis: what was said beside what came out. */
import { scaleLinear } from 'd3-scale';
import { element, seriesClass, text } from './svg.js';

/** The marks, in the order in which they are drawn over each other. */
const dotKinds = ['printed', 'law', 'simulated', 'measured'] as const;
type DotKind = (typeof dotKinds)[number];

export interface DotRow {
  readonly label: string;
  readonly values: { readonly [Kind in DotKind]?: number };
  /** Begins a group: stands above it, on a line of its own. */
  readonly heading?: string;
}

const left = 250;
const right = 40;
const rowHeight = 19;

const markOf = (kind: DotKind, x: number, y: number): string => {
  switch (kind) {
    case 'printed':
      return element('rect', { class: 'hollow', x: x - 5, y: y - 5, width: 10, height: 10 });
    case 'law':
      return element('line', { class: 'line', x1: x, x2: x, y1: y - 8, y2: y + 8, 'stroke-dasharray': 'none' });
    case 'simulated':
      return element('circle', { class: 'mark', cx: x, cy: y, r: 3.5 });
    case 'measured':
      return element('path', { class: 'hollow', d: `M${x - 6} ${y}L${x} ${y - 6}L${x + 6} ${y}L${x} ${y + 6}Z` });
  }
};

/** The drawing, and where it ends; it begins at `top`. */
export const drawDotChart = (
  rows: readonly DotRow[],
  axis: { readonly label: string; format(value: number): string },
  width: number,
  top: number,
): { readonly drawing: string; readonly bottom: number } => {
  const kinds = dotKinds.filter((kind) => rows.some(({ values }) => values[kind] !== undefined));
  const panelTop = top + 30;
  const lines = rows.reduce((sum, { heading }) => sum + (heading === undefined ? 1 : 2), 0);
  const bottom = panelTop + lines * rowHeight + 6;
  const most = Math.max(1, ...rows.flatMap(({ values }) => Object.values(values)));
  // A mark at the very end stays inside.
  const x = scaleLinear([0, most * 1.03], [left, width - right]).nice();
  const inClass = (kind: DotKind, ...drawn: readonly string[]): string =>
    element('g', { class: seriesClass(dotKinds.indexOf(kind)) }, ...drawn);
  const grid = x
    .ticks(6)
    .map(
      (tick) =>
        element('line', { class: 'rule', x1: x(tick), x2: x(tick), y1: panelTop, y2: bottom }) +
        text(axis.format(tick), { class: 'soft', x: x(tick), y: bottom + 18, 'text-anchor': 'middle' }),
    );
  let line = 0;
  const drawn = rows.flatMap(({ label, values, heading }) => {
    const middle = (): number => panelTop + (line++ + 0.5) * rowHeight + 3;
    const above = heading === undefined ? [] : drawHeading(heading, middle(), width);
    const y = middle();
    return [
      ...above,
      text(label, { x: left - 12, y: y + 4, 'text-anchor': 'end', 'font-size': 12 }),
      ...kinds.flatMap((kind) => {
        const value = values[kind];
        return value === undefined ? [] : [inClass(kind, markOf(kind, x(value), y))];
      }),
    ];
  });
  const legend = kinds.map((kind, index) => {
    const at = left + index * 110;
    return inClass(kind, markOf(kind, at, top + 10), text(kind, { x: at + 14, y: top + 14 }));
  });
  return {
    drawing: [
      ...grid,
      ...drawn,
      ...legend,
      text(axis.label, { x: (left + width - right) / 2, y: bottom + 38, 'text-anchor': 'middle' }),
    ].join(''),
    bottom: bottom + 48,
  };
};

const drawHeading = (heading: string, y: number, width: number): readonly string[] => {
  const edge = y - rowHeight / 2;
  return [
    element('line', { class: 'rule', x1: 16, x2: width - right, y1: edge, y2: edge }),
    text(heading, { class: 'heading over', x: 16, y: y + 4, 'font-size': 12 }),
  ];
};
