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
  const legend = drawLegend(chart, legendTop);
  const frame = frameOf(chart, width, legendTop + legend.length * legendLine + 10);
  return {
    drawing: [...drawGrid(chart, frame), ...drawSeries(chart, frame), ...legend].join(''),
    bottom: frame.lowerBottom + 48,
  };
};

/** Where the panels lie, and how values become places in them. */
type Frame = ReturnType<typeof frameOf>;

const frameOf = (chart: LineChart, width: number, panelTop: number) => {
  const panelBottom = panelTop + panelHeight;
  const lowerTop = panelBottom + gap;
  const lowerBottom = lowerTop + lowerHeight;
  return {
    width,
    panelTop,
    panelBottom,
    lowerTop,
    lowerBottom,
    x: scaleLinear([...chart.x.domain], [left, width - right]),
    y: scaleLog([...chart.y.domain], [panelBottom, panelTop]).clamp(true),
    share: scaleLinear([0, 1], [lowerBottom, lowerTop]),
  };
};

const drawGrid = (chart: LineChart, frame: Frame): readonly string[] => {
  const { width, panelTop, panelBottom, lowerTop, lowerBottom, x, y, share } = frame;
  const below = (bottom: number, tick: number): string =>
    text(chart.x.format(tick), { class: 'soft', x: x(tick), y: bottom + 18, 'text-anchor': 'middle' });
  return [
    ...chart.y.ticks.map((tick) => horizontal(y(tick), width, chart.y.format(tick))),
    ...[0, 0.5, 1].map((tick) => horizontal(share(tick), width, `${tick * 100} %`)),
    ...x.ticks(10).flatMap((tick) => [below(panelBottom, tick), below(lowerBottom, tick)]),
    text(chart.x.label, { x: (left + width - right) / 2, y: lowerBottom + 38, 'text-anchor': 'middle' }),
    upright(chart.y.label, panelTop + panelHeight / 2),
    upright(chart.below.label, lowerTop + lowerHeight / 2),
  ];
};

const drawSeries = (chart: LineChart, { x, y, share }: Frame): readonly string[] => {
  const band = area<ChartPoint>(
    (point) => x(point.x),
    (point) => y(point.low),
    (point) => y(point.high),
  );
  const curve = line<Place>(
    (place) => x(place.x),
    (place) => y(place.y),
  );
  const lower = line<Place>(
    (place) => x(place.x),
    (place) => share(place.y),
  );
  return chart.series.map(({ points, formula, below }, index) =>
    element(
      'g',
      { class: seriesClass(index) },
      element('path', { class: 'band', d: band([...points]) ?? '' }),
      element('path', { class: 'line', d: curve([...points]) ?? '' }),
      ...points.map((point) => element('circle', { class: 'mark', cx: x(point.x), cy: y(point.y), r: 2.5 })),
      ...(formula.length === 0 ? [] : [element('path', { class: 'formula', d: curve([...formula]) ?? '' })]),
      element('path', { class: 'line', d: lower([...below]) ?? '' }),
    ),
  );
};

/** A line for each series, and one for the formula where there is one. */
const drawLegend = (chart: LineChart, top: number): readonly string[] => {
  const sample = (index: number, look: string): string => {
    const at = top + index * legendLine;
    return element('line', { class: look, x1: left, x2: left + 34, y1: at, y2: at });
  };
  const named = (index: number, label: string): string =>
    text(label, { x: left + 42, y: top + index * legendLine + 4 });
  const series = chart.series.map(({ label }, index) =>
    element('g', { class: seriesClass(index) }, sample(index, 'line'), named(index, label)),
  );
  const hasFormula = chart.series.some(({ formula }) => formula.length > 0);
  return hasFormula ? [...series, sample(series.length, 'formula') + named(series.length, chart.formula)] : series;
};

const horizontal = (y: number, width: number, label: string): string =>
  element('line', { class: 'rule', x1: left, x2: width - right, y1: y, y2: y }) +
  text(label, { class: 'soft', x: left - 8, y: y + 4, 'text-anchor': 'end' });

const upright = (label: string, y: number): string =>
  text(label, { transform: `translate(18 ${y}) rotate(-90)`, 'text-anchor': 'middle' });
