/**
 * The request of `vm:…`: a kernel, and its boot options.
 *
 *     vm:KERNEL[,modules=DIR][,append=TEXT][,sysctl=NAME=VALUE][,memory=MEBIBYTES][,paths=N][,race=NAME][,shim=PROGRAM]
 *
 * KERNEL is a bzImage, a kernel's build tree, `debian-6.12`, or the name of a package. `append` and `sysctl` may be given several times.
 */
import { type KernelSetting, readKernelSetting } from '../../net/lab/kernel-tuning.js';
import { mostPaths } from '../../net/lab/layout.js';
import { type Race, raceNamed, raceNames } from '../races.js';
import { readOptions } from '../request-options.js';

export interface VmRequest {
  /** A file, a directory or a package, as it was written. */
  readonly kernel: string;
  /** Where modules lie that do not lie where the kernel does. */
  readonly modules?: string;
  /** Added to the kernel's command line. */
  readonly append: readonly string[];
  /** Settings of the kernel, `net.mptcp.enabled` and its value. */
  readonly sysctl: readonly KernelSetting[];
  /** Mebibytes. */
  readonly memory: number;
  readonly paths: number;
  /** The client is a race of the kernel's sockets, and no path is used by the kernel's own choice. */
  readonly race?: Race;
  /** A static program that speaks robe-ctl/1, in place of the one for Linux' own MPTCP. */
  readonly shim?: string;
}

const usualMemory = 512;
const leastMemory = 128;
const usualPaths = 2;

const optionNames = ['modules', 'append', 'sysctl', 'memory', 'paths', 'race', 'shim'] as const;
type OptionName = (typeof optionNames)[number];

/** Throws a RangeError that says what was expected. */
export const readVmRequest = (text: string): VmRequest => {
  const { subject: kernel, all, once } = readOptions(text, optionNames);
  if (kernel === '')
    throw new RangeError(
      'no kernel is named: expected vm:FILE (a bzImage), vm:DIRECTORY (a build tree), vm:debian-6.12 or vm:PACKAGE',
    );
  const modules = once('modules');
  const shim = once('shim');
  const race = readRace(once('race'));
  if (race !== undefined && shim !== undefined)
    throw new RangeError('race= and shim= both say what the guest runs: give one');
  return {
    kernel,
    ...(modules === undefined ? {} : { modules }),
    append: all('append'),
    sysctl: all('sysctl').map(readKernelSetting),
    memory: readWhole('memory', once('memory'), usualMemory, leastMemory, 65_536),
    paths: readWhole('paths', once('paths'), usualPaths, 1, mostPaths),
    ...(race === undefined ? {} : { race }),
    ...(shim === undefined ? {} : { shim }),
  };
};

const readRace = (name: string | undefined): Race | undefined => {
  if (name === undefined) return undefined;
  const race = raceNamed(name);
  if (race === undefined) throw new RangeError(`race= must be one of ${raceNames.join(', ')}, got ${name}`);
  return race;
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
