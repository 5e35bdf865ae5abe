/** Lines with bands of confidence over one axis, and below them a second, lower panel over the same axis. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';
import { element, seriesClass, text } from './svg.js';

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

export interface ChartSeries {
  readonly label: string;
  readonly points: readonly ChartPoint[];
  /** What a formula says, where there is one. */
  readonly formula: readonly Place[];
  /** In the lower panel. */
  readonly below: readonly Place[];
}

interface Place {
  readonly x: number;
  readonly y: number;
}

export interface LineChart {
  readonly series: readonly ChartSeries[];
  readonly x: { readonly label: string; readonly domain: readonly [number, number]; format(value: number): string };
  /** Logarithmic; the ticks are given because good ones differ by what is measured. */
  readonly y: {
    readonly label: string;
    readonly domain: readonly [number, number];
    readonly ticks: readonly number[];
    format(value: number): string;
  };
  /** From 0 to 1. */
  readonly below: { readonly label: string };
  /** What the lines of formulas are called. */
  readonly formula: string;
}

const left = 78;
const right = 34;
const legendLine = 19;
const panelHeight = 300;
const lowerHeight = 84;
const gap = 44;

/** The drawing, and where it ends; it begins at `top`. */
export const drawLineChart = (
  chart: LineChart,
  width: number,
  top: number,
): { readonly drawing: string; readonly bottom: number } => {
  const legendTop = top + 8;
  const hasFormula = chart.series.some(({ formula }) => formula.length > 0);
  const panelTop = legendTop + (chart.series.length + (hasFormula ? 1 : 0)) * legendLine + 10;
  const lowerTop = panelTop + panelHeight + gap;
  const x = scaleLinear([...chart.x.domain], [left, width - right]);
  const y = scaleLog([...chart.y.domain], [panelTop + panelHeight, panelTop]).clamp(true);
  const share = scaleLinear([0, 1], [lowerTop + lowerHeight, lowerTop]);
  const band = area<ChartPoint>(
    (point) => x(point.x),
    (point) => y(point.low),
    (point) => y(point.high),
  );
  const curve = line<ChartPoint>(
    (point) => x(point.x),
    (point) => y(point.y),
  );
  const formula = line<Place>(
    (place) => x(place.x),
    (place) => y(place.y),
  );
  const lower = line<Place>(
    (point) => x(point.x),
    (point) => share(point.y),
  );
  const grid = [
    ...chart.y.ticks.map((tick) => horizontal(y(tick), width, chart.y.format(tick))),
    ...[0, 0.5, 1].map((tick) => horizontal(share(tick), width, `${tick * 100} %`)),
    ...x.ticks(10).flatMap((tick) => [
      text(chart.x.format(tick), {
        class: 'soft',
        x: x(tick),
        y: panelTop + panelHeight + 18,
        'text-anchor': 'middle',
      }),
      text(chart.x.format(tick), {
        class: 'soft',
        x: x(tick),
        y: lowerTop + lowerHeight + 18,
        'text-anchor': 'middle',
      }),
    ]),
    text(chart.x.label, { x: (left + width - right) / 2, y: lowerTop + lowerHeight + 38, 'text-anchor': 'middle' }),
    upright(chart.y.label, panelTop + panelHeight / 2),
    upright(chart.below.label, lowerTop + lowerHeight / 2),
  ];
  const drawn = chart.series.map(({ points, formula: expected, below }, index) =>
    element(
      'g',
      { class: seriesClass(index) },
      element('path', { class: 'band', d: band([...points]) ?? '' }),
      element('path', { class: 'line', d: curve([...points]) ?? '' }),
      ...points.map((point) => element('circle', { class: 'mark', cx: x(point.x), cy: y(point.y), r: 2.5 })),
      ...(expected.length === 0 ? [] : [element('path', { class: 'formula', d: formula([...expected]) ?? '' })]),
      element('path', { class: 'line', d: lower([...below]) ?? '' }),
    ),
  );
  const legend = chart.series.map(({ label }, index) => {
    const at = legendTop + index * legendLine;
    return element(
      'g',
      { class: seriesClass(index) },
      element('line', { class: 'line', x1: left, x2: left + 34, y1: at, y2: at }),
      text(label, { x: left + 42, y: at + 4 }),
    );
  });
  if (hasFormula) {
    const at = legendTop + chart.series.length * legendLine;
    legend.push(
      element('line', { class: 'formula', x1: left, x2: left + 34, y1: at, y2: at }) +
        text(chart.formula, { x: left + 42, y: at + 4 }),
    );
  }
  return { drawing: [...grid, ...drawn, ...legend].join(''), bottom: lowerTop + lowerHeight + 48 };
};

const horizontal = (y: number, width: number, label: string): string =>
  element('line', { class: 'rule', x1: left, x2: width - right, y1: y, y2: y }) +
  text(label, { class: 'soft', x: left - 8, y: y + 4, 'text-anchor': 'end' });

const upright = (label: string, y: number): string =>
  text(label, { transform: `translate(18 ${y}) rotate(-90)`, 'text-anchor': 'middle' });
