/**
 * The ladder of a case for a terminal: the tester at the left, the implementation at the right, one arrow a segment, the
 * guilty one marked, below it field by field what was expected and what came. On a narrow terminal it is a list, one line
 * each. Colours only add emphasis: the text is complete without them, and no line is wider than `columns`.
 */
import pico from 'picocolors';
import { printable } from '../protocol/bytes/printable.js';
import type { Plan } from '../suite/scenario/plan.js';
import type { Trace } from '../suite/trace/trace.js';
import type { CaseResult } from '../suite/verdict/results.js';
import { type LadderEvent, type SegmentEvent, tellStory } from './html/ladder-events.js';
import { valueNames } from './html/ladder-label.js';
import { type QuotedRegister, quote, tellPlace, tellSentence } from './reported-cause.js';

export interface ShownCase {
  readonly plan: Plan;
  readonly trace: Trace;
  readonly result: CaseResult;
  readonly register?: QuotedRegister | undefined;
}

export interface Canvas {
  readonly colours: boolean;
  readonly columns: number;
}

/** Below this an arrow has no room for what it carries. */
const narrow = 76;
/** As wide as the time of a case that takes a quarter of an hour. */
const timeWidth = 14;

export const drawCase = (shown: ShownCase, canvas: Canvas): readonly string[] => {
  const { plan, trace, result } = shown;
  const { bold, dim } = pico.createColors(canvas.colours);
  const story = tellStory(plan, trace, result, valueNames(plan, trace));
  const draw = canvas.columns < narrow ? listLine : arrowLines;
  const lines = [
    ...wrap(`${result.id} on ${printable(result.subject)}`, canvas.columns).map(bold),
    ...wrap(printable(result.title), canvas.columns),
    '',
    ...(canvas.columns < narrow ? [] : [dim(heads(canvas.columns))]),
    ...story.events
      .filter(isTold)
      .flatMap((event) => [
        ...draw(event, canvas),
        ...(event.kind === 'segment' && event.guilty !== undefined ? wrongFields(event, result, canvas) : []),
      ]),
    '',
    ...verdictLines(shown, canvas),
  ];
  return lines;
};

/** Clean-up segments are no part of the case. */
const isTold = (event: LadderEvent): boolean => event.kind !== 'segment' || event.mark !== 'closing';

const heads = (columns: number): string => {
  const width = columns - timeWidth;
  return `${' '.repeat(timeWidth)}tester${'implementation'.padStart(width - 'tester'.length)}`;
};

const milliseconds = (at: bigint): string => `${(Number(at) / 1e6).toFixed(3)} ms`;

const timeOf = ({ at }: LadderEvent): string => milliseconds(at).padStart(timeWidth - 1);

const painter = ({ colours }: Canvas, event: LadderEvent): ((text: string) => string) => {
  const { red, yellow, dim, cyan, green, bold } = pico.createColors(colours);
  if (event.kind === 'ghost') return (text) => bold(red(text));
  if (event.kind === 'note') return dim;
  if (event.guilty !== undefined) return (text) => bold(red(text));
  switch (event.mark) {
    case 'matched':
      return green;
    case 'sent':
      return cyan;
    case 'mismatched':
    case 'unexpected':
      return red;
    case 'ignored':
    case 'held':
      return yellow;
    default:
      return dim;
  }
};

/** `→ SYN  mp_capable key A` across the width; the guilty one has `!!` before it. */
const arrowLines = (event: LadderEvent, canvas: Canvas): readonly string[] => {
  const paint = painter(canvas, event);
  const width = canvas.columns - timeWidth;
  if (event.kind === 'note') return [`${timeOf(event)} ${paint(clip(`· ${printable(event.label)}`, width))}`];
  const remark = event.kind === 'ghost' ? 'did not come' : takenWords(event);
  const label = clip(` ${printable(event.label)} `, width - remarkWidth - arrowEnds);
  const shaft = width - remarkWidth - label.length - arrowEnds;
  const [left, right] = [Math.floor(shaft / 2), Math.ceil(shaft / 2)];
  const line = event.kind === 'ghost' ? '·' : '─';
  const fromTester = event.kind === 'segment' && event.from === 'tester';
  const arrow = fromTester
    ? `├${line.repeat(left)}${label}${line.repeat(right)}▶`
    : `◀${line.repeat(left)}${label}${line.repeat(right)}┤`;
  const path = `${event.path}`;
  return [`${timeOf(event)} ${paint(arrow)} ${path} ${paint(clip(remark, remarkWidth - path.length - arrowEnds))}`];
};

