/**
 * Cuts a byte stream into lines. Guarantees: every line is delivered once and without its line feed; a line longer than
 * `longest` octets, or octets that are not UTF-8, end the reading with a complaint.
 */
const lineFeed = 0x0a;

export interface LineSink {
  line(text: string): void;
  complaint(why: string): void;
}

/** Takes the chunks of one stream, in order. */
export class LineReader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #pending: Uint8Array[] = [];
  #pendingLength = 0;
  #broken = false;

  constructor(
    private readonly sink: LineSink,
    private readonly longest: number,
  ) {}

  take(chunk: Uint8Array): void {
    let start = 0;
    while (!this.#broken) {
      const end = chunk.indexOf(lineFeed, start);
      if (end < 0) break;
      this.#keep(chunk.subarray(start, end));
      this.#flush();
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** The stream has ended: the rest without a line feed is delivered as a line. */
  end(): void {
    if (this.#pendingLength > 0) this.#flush();
  }

  #keep(octets: Uint8Array): void {
    if (this.#broken || octets.length === 0) return;
    this.#pendingLength += octets.length;
    if (this.#pendingLength > this.longest) {
      this.#complain(`a line longer than ${this.longest} octets`);
      return;
    }
    this.#pending.push(octets.slice());
  }

  #flush(): void {
    if (this.#broken) return;
    const octets = Buffer.concat(this.#pending, this.#pendingLength);
    this.#pending = [];
    this.#pendingLength = 0;
    let text: string;
    try {
      text = this.#decoder.decode(octets);
    } catch {
      this.#complain(`octets that are not UTF-8: ${octets.subarray(0, 32).toString('hex')}`);
      return;
    }
    this.sink.line(text);
  }

  #complain(why: string): void {
    this.#broken = true;
    this.#pending = [];
    this.#pendingLength = 0;
    this.sink.complaint(why);
  }
}
