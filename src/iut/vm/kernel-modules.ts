/**
 * The modules that a guest needs to reach the lab: drivers of its network cards and of its control port, as far as they are
 * not built in. What a module needs and what kernel it was built for stands in the module itself (`depends=` and `vermagic=` of
 * its `.modinfo` section), so no index made by depmod has to be there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LabError } from '../../net/lab/command.js';

export interface GuestModule {
  readonly name: string;
  readonly content: Uint8Array;
}

/** What a guest needs; one that lies nowhere is taken to be built in, and the guest tells when it is not. */
const wanted = ['virtio_pci', 'virtio_net', 'virtio_console'] as const;

const moduleFile = /([^/]+)\.ko(\.xz|\.zst|\.gz)?$/;
/** Names in files have dashes where names in dependencies have underscores. */
const canonical = (name: string): string => name.replaceAll('-', '_');

/** In the order in which they are inserted. Throws a LabError for modules of another kernel than `release`. */
export const gatherModules = (directory: string, release: string | undefined): readonly GuestModule[] => {
  const files = indexModules(directory);
  const gathered = new Map<string, GuestModule>();
  const gather = (name: string): void => {
    const file = files.get(name);
    if (file === undefined || gathered.has(name)) return;
    const content = readModule(file);
    const { depends, vermagic } = readModuleInfo(content);
    if (release !== undefined && vermagic !== undefined && vermagic !== release) {
      throw new LabError(
        `the modules in ${directory} are for the kernel ${vermagic}, the image is ${release}`,
        `give the modules of this image: vm:IMAGE,modules=DIRECTORY, e.g. /lib/modules/${release}`,
      );
    }
    for (const each of depends) gather(canonical(each));
    gathered.set(name, { name, content });
  };
  for (const name of wanted) gather(name);
  return [...gathered.values()];
};

/** `depends=a,b` and the first word of `vermagic=`, from strings that NUL octets separate. */
export const readModuleInfo = (
  content: Uint8Array,
): { readonly depends: readonly string[]; readonly vermagic: string | undefined } => {
  const octets = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const entry = (key: string): string | undefined => {
    for (let from = octets.indexOf(key); from >= 0; from = octets.indexOf(key, from + 1)) {
      if (from > 0 && octets[from - 1] !== 0) continue;
      return octets.toString('latin1', from + key.length, octets.indexOf(0, from));
    }
    return undefined;
  };
  return {
    depends: (entry('depends=') ?? '').split(',').filter(Boolean),
    vermagic: entry('vermagic=')?.split(' ', 1)[0],
  };
};

/** Files by canonical name. `modules.order` names them where there is one, which spares the walk through a build tree. */
const indexModules = (directory: string): ReadonlyMap<string, string> => {
  const files = new Map<string, string>();
  for (const name of listModules(directory)) {
    const stem = moduleFile.exec(name)?.[1];
    const file = present(join(directory, name));
    if (stem !== undefined && file !== undefined) files.set(canonical(stem), file);
  }
  return files;
};

const listModules = (directory: string): readonly string[] => {
  try {
    const order = join(directory, 'modules.order');
    if (existsSync(order))
      return readFileSync(order, 'utf8')
        .split('\n')
        .map((line) => line.replace(/\.o$/, '.ko'));
    return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => moduleFile.test(name));
  } catch (cause) {
    throw new LabError(
      `the modules cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      'name the directory that holds them: vm:IMAGE,modules=DIRECTORY',
    );
  }
};

const present = (file: string): string | undefined =>
  ['', '.xz', '.zst', '.gz'].map((suffix) => `${file}${suffix}`).find((each) => existsSync(each));

const unpackers = { '.xz': ['xz', 'xz-utils'], '.zst': ['zstd', 'zstd'] } as const;
const largestModule = 64 * 1024 * 1024;

const readModule = (file: string): Uint8Array => {
  const octets = readFileSync(file);
  const suffix = moduleFile.exec(file)?.[2];
  if (suffix === undefined) return octets;
  if (suffix === '.gz') return gunzipSync(octets);
  const [program, debian] = unpackers[suffix as keyof typeof unpackers];
  const { status, stdout, error } = spawnSync(program, ['-dc'], { input: octets, maxBuffer: largestModule });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT')
    throw new LabError(`${program}, which unpacks ${file}, is not installed`, `apt-get install ${debian}`);
  if (status !== 0) throw new LabError(`${file} cannot be unpacked by ${program}`, 'see whether the file is whole');
  return stdout;
};
