/**
 * A state by a short code: two states get the same one only if they are the same but for the identity of their objects. Records
 * count with all their members, so a member that is added later is part of the code by itself; functions are left out, for
 * what they work with has to be reachable as data; objects of a class, which may keep members to themselves, tell them by
 * `describe`, and are refused when they do not.
 * What refers to itself in a circle is written once and named by its number afterwards.
 *
 * The state is written as words of 32 bits, which can be read in one way only, and these are hashed. Names, texts and big
 * numbers are words of a vocabulary that grows with use: codes of one vocabulary can be compared, those of two cannot.
 */
import { hash } from 'node:crypto';

interface Describable {
  describe(): unknown;
}

const isDescribable = (value: object): value is Describable =>
  typeof (value as { readonly describe?: unknown }).describe === 'function';

/** The first words of the vocabulary. After `int` comes a number, after `octets` a count and one word an octet, after `again` the number of an object. */
const Word = {
  end: 0,
  array: 1,
  record: 2,
  map: 3,
  set: 4,
  closed: 5,
  octets: 6,
  int: 7,
  again: 8,
  first: 9,
} as const;

export class StateCode {
  readonly #vocabulary = new Map<unknown, number>();
  readonly #numbers = new Map<object, number>();
  #words = new Int32Array(4096);
  #length = 0;

  /** 160 bits: that two states of one search share them by chance is out of the question. Throws for what is no state. */
  of(root: unknown): string {
    this.#numbers.clear();
    this.#length = 0;
    this.#write(root);
    return hash('sha1', this.#words.subarray(0, this.#length), 'base64');
  }

  #put(word: number): void {
    if (this.#length === this.#words.length) {
      const longer = new Int32Array(this.#words.length * 2);
      longer.set(this.#words);
      this.#words = longer;
    }
    this.#words[this.#length++] = word;
  }

  #putWord(value: unknown): void {
    let word = this.#vocabulary.get(value);
    if (word === undefined) {
      word = Word.first + this.#vocabulary.size;
      this.#vocabulary.set(value, word);
    }
    this.#put(word);
  }

  #write(value: unknown): void {
    switch (typeof value) {
      case 'number':
        if (value === (value | 0)) {
          this.#put(Word.int);
          this.#put(value);
        } else this.#putWord(value);
        return;
      case 'object':
        if (value === null) this.#putWord(value);
        else this.#writeObject(value);
        return;
      case 'string':
      case 'bigint':
      case 'boolean':
      case 'undefined':
        this.#putWord(value);
        return;
      case 'function':
      case 'symbol':
        throw new Error(`a ${typeof value} is no state`);
    }
  }

  #writeObject(value: object): void {
    const number = this.#numbers.get(value);
    if (number !== undefined) {
      this.#put(Word.again);
      this.#put(number);
      return;
    }
    this.#numbers.set(value, this.#numbers.size);
    if (isDescribable(value)) {
      this.#put(Word.closed);
      this.#write(value.describe());
    } else if (Object.getPrototypeOf(value) === Object.prototype) this.#writeRecord(value);
    else if (Array.isArray(value)) this.#writeAll(Word.array, value);
    else if (value instanceof Uint8Array) this.#writeOctets(value);
    else if (value instanceof Map) this.#writeMap(value);
    else if (value instanceof Set) this.#writeAll(Word.set, value);
    else throw new Error(`a ${value.constructor.name} that does not describe itself may be more than its members tell`);
  }

  #writeOctets(octets: Uint8Array): void {
    this.#put(Word.octets);
    this.#put(octets.length);
    for (const octet of octets) this.#put(octet);
  }

  #writeAll(kind: number, values: Iterable<unknown>): void {
    this.#put(kind);
    for (const value of values) this.#write(value);
    this.#put(Word.end);
  }

  #writeMap(map: ReadonlyMap<unknown, unknown>): void {
    this.#put(Word.map);
    for (const [key, member] of map) {
      this.#write(key);
      this.#write(member);
    }
    this.#put(Word.end);
  }

  #writeRecord(value: object): void {
    this.#put(Word.record);
    const names = Object.keys(value);
    const members: readonly unknown[] = Object.values(value);
    for (let at = 0; at < names.length; at += 1) {
      const member = members[at];
      if (typeof member === 'function') continue;
      this.#putWord(names[at]);
      this.#write(member);
    }
    this.#put(Word.end);
  }
}
