/**
 * Reads the YAML that case files are made of, quickly: maps with plain keys, lists and scalars, without anchors, tags,
 * empty values or a second document. Whatever is unusual or wrong is left to `yaml-document.ts`, which says where and
 * why, and is slow: it took half of the time in which the catalogue was read. What both read, they read alike, to the
 * column. Keeping what was read in a cache was considered: it would have to be written somewhere and could be stale.
 */
import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE } from 'js-yaml';
import type { Path } from './problem.js';

/** A value and where it and its parts are written, as offsets into the text. */
interface Part {
  readonly start: number;
  readonly value: unknown;
  readonly items?: readonly Part[];
  readonly entries?: readonly Entry[];
}

interface Entry {
  readonly key: string;
  readonly start: number;
  readonly part: Part;
}

export interface PlainYaml {
  readonly value: unknown;
  /** Where the value at `path`, or its key, is written; of a path that leads nowhere, the nearest thing around it. */
  offsetOf(path: Path, at: 'value' | 'key'): number;
}

type DocumentEvent = Extract<Event, { type: typeof EVENT_ID.DOCUMENT }>;
type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;
type Collection = Extract<Event, { type: typeof EVENT_ID.SEQUENCE | typeof EVENT_ID.MAPPING }>;

/** Thrown for what is not plain; never seen outside. */
class Unusual extends Error {}

/** The content, or undefined where only the careful reading can tell. */
export function readPlainYaml(text: string): PlainYaml | undefined {
  // Line ends other than one character, and what editors hide, would shift columns.
  if (/[\r\t\uFEFF\u0085\u2028\u2029]/.test(text)) return undefined;
  try {
    const events = parseEvents(text, {});
    const [document] = events;
    if (document?.type !== EVENT_ID.DOCUMENT || isMarked(document)) return undefined;
    const reader = new Reader(text, events);
    const root = reader.read();
    if (!reader.isAtEnd()) return undefined;
    return { value: root.value, offsetOf: (path, at) => offsetOf(root, path, at) };
  } catch {
    return undefined;
  }
}

/** Whether signs show where it begins or ends, or how it is to be read. */
const isMarked = ({ explicitStart, explicitEnd, directives }: DocumentEvent): boolean =>
  explicitStart || explicitEnd || directives.length > 0;

function offsetOf(root: Part, path: Path, at: 'value' | 'key'): number {
  let part = root;
  let offset = root.start;
  for (const [depth, step] of path.entries()) {
    const entry = part.entries?.find(({ key }) => key === String(step));
    const found = entry?.part ?? part.items?.[Number(step)];
    if (found === undefined) break;
    const last = depth === path.length - 1;
    offset = last && at === 'key' ? (entry?.start ?? offset) : found.start;
    part = found;
  }
  return offset;
}

/** Goes once through the events behind that of the document. */
class Reader {
  readonly #text: string;
  readonly #events: readonly Event[];
  #next = 1;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  /** Whether nothing but the end of the document is left. */
  isAtEnd(): boolean {
    return this.#events[this.#next]?.type === EVENT_ID.POP && this.#next === this.#events.length - 1;
  }

  read(): Part {
    const event = this.#events[this.#next];
    this.#next += 1;
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#scalar(event);
      case EVENT_ID.SEQUENCE:
        return this.#list(event);
      case EVENT_ID.MAPPING:
        return this.#map(event);
      default:
        throw new Unusual();
    }
  }

  #list(event: Collection): Part {
    refuseMarks(event);
    const items: Part[] = [];
    while (!this.#ended()) items.push(this.read());
    return { start: event.start, value: items.map(({ value }) => value), items };
  }

  #map(event: Collection): Part {
    refuseMarks(event);
    const value: Record<string, unknown> = {};
    const entries: Entry[] = [];
    while (!this.#ended()) {
      const { value: written, start } = this.read();
      const key = keyOf(written);
      if (key === '__proto__' || Object.hasOwn(value, key)) throw new Unusual();
      const part = this.read();
      value[key] = part.value;
      entries.push({ key, start, part });
    }
    return { start: event.start, value, entries };
  }

  #ended(): boolean {
    if (this.#events[this.#next]?.type !== EVENT_ID.POP) return false;
    this.#next += 1;
    return true;
  }

  #scalar(event: ScalarEvent): Part {
    refuseMarks(event);
    const text = getScalarValue(this.#text, event);
    switch (event.style) {
      case SCALAR_STYLE.PLAIN:
        if (event.valueStart < 0) throw new Unusual();
        return { start: event.valueStart, value: plainValue(text) };
      case SCALAR_STYLE.SINGLE_QUOTED:
      case SCALAR_STYLE.DOUBLE_QUOTED:
        return { start: event.valueStart - 1, value: text };
      case SCALAR_STYLE.LITERAL_BLOCK:
        return { start: this.#blockStart('|', event.valueStart), value: text };
      case SCALAR_STYLE.FOLDED_BLOCK:
        return { start: this.#blockStart('>', event.valueStart), value: text };
    }
  }

  /** A block begins with its sign, at the end of the line before its text. */
  #blockStart(sign: string, valueStart: number): number {
    const start = this.#text.lastIndexOf(sign, valueStart);
    if (!/^.[-+0-9]* *\n$/.test(this.#text.slice(start, valueStart))) throw new Unusual();
    return start;
  }
}

function refuseMarks({ anchorStart, tagStart }: ScalarEvent | Collection): void {
  if (anchorStart >= 0 || tagStart >= 0) throw new Unusual();
}

/** Flows are numbered, so numbers are keys too. */
function keyOf(written: unknown): string {
  if (typeof written === 'string') return written;
  if (Number.isSafeInteger(written)) return String(written);
  throw new Unusual();
}

/** A scalar without quotes, by the core schema of YAML 1.2. */
function plainValue(text: string): unknown {
  // Only these begin anything but text, and most scalars begin otherwise.
  if (!/^[-+.0-9~nNtTfF]/.test(text)) return text;
  if (/^(?:~|[Nn]ull|NULL)$/.test(text)) return null;
  if (/^(?:[Tt]rue|TRUE)$/.test(text)) return true;
  if (/^(?:[Ff]alse|FALSE)$/.test(text)) return false;
  if (/^[-+]?[0-9]+$/.test(text)) return Number.parseInt(text, 10);
  if (/^0x[0-9a-fA-F]+$/.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^0o[0-7]+$/.test(text)) return Number.parseInt(text.slice(2), 8);
  if (/^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+)$/.test(text))
    return Number.parseFloat(text);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN;
  return text;
}
