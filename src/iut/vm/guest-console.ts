/**
 * Reads what a guest writes to its serial console: the progress of its first program (`guest-script.ts`), and the kernel's
 * reports on itself (`kernel-report.ts`). It keeps the last lines, for messages. Octets that are no text are shown in hex.
 */
import { printable } from '../../protocol/bytes/printable.js';
import { type KernelReport, kindOfReport, type ReportKind } from './kernel-report.js';

export interface ConsoleSink {
  /** The words after `robe: `. */
  said(words: readonly string[]): void;
  /** When its first line has come; its other lines are added to it as they come. */
  reported(report: KernelReport): void;
}

const longestLine = 1000;
const keptLines = 50;
const longestReport = 120;
/** `[    1.234567] `, and who was at work, where the kernel tells that. */
const stamp = /^(?:<\d+>)?\[\s*\d+\.\d+\](?:\[\s*[TC]\d+\])?\s?/;
const endOfTrace = /^---\[ end (trace|Kernel panic)/;
/** Control sequences of a terminal, which firmware writes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with one
const terminalSequence = /\x1b(?:\[[0-9;?]*[A-Za-z]|[A-Za-z])/g;

interface OpenReport {
  readonly kind: ReportKind;
  readonly title: string;
  readonly lines: string[];
}

export class GuestConsole {
  readonly #sink: ConsoleSink;
  readonly #lines: string[] = [];
  #pending = '';
  #open: OpenReport | undefined;

  constructor(sink: ConsoleSink) {
    this.#sink = sink;
  }

  /** Octets as they come, in order. */
  take(chunk: Uint8Array): void {
    const [first = '', ...more] = Buffer.from(chunk).toString('latin1').split('\n');
    this.#pending = (this.#pending + first).slice(0, longestLine);
    for (const piece of more) {
      this.#line(this.#pending);
      this.#pending = piece.slice(0, longestLine);
    }
  }

  /** The stream has ended. */
  end(): void {
    if (this.#pending !== '') this.#line(this.#pending);
    this.#pending = '';
    this.#open = undefined;
  }

  /** The last lines without their times, the newest last. */
  last(count: number): readonly string[] {
    return this.#lines.slice(-count);
  }

  #line(raw: string): void {
    const text = printable(raw.replaceAll(terminalSequence, '').replaceAll('\r', ''), longestLine);
    if (text.trim() === '') return;
    const line = text.replace(stamp, '');
    this.#lines.push(line);
    if (this.#lines.length > keptLines) this.#lines.shift();
    const own = /^robe: (.*)$/.exec(line)?.[1];
    if (own !== undefined) {
      this.#open = undefined;
      this.#sink.said(own.split(' '));
      return;
    }
    this.#watch(text, line);
  }

  #watch(text: string, line: string): void {
    const kind = kindOfReport(line);
    if (this.#open !== undefined && (kind === undefined || belongs(this.#open, kind))) {
      this.#open.lines.push(text);
      const over = endOfTrace.test(line) || this.#open.lines.length >= longestReport;
      // The trace of a panic ends with the kernel itself, and what an oops leads to is told by its own first line.
      if (over && this.#open.kind !== 'panic') this.#open = undefined;
      return;
    }
    if (kind === undefined) return;
    this.#open = { kind, title: line, lines: [text] };
    this.#sink.reported(this.#open);
  }
}

/** A fault of memory is followed by its oops, and leaked objects by one another: one report. */
const belongs = (open: OpenReport, kind: ReportKind): boolean =>
  open.kind === kind ? kind === 'leak' : open.kind === 'bug' && kind === 'oops';