const remarkWidth = 26;
const arrowEnds = 2;

const listLine = (event: LadderEvent, canvas: Canvas): readonly string[] => {
  const paint = painter(canvas, event);
  const time = milliseconds(event.at);
  if (event.kind === 'note') return wrap(`${time} · ${printable(event.label)}`, canvas.columns).map(paint);
  const sign = event.kind === 'ghost' ? '✗' : event.from === 'tester' ? '→' : '←';
  const remark = event.kind === 'ghost' ? 'did not come' : takenWords(event);
  return wrap(`${time} path ${event.path} ${sign} ${printable(event.label)} (${remark})`, canvas.columns).map(paint);
};

/** How a segment was taken, in words, with the step. */
const takenWords = ({ mark, step, guilty, rule }: SegmentEvent): string => {
  const at = /^\d/.test(step) ? ` ${step}` : '';
  if (guilty !== undefined) return `!! ${guilty}, step${at === '' ? ` ${step}` : at}`;
  switch (mark) {
    case 'sent':
      return `step${at}`;
    case 'matched':
      return `as expected, step${at}`;
    case 'ignored':
      return `passed over: ${rule ?? ''}`;
    default:
      return `${mark}${at === '' ? '' : `, step${at}`}`;
  }
};

/** The expected values of the guilty segment, field by field. */
const wrongFields = ({ entry }: SegmentEvent, { findings }: CaseResult, canvas: Canvas): readonly string[] => {
  const { red, bold } = pico.createColors(canvas.colours);
  const indent = ' '.repeat(Math.min(timeWidth, 2));
  const told = new Set<string>();
  return findings
    .filter(({ observation }) => observation === entry)
    .flatMap(({ differences = [] }) => differences)
    .filter(({ field, got }) => isFirst(told, `${field} ${got}`))
    .flatMap(({ field, expected, got, named, likely = [] }) => [
      ...wrap(`${indent}^ ${field}`, canvas.columns).map((line) => bold(red(line))),
      ...wrap(`${indent}  expected ${printable(expected)}`, canvas.columns),
      ...wrap(`${indent}  got      ${printable(got)}${named === undefined ? '' : ` (${named})`}`, canvas.columns).map(
        red,
      ),
      ...likely.flatMap((each) => wrap(`${indent}  likely   ${printable(each)}`, canvas.columns)),
    ]);
};

/** A case and a rule may report the same value, which is printed once. */
const isFirst = (told: Set<string>, value: string): boolean => !told.has(value) && told.add(value).has(value);

const verdictLines = ({ result, register }: ShownCase, canvas: Canvas): readonly string[] => {
  const { bold, red, green } = pico.createColors(canvas.colours);
  const isGood = result.verdict === 'pass' || result.verdict === 'info';
  const paint = (text: string): string => bold(isGood ? green(text) : red(text));
  const decisive = result.findings.find(({ verdict }) => verdict === result.verdict);
  const broken = (decisive?.requirements ?? []).map((id) => quote(id, register));
  // Which of several sentences is broken, is judged from all results of the run.
  const word = decisive?.rule === undefined && broken.length > 1 ? 'may break' : 'breaks';
  return [
    ...wrap(`${result.verdict}: ${printable(result.sentence)}`, canvas.columns).map((line, index) =>
      index === 0 ? paint(line) : line,
    ),
    ...broken.flatMap((each) =>
      wrap(`${word} ${tellSentence(each)}${each.statement === undefined ? '' : `: ${each.statement}`}`, canvas.columns),
    ),
    ...(decisive?.right ?? []).flatMap((each) => wrap(`right would be ${printable(each)}`, canvas.columns)),
    ...(decisive?.place === undefined ? [] : wrap(`step at ${tellPlace(decisive.place)}`, canvas.columns)),
  ];
};

const clip = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

/** Lines of at most so many characters, broken at blanks where there are any. */
const wrap = (text: string, columns: number): readonly string[] => {
  const width = Math.max(columns, 20);
  const indent = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = '';
  for (const word of text.trimStart().split(' ')) {
    const started = line === '' ? indent + word : `${line} ${word}`;
    if (started.length <= width || line === '') line = started;
    else {
      lines.push(line);
      line = `${indent}  ${word}`;
    }
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = `${indent}  ${line.slice(width)}`;
    }
  }
  return [...lines, line];
};
