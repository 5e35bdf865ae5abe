/**
 * The metrics of a host's paths (draft RobE_IPS): the latest round trip time of each, measured on its own flows or
 * reported by a peer in L_RTT_EN. Nanoseconds.
 */
import type { LRttEn } from '../../protocol/mptcp/option.js';
import type { ReferenceParameters } from '../parameters.js';

export class PathMetrics {
  readonly #rtt = new Map<number, bigint>();

  /** Latest known RTT of a path. */
  rtt(path: number): bigint | undefined {
    return this.#rtt.get(path);
  }

  sampled(path: number, rtt: bigint): void {
    this.#rtt.set(path, rtt);
  }

  /** A value of a negotiated L_RTT_EN; other lengths and zero are ignored (DRAFT-RTT-C-05). */
  reported(parameters: ReferenceParameters, path: number, option: LRttEn): void {
    if (option.octets !== parameters.l_rtt.len - 4 || option.rtt === 0n) return;
    this.#rtt.set(path, option.rtt * (parameters.l_rtt.unit === 'us' ? 1_000n : 1_000_000n));
  }

  describe(): readonly unknown[] {
    return [this.#rtt];
  }

  clear(): void {
    this.#rtt.clear();
  }
}
