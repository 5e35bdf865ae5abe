/**
 * How an interface counts time: `if_tsresol` is the negative power of ten of the unit, or of two when its highest bit is set;
 * without it the unit is a microsecond. `if_tsoffset` is added, in seconds.
 */

import { word } from '../word.js';
import { EnhancedPacketBody, OptionCode } from './block.js';
import type { BlockOption } from './block-body.js';

export interface Clock {
  readonly unitsPerSecond: bigint;
  readonly offset: bigint;
}

const binaryBit = 0x80;
const microseconds = 6;
const second = 1_000_000_000n;
const offsetSize = 8;

export const clockOf = (options: readonly BlockOption[], littleEndian: boolean): Clock => {
  const resolution = options.find(({ code }) => code === OptionCode.timeResolution)?.value[0] ?? microseconds;
  const power = BigInt(resolution & ~binaryBit);
  const offset = options.find(({ code }) => code === OptionCode.timeOffset)?.value;
  return {
    unitsPerSecond: (resolution & binaryBit) === 0 ? 10n ** power : 2n ** power,
    offset:
      offset?.length === offsetSize
        ? new DataView(offset.buffer, offset.byteOffset, offsetSize).getBigInt64(0, littleEndian)
        : 0n,
  };
};

/** When an enhanced packet was captured whose body starts at `at`, in nanoseconds since 1970. */
export const enhancedPacketTime = (octets: Uint8Array, at: number, littleEndian: boolean, clock: Clock): bigint => {
  const high = word(octets, at + EnhancedPacketBody.timeHigh, littleEndian);
  const low = word(octets, at + EnhancedPacketBody.timeLow, littleEndian);
  return nanoseconds((BigInt(high) << 32n) | BigInt(low), clock);
};

/** Rounded down. */
const nanoseconds = (stamp: bigint, clock: Clock): bigint =>
  (clock.unitsPerSecond === second ? stamp : (stamp * second) / clock.unitsPerSecond) + clock.offset * second;
