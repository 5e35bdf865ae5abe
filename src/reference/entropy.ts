/**
 * Every random choice of a host, drawn from its seed: initial sequence numbers, keys, nonces and ports. The same seed and the
 * same inputs give the same octets (RFC 6824 section 3.1 asks for keys that are hard to guess: so is the seed to be chosen).
 */
import { deriveOctets } from '../protocol/keys/derive-octets.js';
import { type Seq, seq } from '../protocol/wire/seq.js';

/** Octets drawn at once; one derivation serves several numbers. */
const batch = 64;

/** Batches derived lately: whoever makes the same host over and over derives them once. */
const recent = new Map<string, Uint8Array>();
const keptRecent = 32;

const drawBatch = (seed: string, number: number): Uint8Array => {
  const label = `reference/${number}`;
  const name = `${label} ${seed}`;
  const known = recent.get(name);
  if (known !== undefined) return known;
  const octets = deriveOctets(seed, label, batch);
  for (const oldest of recent.keys()) {
    if (recent.size < keptRecent) break;
    recent.delete(oldest);
  }
  recent.set(name, octets);
  return octets;
};

export class Entropy {
  readonly #seed: string;
  #octets: DataView = new DataView(new ArrayBuffer(0));
  #used = 0;
  #batches = 0;
  #port: number | undefined;

  constructor(seed: string) {
    this.#seed = seed;
  }

  initialSequence(): Seq {
    return seq(this.#take(4).getUint32(0));
  }

  nonce(): number {
    return this.#take(4).getUint32(0);
  }

  /** 64 bits, never 0: a zero key would be indistinguishable from a missing one in logs and is a poor secret. */
  key(): bigint {
    const key = this.#take(8).getBigUint64(0);
    return key === 0n ? 1n : key;
  }

  /** Ephemeral ports 49152..65535 (RFC 6335 section 6), from a random start upwards. */
  port(): number {
    const last = this.#port ?? this.#take(2).getUint16(0) & 0x3fff;
    this.#port = (last + 1) & 0x3fff;
    return 49152 + this.#port;
  }

  /** How far the octets of the seed were drawn. */
  describe(): readonly unknown[] {
    return [this.#batches, this.#used, this.#port];
  }

  #take(count: number): DataView {
    if (this.#used + count > this.#octets.byteLength) {
      const octets = drawBatch(this.#seed, this.#batches++);
      this.#octets = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
      this.#used = 0;
    }
    const view = new DataView(this.#octets.buffer, this.#octets.byteOffset + this.#used, count);
    this.#used += count;
    return view;
  }
}
