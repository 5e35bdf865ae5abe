/**
 * A stream of chunks read as octets: ask for as many as the next structure needs, take them, go on. Readers await only when
 * the octets at hand do not suffice.
 */
export class OctetSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffer: Uint8Array = new Uint8Array(0);
  #at = 0;
  #offset = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Octets taken so far: the offset in the file of the next one. */
  get offset(): number {
    return this.#offset;
  }

  get available(): number {
    return this.#buffer.length - this.#at;
  }

  /** Whether `count` octets are at hand; reads on while they are not and the stream has more. */
  async fill(count: number): Promise<boolean> {
    if (this.available >= count) return true;
    const parts: Uint8Array[] = this.available === 0 ? [] : [this.#buffer.subarray(this.#at)];
    let length = this.available;
    while (length < count) {
      const next = await this.#chunks.next();
      if (next.done === true) break;
      parts.push(next.value);
      length += next.value.length;
    }
    this.#buffer = joined(parts, length);
    this.#at = 0;
    return length >= count;
  }

  /** A view of the next `count` octets without taking them; shorter when fewer are at hand. Valid until the next fill. */
  peek(count: number): Uint8Array {
    return this.#buffer.subarray(this.#at, this.#at + count);
  }

  /** Takes the next `count` octets, which must be at hand, as a view; later fills leave it untouched. */
  take(count: number): Uint8Array {
    const taken = this.peek(count);
    this.#at += taken.length;
    this.#offset += taken.length;
    return taken;
  }

  /** Lets the stream go, so that its file is closed although it was not read to its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

/** Plain octets: on a Buffer, which streams give, `slice` would be a view and keep the whole chunk in memory. */
function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1)
    return new Uint8Array(first.buffer, first.byteOffset, first.byteLength);
  const octets = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    octets.set(part, at);
    at += part.length;
  }
  return octets;
}
