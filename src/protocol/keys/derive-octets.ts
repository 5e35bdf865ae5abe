/**
 * Octets that look random and follow from a seed: HMAC-SHA-256 with the seed as key over `label` and a block counter.
 * Different labels give unrelated octets; the same seed, label and count give the same octets on every machine.
 */
import { putUint32 } from '../bytes/octets.js';
import { hmac } from './hash.js';

const counterSize = 4;
const blockSize = 32;

export function deriveOctets(seed: string, label: string, count: number): Uint8Array {
  const key = Buffer.from(seed, 'utf8');
  const name = Buffer.from(label, 'utf8');
  const message = new Uint8Array(name.length + counterSize);
  message.set(name);
  const octets = new Uint8Array(Math.ceil(count / blockSize) * blockSize);
  for (let block = 0; block * blockSize < octets.length; block++) {
    putUint32(message, name.length, block);
    octets.set(hmac('sha256', key, message), block * blockSize);
  }
  return octets.subarray(0, count);
}
