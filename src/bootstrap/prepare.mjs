/**
 * What has to be there before the program can run, put there if it is missing: packages of the system (as root, on
 * Debian), packages of npm, the build. Plain JavaScript without dependencies, because it runs before there are any.
 *
 * Nothing here is fatal but what even the embedded run needs: npm's packages and the build. A missing package of the
 * system is named together with the command that mends it, and the rest goes on without it.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, realpathSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const home = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** A package of the system, and how one sees that it is there: by a command or a file. */
export const forLiveRuns = [
  { debian: 'libpcap-dev', file: '/usr/include/pcap/pcap.h' },
  { debian: 'g++', command: 'g++' },
  { debian: 'make', command: 'make' },
  { debian: 'python3', command: 'python3' },
  { debian: 'iproute2', command: 'ip' },
  { debian: 'ethtool', command: 'ethtool' },
  { debian: 'util-linux', command: 'nsenter' },
];

export const forTests = [
  { debian: 'tshark', command: 'tshark' },
  { debian: 'tcpdump', command: 'tcpdump' },
  { debian: 'chromium', command: 'chromium' },
  { debian: 'qemu-system-x86', command: 'qemu-system-x86_64' },
  { debian: 'busybox-static', command: 'busybox' },
  { debian: 'python3-scapy', file: '/usr/lib/python3/dist-packages/scapy/__init__.py' },
];

export const say = (line) => process.stdout.write(`${line}\n`);

/** Runs a program in the project's folder, its output shown; whether it succeeded. */
export const run = (program, argv, environment = {}) =>
  spawnSync(program, argv, { cwd: home, stdio: 'inherit', env: { ...process.env, ...environment } }).status === 0;

/** Directories of the administrator's commands are not in everybody's PATH. */
const hasCommand = (name) =>
  [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'].some(
    (place) => place && existsSync(join(place, name)),
  );

const isThere = ({ file, command }) => (file === undefined ? hasCommand(command) : existsSync(file));

/** Node opens the modules of a program, hundreds of files, all at once; a test has hundreds of connections. */
const filesAtOnce = 1024;

/** Says so where fewer files may be open than that. Node itself raises its limit as far as it may. */
export const checkLimits = () => {
  const limits = existsSync('/proc/self/limits') ? readFileSync('/proc/self/limits', 'latin1') : '';
  const most = Number(/^Max open files +\S+ +(\d+)/m.exec(limits)?.[1] ?? filesAtOnce);
  if (most < filesAtOnce)
    say(`Only ${most} files may be open at once, so programs may fail: ulimit -Hn ${filesAtOnce}`);
};

/** Installs what is missing of these packages, or says how. */
export const preparePackages = (packages, purpose) => {
  const missing = packages.filter((each) => !isThere(each)).map(({ debian }) => debian);
  if (missing.length === 0) return;
  const names = missing.join(' ');
  const commands = `apt-get update && apt-get install -y --no-install-recommends ${names}`;
  if (process.getuid?.() !== 0 || !hasCommand('apt-get')) {
    say(`Missing for ${purpose}: ${names}. To install, as root: ${commands}`);
    return;
  }
  say(`Installing what is missing for ${purpose}: ${names}`);
  const quietly = { DEBIAN_FRONTEND: 'noninteractive' };
  const installed =
    run('apt-get', ['update', '-qq'], quietly) &&
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], quietly);
  if (!installed) say(`That failed; going on without. To try again: ${commands}`);
};

/**
 * npm as it was called, else as it is found; shown, or silent where a failure is expected and has a second way. It says
 * what is wrong also where the npm around it was told to be silent, which it would inherit.
 */
const npm = (argv, stdio = 'inherit') => {
  const script = process.env.npm_execpath;
  const [program, all] = script?.endsWith('.js') ? [process.execPath, [script, ...argv]] : ['npm', argv];
  return (
    spawnSync(program, all, {
      cwd: home,
      stdio,
      env: { ...process.env, npm_config_loglevel: 'error', ...nodeHeaders() },
    }).status === 0
  );
};

/** Node's own headers, where it was installed with them, spare the build of cap a download. */
export const nodeHeaders = () => {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  return existsSync(join(prefix, 'include/node/node.h')) ? { npm_package_config_node_gyp_nodedir: prefix } : {};
};

/** Installs npm's packages when some are missing or of another version than the lock file's; whether they are there. */
export const prepareDependencies = () => areInstalled() || install();

/** Where each package lies that a lock file names, and what it says of it. */
const packagesIn = (lock) => Object.entries(JSON.parse(readFileSync(lock, 'utf8')).packages);

/** npm keeps beside the packages what it installed. An installation begins with removing them, so none is begun in vain. */
const areInstalled = () => {
  const installed = join(home, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const there = new Map(packagesIn(installed));
  return packagesIn(join(home, 'package-lock.json')).every(
    ([place, { version, optional }]) => place === '' || optional === true || there.get(place)?.version === version,
  );
};

/**
 * `npm ci` insists that the lock file lists the optional packages of every platform, and a registry that lacks one of
 * them makes lock files that do not. `npm install` takes the same versions from the lock file, without insisting.
 */
const install = () => {
  say('Installing the packages of npm');
  const everything = ['--include=dev', '--include=optional'];
  return npm(['ci', ...everything], 'ignore') || npm(['install', '--no-save', ...everything]);
};

/** Builds cap, the binding to libpcap, where npm left it out; needs the compiled program. */
export const prepareBinding = async () => {
  const program = join(compiled, 'cli/doctor/build-binding.js');
  if (!existsSync(program)) return;
  const { buildBinding } = await import(program);
  const { build: outcome, why, remedy } = await buildBinding();
  if (outcome === 'made') say('cap, the binding to libpcap, was built.');
  if (outcome === 'failed') say(`No live runs, only embedded ones: ${why}; ${remedy}`);
};

/**
 * Compiles what changed, the catalogue too, and removes what was compiled from files that are gone; whether the types are right. Where the
 * checkout is somebody else's, who has compiled it, only the types are looked at.
 */
export const build = () => {
  const compiler = [join(home, 'node_modules/typescript/bin/tsc'), '-p', home];
  if (existsSync(compiled) && !mayWrite(compiled)) {
    say(`${compiled} is used as it is: it may not be written here.`);
    return run(process.execPath, [...compiler, '--noEmit']);
  }
  removeOrphans(compiled, join(home, 'src'));
  const steps = ['compile-catalogue.mjs', 'bundle.mjs'].map((name) => join(home, 'src/bootstrap', name));
  return run(process.execPath, compiler) && steps.every((step) => run(process.execPath, [step]));
};

const compiled = join(home, 'dist');
/** Made of what was compiled, by `bundle.mjs`. */
const bundle = join(compiled, 'bundle');

const mayWrite = (directory) => {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

const removeOrphans = (folder, source) => {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (path === bundle) continue;
    if (entry.isDirectory()) {
      removeOrphans(path, join(source, entry.name));
      if (readdirSync(path).length === 0) rmdirSync(path);
    } else if (/\.js(\.map)?$/.test(entry.name)) {
      if (!existsSync(join(source, entry.name.replace(/\.js(\.map)?$/, '.ts')))) rmSync(path);
    }
  }
};
