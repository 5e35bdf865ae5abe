/**
 * Builds cap, the binding to libpcap, for the Node that runs this program, in a folder of its own (see `net/link/libpcap/
 * loader.ts`). The installation of this package does it where npm could not, and `robe doctor --mend` at any time. Needs no
 * privilege besides being allowed to write there; headers of Node that are installed are used, others are fetched by npm.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Failure, reason } from '../../conduct/failure.js';
import { loadCap, ownBuildFolder } from '../../net/link/libpcap/loader.js';
import { missingBuildTools, nodeHeaders } from './build-tools.js';

export type BindingBuild =
  | { readonly build: 'not-needed' }
  | { readonly build: 'made'; readonly folder: string }
  | ({ readonly build: 'failed' } & Failure);

/** Makes the build unless cap loads already. */
export const buildBinding = async (): Promise<BindingBuild> => {
  if (await loads()) return { build: 'not-needed' };
  const missing = missingBuildTools();
  if (missing.length > 0)
    return {
      build: 'failed',
      why: `live runs need cap, the binding to libpcap, and building it needs ${missing.join(', ')}`,
      remedy: `apt-get install ${missing.join(' ')}, and then robe doctor --mend`,
    };
  const unfinished = `${ownBuildFolder.replace(/\/$/, '')}.${process.pid}`;
  try {
    const complaint = install(unfinished);
    if (complaint !== undefined) return { build: 'failed', ...complaint };
    rmSync(ownBuildFolder, { recursive: true, force: true });
    renameSync(unfinished, ownBuildFolder);
    return { build: 'made', folder: ownBuildFolder };
  } catch (cause) {
    return {
      build: 'failed',
      why: `cap cannot be built here: ${reason(cause)}`,
      remedy: 'run robe doctor --mend as somebody who may write there',
    };
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
};

const loads = async (): Promise<boolean> => {
  try {
    await loadCap();
    return true;
  } catch {
    return false;
  }
};

/** Has npm install cap into the folder; gives what went wrong. */
const install = (folder: string): Failure | undefined => {
  mkdirSync(folder, { recursive: true });
  const manifest = { private: true, dependencies: { cap: capRange() }, allowScripts: { cap: true } };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest)}\n`);
  const [program, ...argv] = npm();
  const headers = nodeHeaders();
  const { status, stderr } = spawnSync(program, [...argv, 'install', ...options, '--prefix', folder], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      // The build is for the Node that comes first in the path.
      PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
      ...(headers === undefined ? {} : { npm_package_config_node_gyp_nodedir: headers }),
    },
  });
  if (status === 0 && proves(folder)) return undefined;
  return {
    why: `cap cannot be built: ${complaintIn(stderr ?? '')}`,
    remedy:
      headers === undefined
        ? "install the headers of this Node (Debian's Node: apt-get install libnode-dev), and then robe doctor --mend"
        : `see all of it: npm install --prefix ${folder} cap`,
  };
};

/** Said outright, because an installation of npm around this one hands its own settings down in the environment. */
const options: readonly string[] = [
  '--global=false',
  '--location=project',
  '--workspaces=false',
  '--ignore-scripts=false',
  '--dry-run=false',
  '--package-lock=false',
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

/** npm as it was called, or as it is found, run by this Node. */
const npm = (): readonly [program: string, ...argv: string[]] => {
  const called = process.env['npm_execpath'];
  if (called?.endsWith('.js') && existsSync(called)) return [process.execPath, called];
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'npm'))
    .find((file) => existsSync(file));
  const script = found === undefined ? undefined : realpathSync(found);
  return script?.endsWith('.js') ? [process.execPath, script] : ['npm'];
};

/** The version that this package asks for. */
const capRange = (): string => {
  const file = fileURLToPath(new URL('../../../package.json', import.meta.url));
  const { optionalDependencies }: { readonly optionalDependencies: { readonly cap: string } } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return optionalDependencies.cap;
};

/** In a process of its own: what cannot be loaded may take the process with it. */
const proves = (folder: string): boolean =>
  spawnSync(process.execPath, ['-e', "require('cap')"], { cwd: folder, stdio: 'ignore' }).status === 0;

/** The line that names the error, among all that npm and node-gyp say. */
const complaintIn = (stderr: string): string => {
  const lines = stderr.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
  const telling = lines.filter((line) => /(^|\s)(fatal )?error:|^gyp ERR! stack (?!\s*at )|ERR! network/i.test(line));
  return (telling[0] ?? lines.find((line) => line !== '') ?? 'npm did not say why').replace(/^gyp ERR! stack /, '');
};
