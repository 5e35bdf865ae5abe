/** The body of one block and the options at its end. */
import { malformed } from '../../../protocol/bytes/malformed.js';
import type { ReportProblem } from '../captured-frame.js';
import { Option, OptionCode, padded } from './block.js';

export interface BlockBody {
  readonly octets: Uint8Array;
  readonly view: DataView;
  readonly littleEndian: boolean;
  /** Where the body starts in the file. */
  readonly offset: number;
}

export interface BlockOption {
  readonly code: number;
  readonly value: Uint8Array;
}

/** The options from `from` on. One that leads behind the end of the block is reported, and the list ends with those before it. */
export function readOptions(body: BlockBody, from: number, report: ReportProblem): readonly BlockOption[] {
  const options: BlockOption[] = [];
  for (let at = from; at + Option.value <= body.octets.length; ) {
    const code = body.view.getUint16(at + Option.code, body.littleEndian);
    if (code === OptionCode.end) break;
    const length = body.view.getUint16(at + Option.length, body.littleEndian);
    const left = body.octets.length - at - Option.value;
    if (length > left) {
      report(malformed(`pcapng/option/${code}`, body.offset + at, `${left} octets left, ${length} needed`));
      break;
    }
    options.push({ code, value: body.octets.subarray(at + Option.value, at + Option.value + length) });
    at += Option.value + padded(length);
  }
  return options;
}

const utf8 = new TextDecoder();

/** The texts of all options with a code, in order. */
export const texts = (options: readonly BlockOption[], code: number): readonly string[] =>
  options.filter((option) => option.code === code).map(({ value }) => utf8.decode(value));

/** The text of the first option with a code. */
export const text = (options: readonly BlockOption[], code: number): string | undefined => texts(options, code)[0];
