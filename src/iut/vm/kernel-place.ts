/**
 * Finds what a `vm:KERNEL` names: a file, a directory (a build tree, or an unpacked package), or a package of the distribution,
 * which is fetched if it is not in the cache yet. Says what is wrong with a file that is no kernel for x86-64.
 */
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Variables } from '../../net/lab/cache-folder.js';
import { LabError } from '../../net/lab/command.js';
import { identifyKernel, tellingOctets } from './kernel-image.js';
import { isPackageName, packageFolder } from './kernel-packages.js';
import type { VmRequest } from './vm-request.js';

export interface KernelPlace {
  readonly image: string;
  /** As `uname -r` gives it, where the image tells. */
  readonly release?: string;
  /** Where its modules lie, if there are any. */
  readonly modules?: string;
}

type Asked = Pick<VmRequest, 'kernel' | 'modules'>;

/** Throws a LabError that says what was expected, what is there, and what to do. */
export const findKernel = async (asked: Asked, environment: Variables): Promise<KernelPlace> => {
  const path = expandHome(asked.kernel, environment);
  const place = statSync(path, { throwIfNoEntry: false });
  if (place === undefined && isPackageName(asked.kernel))
    return describe(asked, imageIn(await packageFolder(asked.kernel, environment), asked.kernel), environment);
  if (place === undefined)
    throw new LabError(
      `there is no kernel ${asked.kernel}: it is no file, no directory, and no name of a package`,
      'name a bzImage, a build tree, or a package that `robe kernels` lists',
    );
  return describe(asked, place.isDirectory() ? imageIn(path, asked.kernel) : { image: path }, environment);
};

interface Found {
  readonly image: string;
  /** Where its modules lie unless told otherwise. */
  readonly tree?: string;
}

const describe = ({ modules }: Asked, { image, tree }: Found, environment: Variables): KernelPlace => {
  const { release } = inspect(image);
  const named = modules === undefined ? undefined : expandHome(modules, environment);
  const installed = release === undefined ? undefined : join('/lib/modules', release);
  const places = named === undefined ? [tree, installed] : [named];
  const found = places.find((each) => each !== undefined && existsSync(each));
  if (named !== undefined && found === undefined)
    throw new LabError(
      `there is no directory ${named} with modules`,
      'name the directory that holds them: vm:IMAGE,modules=DIRECTORY',
    );
  return {
    image,
    ...(release === undefined ? {} : { release }),
    ...(found === undefined ? {} : { modules: found }),
  };
};

const inspect = (image: string) => {
  let octets: Uint8Array;
  try {
    octets = beginningOf(image);
  } catch (cause) {
    throw new LabError(
      `the kernel ${image} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      'name a file that this user may read',
    );
  }
  const found = identifyKernel(octets);
  if ('problem' in found)
    throw new LabError(
      `${image} is no kernel that can be booted here: ${found.problem}`,
      'name a bzImage for x86-64, as arch/x86/boot/bzImage of a build tree or /boot/vmlinuz-VERSION',
    );
  return found;
};

const beginningOf = (file: string): Uint8Array => {
  const octets = Buffer.alloc(tellingOctets);
  const open = openSync(file, 'r');
  try {
    return octets.subarray(0, readSync(open, octets, 0, octets.length, 0));
  } finally {
    closeSync(open);
  }
};

/** A build tree has its image below `arch`; a package has it in `boot`, or beside the modules. */
const imageIn = (directory: string, asked: string): Found => {
  const built = join(directory, 'arch/x86/boot/bzImage');
  if (existsSync(built)) return { image: built, tree: directory };
  const trees = ['lib/modules', 'usr/lib/modules'].flatMap((each) => below(join(directory, each)));
  const images = [
    ...below(join(directory, 'boot')).filter((name) => /\/vmlinuz-[^/]*$/.test(name)),
    ...trees.map((tree) => join(tree, 'vmlinuz')).filter((image) => existsSync(image)),
  ].sort();
  const image = images.at(-1);
  if (image === undefined)
    throw new LabError(
      `there is no kernel in ${asked}: neither arch/x86/boot/bzImage, as in a build tree, nor boot/vmlinuz-VERSION, as in an unpacked package`,
      'build it (make bzImage), or name the image itself',
    );
  const tree = trees.find((each) => image.endsWith(each.slice(each.lastIndexOf('/') + 1))) ?? trees.at(-1);
  return { image, ...(tree === undefined ? {} : { tree }) };
};

const below = (directory: string): readonly string[] =>
  existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : [];

const expandHome = (path: string, environment: Variables): string =>
  path === '~' || path.startsWith('~/') ? join(environment['HOME'] ?? '/', path.slice(1)) : resolve(path);
