/** The body of one block: its octets, the byte order of its section, and the options at its end. */

import { countOctets } from '../../../protocol/bytes/count-octets.js';
import { malformed } from '../../../protocol/bytes/malformed.js';
import type { ReportProblem } from '../captured-frame.js';
import { half } from '../word.js';
import { Option, OptionCode, padded } from './block.js';

export interface BlockBody {
  readonly octets: Uint8Array;
  readonly littleEndian: boolean;
  /** Where the body starts in the file. */
  readonly offset: number;
}

export interface BlockOption {
  readonly code: number;
  readonly value: Uint8Array;
}

const noOptions: readonly BlockOption[] = [];

/** The options from `from` on. An option that exceeds the block is reported, and the list ends before it. */
export const readOptions = (body: BlockBody, from: number, report: ReportProblem): readonly BlockOption[] => {
  const { octets, littleEndian } = body;
  if (from + Option.value > octets.length) return noOptions;
  const options: BlockOption[] = [];
  for (let at = from; at + Option.value <= octets.length; ) {
    const code = half(octets, at + Option.code, littleEndian);
    if (code === OptionCode.end) break;
    const length = half(octets, at + Option.length, littleEndian);
    const left = octets.length - at - Option.value;
    if (length > left) {
      report(malformed(`pcapng/option/${code}`, body.offset + at, `${countOctets(left)} left, ${length} needed`));
      break;
    }
    options.push({ code, value: octets.subarray(at + Option.value, at + Option.value + length) });
    at += Option.value + padded(length);
  }
  return options;
};

const utf8 = new TextDecoder();

/** The texts of all options with a code, in order. */
export const texts = (options: readonly BlockOption[], code: number): readonly string[] =>
  options.filter((option) => option.code === code).map(({ value }) => utf8.decode(value));

/** The text of the first option with a code. */
export const text = (options: readonly BlockOption[], code: number): string | undefined => texts(options, code)[0];
