/**
 * A ladder drawn as SVG. Colours and strokes are classes that the page's style sheet knows, so that it follows light, dark
 * and print; every segment is a link to its decoded octets, so that it works by keyboard and without script.
 */
import { printable } from '../../protocol/bytes/printable.js';
import type { Fold, Ladder, Row, Span } from './ladder.js';
import type { GhostEvent, NoteEvent, SegmentEvent } from './ladder-events.js';
import { html, type Markup } from './markup.js';

/** `anchor` begins the names of the rows that the segments link to. */
export const drawLadder = (ladder: Ladder, title: string, anchor: string): Markup => {
  const { width, height, top, lifelines, implementationX, labelX } = ladder;
  const bottom = height - 8;
  return html`<svg class="ladder" role="group" aria-label="${title}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
${ladder.bands.map((band) => drawBand(band, ladder))}
${lifelines.map(({ path, x }) => html`<path class="life" d="M${x} ${top}V${bottom}"/><text class="head" x="${x}" y="${top - 8}">path ${path}</text>`)}
<path class="life iut" d="M${implementationX} ${top}V${bottom}"/><text class="head" x="${implementationX}" y="${top - 8}">implementation</text>
<text class="axis" x="${(lifelines[0]?.x ?? labelX) - timeGap}" y="${top - 8}">time</text>
${ladder.folds.map((fold) => drawFold(fold, ladder))}
${ladder.rows.map((row) => drawRow(row, ladder, anchor))}
${ladder.brackets.map((bracket) => drawBracket(bracket, ladder.bracketX))}
</svg>`;
};

/** Between a time and the first lifeline. */
const timeGap = 34;

const drawRow = (row: Row, ladder: Ladder, anchor: string): Markup => {
  const { event, y, time } = row;
  const timeX = (ladder.lifelines[0]?.x ?? 0) - timeGap;
  const stamp = html`<text class="axis" x="${timeX}" y="${y + 4}">${time}</text>`;
  switch (event.kind) {
    case 'segment':
      return html`${stamp}${drawSegment(event, y, ladder, anchor)}`;
    case 'ghost':
      return html`${stamp}${drawGhost(event, y, ladder)}`;
    case 'note':
      return html`${stamp}${drawNote(event, y, ladder)}`;
  }
};

const xOf = (path: number, { lifelines, labelX }: Ladder): number =>
  lifelines.find((each) => each.path === path)?.x ?? labelX;

/** Cut to what fits, in characters as they will be shown. */
const fitted = (label: string, length: number): string => {
  const shown = printable(label);
  return shown.length <= length ? shown : `${shown.slice(0, length - 1)}…`;
};

const drawSegment = (event: SegmentEvent, y: number, ladder: Ladder, anchor: string): Markup => {
  const own = xOf(event.path, ladder);
  const { implementationX, labelX, labelLength, stepX } = ladder;
  const [from, to] = event.from === 'tester' ? [own, implementationX] : [implementationX, own];
  const guilty = event.guilty === undefined ? '' : ` guilty-${event.guilty}`;
  const taken = takenText(event);
  const sender = event.from === 'tester' ? 'Tester' : 'Implementation';
  return html`<a class="segment ${event.mark}${guilty}" href="#${anchor}${event.entry}" data-entry="${event.entry}">
<title>${sender} on path ${event.path}: ${event.label} (${taken})</title>
<path class="hit" d="M${Math.min(from, to)} ${y - 9}H${Math.max(from, to)}"/><path class="line" d="M${from} ${y}H${to}"/>
${arrowhead(to, y, event.from === 'tester')}
<text class="label" x="${labelX}" y="${y - 5}">${fitted(event.label, labelLength)}</text>
<text class="step" x="${stepX}" y="${y + 4}">${stepText(event)}</text></a>`;
};

/** Before the lifeline that it reaches. */
const arrowhead = (x: number, y: number, right: boolean): Markup =>
  right ? html`<path class="tip" d="M${x} ${y}l-9 -4v8z"/>` : html`<path class="tip" d="M${x} ${y}l9 -4v8z"/>`;

export const takenText = ({ mark, rule, step, guilty }: SegmentEvent): string => {
  const where = mark === 'sentinel' || mark === 'closing' || mark === 'foreign' ? '' : `step ${step}, `;
  const how = rule === undefined ? mark : `${mark}: ${rule}`;
  return `${where}${how}${guilty === undefined || mark === 'mismatched' || mark === 'unexpected' ? '' : `, ${guilty}`}`;
};

const stepText = ({ mark, rule, step }: SegmentEvent): string => {
  switch (mark) {
    case 'sentinel':
    case 'closing':
    case 'foreign':
      return mark;
    case 'ignored':
      return rule ?? 'ignored';
    case 'held':
      return 'not judged';
    case 'unexpected':
      return 'unexpected';
    case 'sent':
    case 'matched':
    case 'mismatched':
      return `step ${step.split(' ')[0]}${mark === 'mismatched' ? ' ✗' : ''}`;
  }
};

const drawGhost = (event: GhostEvent, y: number, ladder: Ladder): Markup => {
  const { implementationX, labelX, labelLength, stepX } = ladder;
  const to = xOf(event.path, ladder);
  return html`<g class="ghost"><title>Missing on path ${event.path}: ${event.label}</title>
<path class="line" d="M${implementationX} ${y}H${to}"/><path class="tip" d="M${to} ${y}l9 -4v8z"/>
<text class="label" x="${labelX}" y="${y - 5}">${fitted(event.label, labelLength)}</text>
<text class="step" x="${stepX}" y="${y + 4}">step ${event.step.split(' ')[0]} ✗</text></g>`;
};

const drawNote = (event: NoteEvent, y: number, { implementationX, labelX, labelLength }: Ladder): Markup =>
  html`<g class="note ${event.about}"><path d="M${implementationX} ${y - 4}l4 4l-4 4l-4 -4z"/><text class="label" x="${labelX}" y="${y + 4}">${fitted(event.label, labelLength)}</text></g>`;

/** A hatched or tinted field over the lifelines concerned, reaching to the implementation. */
const drawBand = ({ wait, top, bottom }: Span, ladder: Ladder): Markup => {
  const left = Math.min(...wait.paths.map((path) => xOf(path, ladder)), ladder.implementationX);
  const width = ladder.implementationX - left;
  return html`<g class="band ${wait.kind}"><title>${wait.label}</title><rect x="${left}" y="${top}" width="${width}" height="${bottom - top}"/></g>`;
};

/** Time was cut here. */
const drawFold = ({ y, label }: Fold, { lifelines }: Ladder): Markup => {
  const first = lifelines[0]?.x ?? 0;
  const cuts = lifelines.map(
    ({ x }) =>
      html`<path class="gap" d="M${x} ${y - 5}v10"/><path d="M${x - 5} ${y - 2}l10 -4M${x - 5} ${y + 6}l10 -4"/>`,
  );
  return html`<g class="fold"><title>${label} pass here</title>
<text class="axis" x="${first - timeGap}" y="${y + 4}">${label}</text>${cuts}</g>`;
};

const drawBracket = ({ wait, top, bottom, x, labelY }: Span, labelX: number): Markup =>
  html`<g class="bracket ${wait.kind}"><path d="M${x} ${top}h6V${bottom}h-6M${x + 6} ${(top + bottom) / 2}L${labelX} ${labelY - 4}"/><text class="label" x="${labelX + 4}" y="${labelY}">${wait.label}</text></g>`;
