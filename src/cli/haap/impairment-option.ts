/**
 * `--impair path1=delay:20ms,loss:1%,rate:10mbit`: what is wrong with a path, each way. A RangeError says what cannot be
 * read.
 *
 *     delay:TIME  jitter:TIME      TIME in us, ms or s
 *     loss:P%  duplication:P%      P from 0 to 100
 *     rate:N                       N with kbit, mbit or gbit, per second
 *     dead                         nothing passes
 *     dies:TIME                    nothing passes any more so long after the first frame
 */
import type { Impairment } from '../../net/link/impairment.js';
import type { PathId } from '../../net/link/link.js';

export const readImpairments = (texts: readonly string[]): ReadonlyMap<PathId, Impairment> => {
  const impairments = new Map<PathId, Impairment>();
  for (const text of texts) {
    const [, path, list] = /^path(\d+)=(.+)$/.exec(text) ?? [];
    if (path === undefined || list === undefined) {
      throw new RangeError(`--impair ${text}: expected pathN=WHAT,WHAT, e.g. path1=delay:20ms,loss:1%,rate:10mbit`);
    }
    const read = Object.assign({}, ...list.split(',').map((what) => readOne(text, what))) as Impairment;
    impairments.set(Number(path), { ...impairments.get(Number(path)), ...read });
  }
  return impairments;
};

const readOne = (text: string, what: string): Impairment => {
  const [name = '', value = ''] = what.split(':');
  switch (name) {
    case 'dead':
      return { loss: 1 };
    case 'dies':
      return { diesAfter: readTime(text, value) };
    case 'delay':
      return { delay: readTime(text, value) };
    case 'jitter':
      return { jitter: readTime(text, value) };
    case 'loss':
      return { loss: readShare(text, value) };
    case 'duplication':
      return { duplication: readShare(text, value) };
    case 'rate':
      return { bitsPerSecond: readRate(text, value) };
    default:
      throw new RangeError(
        `--impair ${text}: there is no ${name}, expected delay, jitter, loss, duplication, rate, dead or dies`,
      );
  }
};

const nanoseconds = new Map([
  ['us', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
]);
const bits = new Map([
  ['kbit', 1e3],
  ['mbit', 1e6],
  ['gbit', 1e9],
]);

const readTime = (text: string, value: string): bigint =>
  BigInt(Math.round(readUnit(text, value, nanoseconds, '20ms')));

const readRate = (text: string, value: string): number => {
  const rate = readUnit(text, value, bits, '10mbit');
  if (rate > 0) return rate;
  throw new RangeError(`--impair ${text}: a rate of 0 passes nothing, say dead`);
};

const readShare = (text: string, value: string): number => {
  const percent = readUnit(text, value, new Map([['%', 1]]), '1%');
  if (percent <= 100) return percent / 100;
  throw new RangeError(`--impair ${text}: ${value} is more than 100%`);
};

const readUnit = (text: string, value: string, units: ReadonlyMap<string, number>, example: string): number => {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([a-z%]+)$/.exec(value) ?? [];
  const factor = units.get(unit);
  if (number === undefined || factor === undefined) {
    throw new RangeError(`--impair ${text}: ${value || 'nothing'} is no value here, expected e.g. ${example}`);
  }
  return Number(number) * factor;
};
