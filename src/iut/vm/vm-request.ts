/**
 * What `vm:…` asks for: a kernel, and how it is booted.
 *
 *     vm:KERNEL[,modules=DIR][,append=TEXT][,sysctl=NAME=VALUE][,memory=MEBIBYTES][,paths=N][,shim=PROGRAM]
 *
 * KERNEL is a bzImage, a kernel's build tree, `debian-6.12`, or the name of a package. A value goes on until the next comma that
 * the name of an option follows, so it may hold commas itself. `append` and `sysctl` may be given several times.
 */
import { mostPaths } from '../../net/lab/layout.js';
import { didYouMean } from '../../suite/catalogue/near-miss.js';

export interface VmRequest {
  /** A file, a directory or a package, as it was written. */
  readonly kernel: string;
  /** Where modules lie that do not lie where the kernel does. */
  readonly modules?: string;
  /** Added to the kernel's command line. */
  readonly append: readonly string[];
  /** Settings of the kernel, `net.mptcp.enabled` and its value. */
  readonly sysctl: readonly (readonly [name: string, value: string])[];
  /** Mebibytes. */
  readonly memory: number;
  readonly paths: number;
  /** A static program that speaks robe-ctl/1, in place of the one for Linux' own MPTCP. */
  readonly shim?: string;
}

const usualMemory = 512;
const leastMemory = 128;
const usualPaths = 2;

const optionNames = ['modules', 'append', 'sysctl', 'memory', 'paths', 'shim'] as const;
type OptionName = (typeof optionNames)[number];

const nextOption = new RegExp(`,(?=(?:${optionNames.join('|')})=)`);

/** Throws a RangeError that says what was expected. */
export const readVmRequest = (text: string): VmRequest => {
  const [kernel = '', ...written] = text.split(nextOption);
  const unknown = /,([a-z]+)=/.exec(kernel)?.[1];
  if (unknown !== undefined)
    throw new RangeError(
      `there is no option "${unknown}"${didYouMean(unknown, optionNames) || ';'} known are ${optionNames.map((name) => `${name}=`).join(', ')}`,
    );
  if (kernel === '')
    throw new RangeError(
      'no kernel is named: expected vm:FILE (a bzImage), vm:DIRECTORY (a build tree), vm:debian-6.12 or vm:PACKAGE',
    );
  const given = written.map(readOption);
  const all = (name: OptionName): readonly string[] =>
    given.filter((each) => each.name === name).map(({ value }) => value);
  const modules = once('modules', all('modules'));
  const shim = once('shim', all('shim'));
  return {
    kernel,
    ...(modules === undefined ? {} : { modules }),
    append: all('append'),
    sysctl: all('sysctl').map(readSetting),
    memory: readWhole('memory', once('memory', all('memory')), usualMemory, leastMemory, 65_536),
    paths: readWhole('paths', once('paths', all('paths')), usualPaths, 1, mostPaths),
    ...(shim === undefined ? {} : { shim }),
  };
};

const readOption = (written: string): { readonly name: OptionName; readonly value: string } => {
  const at = written.indexOf('=');
  const name = optionNames.find((each) => each === written.slice(0, at));
  const value = written.slice(at + 1);
  if (name === undefined || value === '') throw new RangeError(`${written} needs a value`);
  return { name, value };
};

const once = (name: OptionName, values: readonly string[]): string | undefined => {
  if (values.length > 1) throw new RangeError(`${name}= is given ${values.length} times; give it once`);
  return values[0];
};

const readWhole = (
  name: OptionName,
  value: string | undefined,
  otherwise: number,
  least: number,
  most: number,
): number => {
  if (value === undefined) return otherwise;
  const [, digits, unit] = /^(\d{1,7})([MG]?)$/.exec(value) ?? [];
  const number = Number(digits) * (unit === 'G' ? 1024 : 1);
  if (digits === undefined || (unit !== '' && name !== 'memory') || number < least || number > most)
    throw new RangeError(`${name}= must be a whole number from ${least} to ${most}, got ${value}`);
  return number;
};

const readSetting = (value: string): readonly [string, string] => {
  const [, name, setting] = /^([\w./-]+)=(.*)$/.exec(value) ?? [];
  if (name === undefined || setting === undefined)
    throw new RangeError(`sysctl= takes NAME=VALUE, as net.mptcp.checksum_enabled=1, got ${value}`);
  return [name, setting];
};
