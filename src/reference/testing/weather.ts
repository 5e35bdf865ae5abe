/** The fate of segments on a bad path, determined by a seed: the nth segment of every run has the same fate. */
import { deriveOctets } from '../../protocol/keys/derive-octets.js';
import type { Treatment } from './network.js';

export interface Weather {
  readonly seed: number;
  /** In 256ths. */
  readonly loss: number;
  readonly duplication: number;
  /** Most extra delay of a segment, milliseconds. */
  readonly jitter: number;
}

export const inWeather = ({ seed, loss, duplication, jitter }: Weather): Treatment => {
  let octets = new Uint8Array(0);
  let batch = 0;
  const draw = (): number => {
    if (octets.length === 0) octets = Uint8Array.from(deriveOctets(String(seed), `weather/${batch++}`, 256));
    const drawn = octets[0] ?? 0;
    octets = octets.subarray(1);
    return drawn;
  };
  const late = (): bigint => BigInt(Math.round(((draw() * jitter) / 256) * 1e6));
  return () => {
    if (draw() < loss) return [];
    return draw() < duplication ? [late(), late()] : [late()];
  };
};
