/**
 * The trace of a case while it grows: a chain in which each link is a new entry, or a remark on an earlier one. Adding
 * takes constant time, and no link changes, so the interpreter stays pure without copying its trace at each event. The
 * text of a remark is computed only when the trace is read.
 */
import type { Trace, TraceEntry, TraceNote } from '../trace/trace.js';

/** A note whose text may not have been computed yet. */
export interface Remark extends Omit<TraceNote, 'text'> {
  readonly text: string | (() => string);
}

/** An entry of which nothing is said. */
export type Bare = Omit<TraceEntry, 'note'>;

export interface History {
  /** Number of entries up to here. */
  readonly length: number;
  readonly before: History | undefined;
  /** The entry that this link adds; undefined: it is only a remark on an earlier one. */
  readonly added: Bare | undefined;
  readonly remark: { readonly on: number; readonly note: Remark } | undefined;
}

export const emptyHistory: History = { length: 0, before: undefined, added: undefined, remark: undefined };

export const append = (history: History, added: Bare, note?: Remark): History => ({
  length: history.length + 1,
  before: history,
  added,
  remark: note === undefined ? undefined : { on: history.length, note },
});

/** Adds a remark to an entry, by its place; a later remark replaces an earlier one. */
export const remarkOn = (history: History, on: number, note: Remark): History => ({
  length: history.length,
  before: history,
  added: undefined,
  remark: { on, note },
});

/** The entries without remarks, the latest first. */
export function* backwards(history: History): Generator<Bare> {
  for (let link: History | undefined = history; link !== undefined; link = link.before)
    if (link.added !== undefined) yield link.added;
}

/** The entries without what was made of them, in order. */
export const entriesOf = (history: History): readonly Bare[] => [...backwards(history)].reverse();

/** The step that what was made of an entry speaks of. */
export const stepOf = (history: History, on: number): string | undefined => {
  for (let link: History | undefined = history; link !== undefined; link = link.before)
    if (link.remark?.on === on) return link.remark.note.step;
  return undefined;
};

/** The whole trace, in order. */
export const traceOf = (history: History): Trace => {
  const entries: TraceEntry[] = [];
  const remarks = new Map<number, Remark>();
  for (let link: History | undefined = history; link !== undefined; link = link.before) {
    if (link.remark !== undefined && !remarks.has(link.remark.on)) remarks.set(link.remark.on, link.remark.note);
    if (link.added === undefined) continue;
    const remark = remarks.get(link.length - 1);
    entries.push(remark === undefined ? link.added : { ...link.added, note: written(remark) });
  }
  return entries.reverse();
};

/** The text is computed when it is first read. */
const written = ({ step, taken, flow, rule, text }: Remark): TraceNote => {
  let line = typeof text === 'string' ? text : undefined;
  return {
    step,
    taken,
    ...(flow === undefined ? {} : { flow }),
    ...(rule === undefined ? {} : { rule }),
    get text() {
      line ??= typeof text === 'string' ? text : text();
      return line;
    },
  };
};
