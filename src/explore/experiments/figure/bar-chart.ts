/** Groups of horizontal bars with whiskers of confidence. */
import { scaleBand, scaleLinear } from 'd3-scale';
import { element, seriesClass, text } from './svg.js';

export interface Bar {
  readonly series: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** After the bar. */
  readonly note: string;
}

export interface BarChart {
  readonly series: readonly string[];
  readonly groups: readonly { readonly label: string; readonly bars: readonly Bar[] }[];
  readonly axis: { readonly label: string; format(value: number): string };
}

const left = 168;
const right = 118;
const barHeight = 11;
const legendLine = 19;

/** The drawing, and where it ends; it begins at `top`. */
export const drawBarChart = (
  chart: BarChart,
  width: number,
  top: number,
): { readonly drawing: string; readonly bottom: number } => {
  const legendTop = top + 8;
  const panelTop = legendTop + chart.series.length * legendLine + 6;
  const groupHeight = chart.series.length * barHeight + 14;
  const bottom = panelTop + chart.groups.length * groupHeight;
  const most = Math.max(1, ...chart.groups.flatMap(({ bars }) => bars.map(({ high }) => high)));
  const x = scaleLinear([0, most], [left, width - right]).nice();
  const y = scaleBand(
    chart.groups.map((_, index) => index),
    [panelTop, bottom],
  );
  const grid = x
    .ticks(6)
    .map(
      (tick) =>
        element('line', { class: 'rule', x1: x(tick), x2: x(tick), y1: panelTop, y2: bottom }) +
        text(chart.axis.format(tick), { class: 'soft', x: x(tick), y: bottom + 18, 'text-anchor': 'middle' }),
    );
  const groups = chart.groups.flatMap(({ label, bars }, group) => {
    const begin = (y(group) ?? 0) + 7;
    return [
      text(label, { x: left - 10, y: begin + (chart.series.length * barHeight) / 2 + 4, 'text-anchor': 'end' }),
      ...bars.map((bar) => drawBar(bar, begin + bar.series * barHeight, x)),
    ];
  });
  const legend = chart.series.map((label, index) => {
    const at = legendTop + index * legendLine;
    return element(
      'g',
      { class: seriesClass(index) },
      element('rect', { class: 'mark', x: left, y: at - 6, width: 26, height: barHeight - 2 }),
      text(label, { x: left + 34, y: at + 4 }),
    );
  });
  return {
    drawing: [
      ...grid,
      ...groups,
      ...legend,
      text(chart.axis.label, { x: (left + width - right) / 2, y: bottom + 38, 'text-anchor': 'middle' }),
    ].join(''),
    bottom: bottom + 48,
  };
};

const drawBar = ({ series, value, low, high, note }: Bar, y: number, x: (value: number) => number): string => {
  const middle = y + (barHeight - 2) / 2;
  return element(
    'g',
    { class: seriesClass(series) },
    element('rect', { class: 'mark', x: left, y, width: x(value) - left, height: barHeight - 2 }),
    element('line', { class: 'whisker', x1: x(low), x2: x(high), y1: middle, y2: middle }),
    text(note, { class: 'soft over', x: x(high) + 6, y: middle + 4, 'font-size': 11 }),
  );
};
