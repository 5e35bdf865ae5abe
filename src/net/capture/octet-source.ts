/**
 * A stream of octets to be read structure by structure: request as many as the next structure needs, take them, continue.
 * Everything goes through one buffer, so that a file of any size needs the same memory: taken octets are valid until the
 * next fill. Readers await only if the buffered octets do not suffice.
 */
import { readSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Where octets come from. */
export interface OctetInput {
  /** Writes some octets from `at` on, at least one unless there are no more, and returns how many. */
  readInto(buffer: Uint8Array, at: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * A file. Rejects with the error of the file system. A regular file is read synchronously, since its octets are available
 * at once; a pipe may block.
 */
export const fileInput = async (path: string): Promise<OctetInput> => {
  const file = await open(path);
  const isRegular = (await file.stat()).isFile();
  return {
    readInto: async (buffer, at) =>
      isRegular
        ? readSync(file.fd, buffer, at, buffer.length - at, null)
        : (await file.read(buffer, at, buffer.length - at)).bytesRead,
    close: () => file.close(),
  };
};

/** Chunks of any size. */
export const chunksInput = (chunks: AsyncIterable<Uint8Array>): OctetInput => {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  return {
    async readInto(buffer, at) {
      while (rest.length === 0) {
        const next = await iterator.next();
        if (next.done === true) return 0;
        rest = next.value;
      }
      const read = Math.min(rest.length, buffer.length - at);
      buffer.set(rest.subarray(0, read), at);
      rest = rest.subarray(read);
      return read;
    },
    async close() {
      await iterator.return?.();
    },
  };
};

const usualSize = 1024 * 1024;

export class OctetSource {
  readonly #input: OctetInput;
  #buffer: Uint8Array = new Uint8Array(usualSize);
  #at = 0;
  #end = 0;
  #offset = 0;

  constructor(input: OctetInput) {
    this.#input = input;
  }

  /** Octets taken so far: the offset in the file of the next one. */
  get offset(): number {
    return this.#offset;
  }

  get available(): number {
    return this.#end - this.#at;
  }

  /** Whether `count` octets are buffered; reads more if they are not and the input has more. */
  async fill(count: number): Promise<boolean> {
    if (this.available >= count) return true;
    this.#makeRoom(count);
    while (this.available < count) {
      const read = await this.#input.readInto(this.#buffer, this.#end);
      if (read === 0) return false;
      this.#end += read;
    }
    return true;
  }

  /** A view of the next `count` octets without taking them; shorter if fewer are buffered. Valid until the next fill. */
  peek(count: number): Uint8Array {
    return this.#buffer.subarray(this.#at, Math.min(this.#end, this.#at + count));
  }

  /** Takes the next `count` octets, which must be buffered, as a view that is valid until the next fill. */
  take(count: number): Uint8Array {
    const taken = this.peek(count);
    this.#at += taken.length;
    this.#offset += taken.length;
    return taken;
  }

  /** Closes the input before its end. */
  async close(): Promise<void> {
    await this.#input.close();
  }

  /** Moves the buffered octets to the front of a buffer that has room for `count` octets and some more. */
  #makeRoom(count: number): void {
    const left = this.#buffer.subarray(this.#at, this.#end);
    if (count <= this.#buffer.length) this.#buffer.copyWithin(0, this.#at, this.#end);
    else {
      this.#buffer = new Uint8Array(count + usualSize);
      this.#buffer.set(left);
    }
    this.#end = left.length;
    this.#at = 0;
  }
}
