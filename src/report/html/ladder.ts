/**
 * The layout of a ladder diagram: where every line, label and bracket stands, in pixels. One event a row, rows in order
 * of time; the space between rows is proportional to the time, within limits: short times are stretched so that labels do
 * not overlap, long ones are cut and the cut is marked. Nothing here draws.
 */
import { durationText } from '../../suite/language/duration.js';
import type { LadderEvent, LadderStory } from './ladder-events.js';
import type { Wait } from './ladder-waits.js';

export interface Lifeline {
  readonly path: number;
  readonly x: number;
}

export interface Row {
  readonly event: LadderEvent;
  readonly y: number;
  /** Time since the case began. */
  readonly time: string;
}

/** A stretch of time that was cut. */
export interface Fold {
  readonly y: number;
  readonly label: string;
}

/** A wait from `top` to `bottom`: a bracket with its label, and a band over the lifelines that it is about. */
export interface Span {
  readonly wait: Wait;
  readonly top: number;
  readonly bottom: number;
  readonly x: number;
  readonly labelY: number;
}

export interface Ladder {
  readonly lifelines: readonly Lifeline[];
  readonly implementationX: number;
  /** Where labels begin, and how many characters fit. */
  readonly labelX: number;
  readonly labelLength: number;
  readonly stepX: number;
  readonly bracketX: number;
  readonly top: number;
  readonly rows: readonly Row[];
  readonly folds: readonly Fold[];
  readonly bands: readonly Span[];
  readonly brackets: readonly Span[];
  readonly width: number;
  readonly height: number;
}

/** Of the fixed-width face in which labels are set, at its size of 11 pixels. */
export const characterWidth = 6.63;

/** Room for labels, less for each path beyond the first so that most ladders fit on a page. */
const labelColumn = (paths: number): number => Math.max(450, 610 - 55 * (paths - 1));

const timeColumn = 84;
/** Between the times and the first lifeline. */
const margin = 40;
const pathColumn = 64;
const stepColumn = 104;
const bracketLane = 14;
const bracketLabels = 196;
const head = 46;
const foot = 22;
const leastGap = 32;
const mostGap = 76;
/** A millisecond takes so many pixels. */
const scale = 0.55;
const labelPitch = 15;

export const layOut = ({ events, waits }: LadderStory, paths: readonly number[]): Ladder => {
  const lifelines = paths.map((path, index) => ({ path, x: timeColumn + margin + index * pathColumn }));
  const labelX = (lifelines.at(-1)?.x ?? timeColumn) + 16;
  const column = labelColumn(paths.length);
  const implementationX = labelX + column;
  const stepX = implementationX + 14;
  const bracketX = stepX + stepColumn;
  const { rows, folds } = placeRows(events);
  const end = rows.at(-1)?.y ?? head;
  const moments = rows.map(({ event, y }) => ({
    at: event.at,
    y,
    ...(event.kind === 'ghost' ? {} : { entry: event.entry }),
  }));
  const spans = waits.map((wait) => spanOf(wait, moments));
  const brackets = placeBrackets(spans, bracketX);
  const lanes = Math.max(0, ...brackets.map(({ x }) => (x - bracketX) / bracketLane + 1));
  return {
    lifelines,
    implementationX,
    labelX,
    labelLength: Math.floor((column - 26) / characterWidth),
    stepX,
    bracketX: bracketX + lanes * bracketLane,
    top: head - 14,
    rows,
    folds,
    bands: brackets.filter(({ wait }) => wait.kind !== 'timer'),
    brackets,
    width: brackets.length === 0 ? bracketX : bracketX + lanes * bracketLane + bracketLabels,
    height: Math.max(end, ...brackets.map(({ labelY }) => labelY)) + foot,
  };
};

const placeRows = (
  events: readonly LadderEvent[],
): { readonly rows: readonly Row[]; readonly folds: readonly Fold[] } => {
  const rows: Row[] = [];
  const folds: Fold[] = [];
  let y = head;
  let before = 0n;
  for (const event of events) {
    if (rows.length > 0) {
      const wanted = (Number(event.at - before) / 1e6) * scale;
      const gap = Math.min(mostGap, Math.max(leastGap, wanted));
      if (wanted > mostGap) folds.push({ y: y + (gap - labelPitch) / 2, label: durationText(event.at - before) });
      y += gap;
    } else y += leastGap;
    before = event.at;
    rows.push({ event, y, time: `${(Number(event.at) / 1e6).toFixed(3)} ms` });
  }
  return { rows, folds };
};

interface Moment {
  readonly at: bigint;
  readonly y: number;
  readonly entry?: number;
}

/** From the row in which the wait began to that in which it ended. */
const spanOf = (wait: Wait, moments: readonly Moment[]): Pick<Span, 'wait' | 'top' | 'bottom'> => {
  const before = moments.findLast(
    ({ at, entry }) => entry !== undefined && entry <= wait.fromEntry && at === wait.from,
  );
  const cause = moments.find(({ entry }) => entry === wait.toEntry);
  const top = before?.y ?? heightAt(wait.from, moments, 'first');
  const bottom = Math.max(
    top + 18,
    wait.kind === 'missing' || cause === undefined ? heightAt(wait.to, moments, 'first') : cause.y,
  );
  return { wait, top, bottom };
};

/** Between two rows in proportion; of several rows at the same moment the first or last. */
const heightAt = (at: bigint, moments: readonly Moment[], which: 'first' | 'last'): number => {
  const same = moments.filter((moment) => moment.at === at);
  const exact = which === 'first' ? same[0] : same.at(-1);
  if (exact !== undefined) return exact.y;
  const before = moments.findLast((moment) => moment.at < at);
  const after = moments.find((moment) => moment.at > at);
  if (before === undefined) return after === undefined ? head : after.y - leastGap / 2;
  if (after === undefined) return before.y + leastGap / 2;
  return before.y + ((after.y - before.y) * Number(at - before.at)) / Number(after.at - before.at);
};

/** Brackets that overlap stand beside each other; their labels below one another. */
const placeBrackets = (spans: readonly Pick<Span, 'wait' | 'top' | 'bottom'>[], from: number): readonly Span[] => {
  const lanes: number[] = [];
  let lowest = Number.NEGATIVE_INFINITY;
  return [...spans]
    .sort((a, b) => a.top - b.top)
    .map((span) => {
      const free = lanes.findIndex((bottom) => bottom <= span.top);
      const lane = free < 0 ? lanes.length : free;
      lanes[lane] = span.bottom;
      const labelY = Math.max(lowest + labelPitch, (span.top + span.bottom) / 2 + 4);
      lowest = labelY;
      return { ...span, x: from + lane * bracketLane, labelY };
    });
};
