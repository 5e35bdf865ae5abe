/** The latest mappings of one end of a subflow, to compare later mappings and to find the place of octets. */

export interface DeclaredMapping {
  readonly dsn: bigint;
  /** Relative to the SYN, which is 0. */
  readonly ssn: number;
  /** Octets of payload. */
  readonly payloadLength: number;
  /** Octets after the first of the data sequence; undefined if the key was not known. */
  readonly place: number | undefined;
  readonly frame: number;
}

/** Number of mappings kept: at most a window of them is under way. */
const most = 64;

export class DeclaredMappings {
  readonly #known: DeclaredMapping[] = [];

  /** A mapping that gives some of the same octets another place, if any. */
  conflicting(mapping: DeclaredMapping): DeclaredMapping | undefined {
    return this.#known.find((known) => overlap(known, mapping) && !agree(known, mapping));
  }

  add(mapping: DeclaredMapping): void {
    if (mapping.payloadLength === 0) return;
    const last = this.#known.at(-1);
    if (last?.ssn === mapping.ssn && last.dsn === mapping.dsn && last.payloadLength === mapping.payloadLength) return;
    this.#known.push(mapping);
    if (this.#known.length > most) this.#known.shift();
  }

  /** The mapping that covers an octet of the subflow, the latest declared. */
  covering(at: number): DeclaredMapping | undefined {
    return this.#known.findLast(({ ssn, payloadLength }) => ssn <= at && at < ssn + payloadLength);
  }
}

const overlap = (a: DeclaredMapping, b: DeclaredMapping): boolean =>
  a.ssn < b.ssn + b.payloadLength && b.ssn < a.ssn + a.payloadLength;

/** Whether two mappings of the same octets put them at the same place. */
const agree = (a: DeclaredMapping, b: DeclaredMapping): boolean =>
  a.place === undefined || b.place === undefined
    ? a.dsn - BigInt(a.ssn) === b.dsn - BigInt(b.ssn)
    : a.place - a.ssn === b.place - b.ssn;
