/**
 * The appearance of verdicts, standings and other words of judgement: a class for the colour, and a sign for readers who
 * see no colours.
 */
import type { Verdict } from '../../suite/verdict/verdict.js';
import { type Content, html, type Markup } from './markup.js';

/** The text; the style sheet adds the sign before it. */
const words: Readonly<Record<Verdict, string>> = {
  pass: 'pass',
  info: 'info',
  nonstrict: 'nonstrict',
  inconclusive: 'inconclusive',
  fail: 'fail',
  error: 'error',
  'not-applicable': 'not applicable',
  unsupported: 'unsupported',
  'not-run': 'not run',
};

export const verdictWord = (verdict: Verdict): string => words[verdict];

/** A verdict as a badge. */
export const verdictMark = (verdict: Verdict): Markup => html`<b class="v ${verdict}">${words[verdict]}</b>`;

/** Something else that came out with a verdict, such as one expansion of a case. */
export const verdictChip = (verdict: Verdict, text: string, link?: string): Markup =>
  link === undefined
    ? html`<b class="v ${verdict}">${text}</b>`
    : html`<a class="v ${verdict}" href="#${link}">${text}</a>`;

/** The meaning of each, for first readers of a report. */
export const verdictMeanings: readonly (readonly [Verdict, string])[] = [
  ['pass', 'everything that MUST and SHOULD hold did'],
  ['info', 'the sources are silent; what was seen is recorded'],
  ['nonstrict', 'what MUST hold did, what SHOULD hold did not'],
  ['inconclusive', 'the stimulus or the evidence does not suffice for a judgement'],
  ['fail', 'something that MUST hold did not'],
  ['error', 'the tester, its surroundings or the case are at fault: no verdict'],
  ['not-applicable', 'by the claims of the implementation, decided before the run'],
  ['unsupported', 'the control side cannot do what the case needs'],
  ['not-run', 'planned, but not reached'],
];

/** The verdict that represents several: the one that most needs attention. */
const attention: readonly Verdict[] = [
  'error',
  'fail',
  'unsupported',
  'inconclusive',
  'not-run',
  'nonstrict',
  'info',
  'pass',
  'not-applicable',
];

export const gravestVerdict = (verdicts: readonly Verdict[]): Verdict =>
  attention.find((verdict) => verdicts.includes(verdict)) ?? 'not-applicable';

/** Pieces with a separator between them. */
export const joined = (pieces: readonly Content[], separator: Content): Content =>
  pieces.map((piece, index) => (index === 0 ? piece : [separator, piece]));
