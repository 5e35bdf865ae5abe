/** Hunts: batches of random tries, each a function of a seed and its number, and their findings. */
import type { Reader } from './reader.js';
import { tryBatch } from './try-batch.js';

export interface Find {
  /** Which try of its batch, from 0. */
  readonly at: number;
  /** The violated condition. */
  readonly what: string;
}

export interface Hunt {
  readonly name: string;
  /** The condition of every try. */
  readonly promises: string;
  /** Tries in one batch. */
  readonly batch: number;
  tryBatch(seed: string, batch: number): Promise<readonly Find[]>;
  /** The arguments of `robe` that repeat a finding. */
  again(seed: string, batch: number, find: Find): string;
}

export const huntOf = (reader: Reader): Hunt => ({
  name: reader.name,
  promises: reader.promises,
  batch: reader.batch,
  tryBatch: (seed, batch) => tryBatch(reader, seed, batch),
  again: (seed, batch, { at }) => `fuzz --at ${reader.name}/${batch}/${at} --seed ${seed}`,
});
