/**
 * The note that a capture of ours carries in its section header, as one line of JSON: the case, its seed, settings and
 * surroundings, and all events besides frames. With it the capture alone can be judged again. If a trace has too many
 * such events for the note, there is no note: its directory has all of them anyway.
 */
import type { Surroundings } from '../suite/scenario/contract.js';
import type { Plan, PlanSettings } from '../suite/scenario/plan.js';
import type { Trace } from '../suite/trace/trace.js';
import { type Unseen, unseenOf } from '../suite/trace/unseen.js';
import type { CaseResult } from '../suite/verdict/results.js';
import { readLossless, writeLossless } from './lossless-json.js';

export interface RecordingNote {
  readonly case: string;
  /** Of the case. */
  readonly version: number;
  readonly subject: string;
  readonly verdict: CaseResult['verdict'];
  readonly signature?: string;
  readonly settings: PlanSettings;
  readonly surroundings: Surroundings;
  readonly unseen: readonly Unseen[];
  /** How much too late the stamps of arriving frames may be, in the order of the capture; absent: none is. */
  readonly errors?: readonly bigint[];
}

const mark = 'robe-recording';
const format = 1;
/** An option of a pcapng block holds 65,535 octets. */
const longest = 60_000;

/** Undefined when it would not fit. */
export const writeRecordingNote = (plan: Plan, trace: Trace, result: CaseResult): string | undefined => {
  const { case: subject, surroundings, ...settings } = plan;
  const errors = trace.flatMap(({ entry }) => ('event' in entry && entry.event === 'frame' ? [entry.error] : []));
  const note: RecordingNote = {
    case: subject.id,
    version: subject.version,
    subject: result.subject,
    verdict: result.verdict,
    ...(result.signature === undefined ? {} : { signature: result.signature }),
    settings,
    surroundings,
    unseen: unseenOf(trace),
    ...(errors.every((error) => error === 0n) ? {} : { errors }),
  };
  const text = writeLossless({ [mark]: format, ...note });
  return text.length > longest ? undefined : text;
};

/** The note among the comments of a capture, if one of them is a note of this form. */
export const readRecordingNote = (comments: readonly string[]): RecordingNote | undefined => {
  for (const comment of comments) {
    const read = parse(comment);
    if (isNote(read)) return read;
  }
  return undefined;
};

const parse = (text: string): unknown => {
  if (!text.startsWith(`{"${mark}"`)) return undefined;
  try {
    return readLossless(text);
  } catch {
    return undefined;
  }
};

const isNote = (value: unknown): value is RecordingNote =>
  typeof value === 'object' &&
  value !== null &&
  mark in value &&
  value[mark] === format &&
  'case' in value &&
  typeof value.case === 'string' &&
  'settings' in value &&
  'surroundings' in value &&
  'unseen' in value &&
  Array.isArray(value.unseen);
