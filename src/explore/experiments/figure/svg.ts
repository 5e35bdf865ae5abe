/**
 * SVG as text: elements from a name, attributes and children. A figure is one `<svg>` that can stand alone or in a page; it
 * has a title and a description for those who do not see it, and colours for light and dark surroundings.
 */
import { wrapWords } from '../wrap-words.js';

type Attribute = string | number;

export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const round = (value: Attribute): string =>
  typeof value === 'number' ? String(Math.round(value * 100) / 100) : escapeText(value);

/** One element; children are SVG already. */
export const element = (
  name: string,
  attributes: Readonly<Record<string, Attribute>>,
  ...children: readonly string[]
): string => {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${round(value)}"`);
  const opening = `<${name}${written.join('')}`;
  return children.length === 0 ? `${opening}/>` : `${opening}>${children.join('')}</${name}>`;
};

export const text = (content: string, attributes: Readonly<Record<string, Attribute>>): string =>
  element('text', attributes, escapeText(content));

/** Colours that differ for every kind of sight (Okabe and Ito), each with a dash of its own. */
const strokes: readonly { readonly light: string; readonly dark: string; readonly dash: string }[] = [
  { light: '#d55e00', dark: '#ff8a3d', dash: 'none' },
  { light: '#0072b2', dark: '#56b4e9', dash: 'none' },
  { light: '#007a5a', dark: '#2fd3a5', dash: '7 3' },
  { light: '#a3487f', dark: '#e59cc6', dash: '2 3' },
  { light: '#7a6a00', dark: '#f0e442', dash: '9 3 2 3' },
  { light: '#444444', dark: '#cccccc', dash: '4 4' },
];

/** The class of the n-th series; after the last colour they begin again. */
export const seriesClass = (index: number): string => `s${index % strokes.length}`;

const colours = (theme: 'light' | 'dark'): string =>
  strokes.map((each, index) => `.robe-figure .s${index}{--c:${each[theme]}}`).join('');

const style = [
  '.robe-figure{--ink:#1a1a1a;--soft:#595959;--rule:#dddddd;--paper:#ffffff;font:13px system-ui,sans-serif}',
  '.robe-figure text{fill:var(--ink)}.robe-figure .soft{fill:var(--soft)}.robe-figure .paper{fill:var(--paper)}',
  '.robe-figure .title{font-size:17px;font-weight:600}.robe-figure .rule{stroke:var(--rule);stroke-width:1}',
  '.robe-figure .line{fill:none;stroke:var(--c);stroke-width:2}.robe-figure .band{fill:var(--c);opacity:.2}',
  '.robe-figure .mark{fill:var(--c)}.robe-figure .hollow{fill:none;stroke:var(--c);stroke-width:1.5}',
  '.robe-figure .whisker{stroke:var(--ink);stroke-width:1.2;fill:none}',
  '.robe-figure .formula{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:1 3;stroke-linecap:round;fill:none}',
  // Text on top of lines keeps a margin of its own.
  '.robe-figure .over{paint-order:stroke;stroke:var(--paper);stroke-width:5px;stroke-linejoin:round}',
  '.robe-figure .heading{font-weight:600}',
  ...strokes.map(({ dash }, index) => `.robe-figure .s${index} .line{stroke-dasharray:${dash}}`),
  colours('light'),
  `@media (prefers-color-scheme:dark){.robe-figure{--ink:#f0f0f0;--soft:#b3b3b3;--rule:#3d3d3d;--paper:#161616}${colours('dark')}}`,
].join('');

export interface FigureText {
  readonly title: string;
  readonly subtitle: string;
  /** What the paper says, and what was measured, under the drawing. */
  readonly caption: readonly string[];
}

const margin = 16;
const lineHeight = 18;
/** Of the widest usual fonts, on average. */
const characterWidth = 7.3;
/** Where the drawing begins below title and subtitle. */
export const figureTop = 58;

/** A whole figure around a drawing that ends at `bottom`. */
export const figure = (
  { title, subtitle, caption }: FigureText,
  size: { readonly width: number; readonly bottom: number },
  ...drawing: readonly string[]
): string => {
  const lines = caption.flatMap((sentence) =>
    wrapWords(sentence, Math.floor((size.width - 2 * margin) / characterWidth)),
  );
  const height = size.bottom + lines.length * lineHeight + margin;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'robe-figure',
      viewBox: `0 0 ${size.width} ${height}`,
      width: size.width,
      height,
      role: 'img',
    },
    element('title', {}, escapeText(title)),
    element('desc', {}, escapeText([subtitle, ...caption].join(' '))),
    element('style', {}, style),
    element('rect', { class: 'paper', width: size.width, height }),
    text(title, { class: 'title', x: margin, y: 26 }),
    text(subtitle, { class: 'soft', x: margin, y: 46 }),
    ...drawing,
    ...lines.map((line, index) => text(line, { class: 'soft', x: margin, y: size.bottom + (index + 1) * lineHeight })),
  );
};
