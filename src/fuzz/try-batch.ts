/**
 * Batches of damaged inputs. Each input follows from seed, reader, batch and its own number alone, so that one of them
 * can be repeated without those before it, on any machine.
 */
import { uint32 } from '../protocol/bytes/octets.js';
import { chooser } from '../protocol/fuzz/mutations.js';
import { deriveOctets } from '../protocol/keys/derive-octets.js';
import type { Find } from './hunt.js';
import type { Reader } from './reader.js';

/** The originals of a reader, made once. */
const kept = new WeakMap<Reader, readonly Uint8Array[]>();
const originalsOf = (reader: Reader): readonly Uint8Array[] => {
  const originals = kept.get(reader) ?? reader.originals();
  kept.set(reader, originals);
  return originals;
};

/** One damaged input. */
export const inputOf = (reader: Reader, seed: string, batch: number, input: number): Uint8Array => {
  const choose = chooser(uint32(deriveOctets(seed, `${reader.name}/${batch}/${input}`, 4), 0));
  const originals = originalsOf(reader);
  const pick = (): Uint8Array => originals[choose(originals.length)] ?? new Uint8Array(0);
  return reader.damage(pick(), choose, pick());
};

/** The violated conditions of an input, including a thrown error. */
export const judgeInput = async (reader: Reader, octets: Uint8Array): Promise<string | undefined> => {
  try {
    return await reader.read(octets);
  } catch (cause) {
    return `threw ${cause instanceof Error ? cause.message : String(cause)}`;
  }
};

/** Everything found in one batch. */
export const tryBatch = async (reader: Reader, seed: string, batch: number): Promise<readonly Find[]> => {
  const finds: Find[] = [];
  for (let at = 0; at < reader.batch; at++) {
    const what = await judgeInput(reader, inputOf(reader, seed, batch, at));
    if (what !== undefined) finds.push({ at, what });
  }
  return finds;
};
