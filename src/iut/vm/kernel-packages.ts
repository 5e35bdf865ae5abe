/**
 * Kernels that the distribution has as packages: fetched with apt from wherever this machine is set up to fetch from, unpacked
 * into the cache, not installed. `debian-6.12` stands for the newest package of that series for virtual machines.
 */
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, type Variables } from '../../net/lab/cache-folder.js';
import { command, LabError } from '../../net/lab/command.js';

export interface KernelPackage {
  readonly name: string;
  /** `6.12`. */
  readonly series: string;
  readonly summary: string;
  /** It is in the cache. */
  readonly fetched: boolean;
}

const seriesName = /^debian-(\d+\.\d+)$/;
const packageName = /^linux-image-[a-z0-9][a-z0-9.+~-]+$/;
/** What Debian's kernels for virtual machines are called; they boot fastest. */
const cloudKernel = /^linux-image-(\d+\.\d+)[.-]\S*cloud-amd64(-unsigned)?$/;
const searchable = '^linux-image-[0-9]';

export const isPackageName = (kernel: string): boolean => seriesName.test(kernel) || packageName.test(kernel);

const folderOfCache = (environment: Variables): string => cacheFolder(environment, 'kernels');

/** Packages with kernels for this architecture, the oldest first. Throws a LabError where there is no apt. */
export const listKernelPackages = async (environment: Variables): Promise<readonly KernelPackage[]> => {
  const cached = new Set(readdirSync(folderOfCache(environment)));
  return readPackages(await apt('apt-cache', ['search', '--names-only', searchable])).map((each) => ({
    ...each,
    fetched: cached.has(each.name),
  }));
};

/** `name - summary` a line; debugging symbols and headers are no kernels. */
export const readPackages = (listing: string): readonly Omit<KernelPackage, 'fetched'>[] =>
  listing
    .split('\n')
    .flatMap((line) => {
      // One whose name has no third number only names another package.
      const [, name, series, summary = ''] = /^(linux-image-(\d+\.\d+)\.\d\S*) - (.*)$/.exec(line) ?? [];
      return name === undefined || series === undefined || name.endsWith('-dbg') ? [] : [{ name, series, summary }];
    })
    .sort((a, b) => compareNames(a.name, b.name));

/** The folder of an unpacked package; fetched first where it is not there, or, for a series, when `renew` asks for the newest. */
export const packageFolder = async (kernel: string, environment: Variables, renew = false): Promise<string> => {
  const cache = folderOfCache(environment);
  const series = seriesName.exec(kernel)?.[1];
  const cached = series === undefined || renew ? undefined : newestOf(series, readdirSync(cache));
  const name = series === undefined ? kernel : (cached ?? (await newestPackage(series)));
  const folder = join(cache, name);
  if (!existsSync(folder)) await fetch(name, cache, folder);
  return folder;
};

/** The newest cloud kernel of a series among names. */
export const newestOf = (series: string, names: readonly string[]): string | undefined =>
  names
    .filter((name) => cloudKernel.exec(name)?.[1] === series)
    .sort(compareNames)
    .at(-1);

/** Numbers count as numbers; of two with the same numbers the unsigned one is taken, which needs no key to be unpacked. */
const compareNames = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

const newestPackage = async (series: string): Promise<string> => {
  const packages = readPackages(await apt('apt-cache', ['search', '--names-only', searchable]));
  const newest = newestOf(
    series,
    packages.map(({ name }) => name),
  );
  if (newest !== undefined) return newest;
  const had = [...new Set(packages.map((each) => each.series))].map((each) => `debian-${each}`);
  throw new LabError(
    `apt knows no kernel of the series ${series} for virtual machines`,
    had.length === 0
      ? 'run apt-get update, or name a bzImage'
      : `known are ${had.join(', ')}; a newer series may be in the backports, once apt is set up for them`,
  );
};

/** Unpacked under another name first, so that a folder that is there is whole. */
const fetch = async (name: string, cache: string, folder: string): Promise<void> => {
  const workshop = mkdtempSync(join(cache, 'fetching-'));
  try {
    await unpack(name, workshop);
    const modules = ['lib/modules', 'usr/lib/modules'].some((each) => existsSync(join(workshop, 'content', each)));
    // Ubuntu has them in a package of their own.
    if (!modules) await unpack(name.replace(/^linux-image-(unsigned-)?/, 'linux-modules-'), workshop).catch(() => {});
    renameSync(join(workshop, 'content'), folder);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
};

const unpack = async (name: string, workshop: string): Promise<void> => {
  const script = 'cd "$1" && rm -f *.deb && apt-get download -qq "$2" && dpkg-deb -x *.deb content';
  await apt('sh', ['-c', script, 'sh', workshop, name]);
};

const apt = async (program: string, argv: readonly string[]): Promise<string> => {
  try {
    return await command(program, argv);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    if (/Unable to locate package|No packages? found/.test(why))
      throw new LabError(
        `apt knows no package ${argv.at(-1)}`,
        'see `robe kernels` for those that it knows, or run apt-get update',
      );
    if (/No space left/.test(why))
      throw new LabError(
        'there is no room to unpack the kernel',
        'make room, or name another place: XDG_CACHE_HOME=DIRECTORY',
      );
    if (/not installed|not found/.test(why))
      throw new LabError(`kernels are fetched with apt and dpkg, which this machine lacks: ${why}`, 'name a bzImage');
    throw new LabError(
      `the kernel could not be fetched: ${why.split('\n').slice(-2).join(' ')}`,
      'see that apt reaches its sources: apt-get update; without root, fetch it first: robe kernels --fetch NAME',
    );
  }
};
