/**
 * Loads `cap`, the binding to libpcap, when a live link is first opened: the embedded run needs neither the package nor
 * the library. An error names the missing part and the command that installs it.
 *
 * npm silently leaves cap out if it cannot build it, and a build fits only one version of Node. So `robe doctor --mend`
 * makes a separate build for each version of Node, which is preferred if present.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type cap from 'cap';
import { LinkError } from '../link.js';

export type CapModule = typeof cap;

/** Where the build of cap for the running version of Node lies, if one was made: the folder around its `node_modules`. */
export const ownBuildFolder = fileURLToPath(
  new URL(`../../../../node_modules/.native/abi-${process.versions.modules}/`, import.meta.url),
);

const mendCommand = 'robe doctor --mend';

/** Loads the binding once; throws a LinkError that names the missing part. */
export const loadCap = async (): Promise<CapModule> => {
  try {
    return existsSync(ownBuildFolder)
      ? (createRequire(join(ownBuildFolder, 'package.json'))('cap') as CapModule)
      : (await import('cap')).default;
  } catch (error) {
    throw explainLoadFailure(error instanceof Error ? error.message : String(error));
  }
};

/** Turns the loader's message into the missing part and the remedy. */
export const explainLoadFailure = (message: string): LinkError => {
  if (/libpcap\.so/.test(message)) {
    return new LinkError(`libpcap is not installed (${message})`, 'apt-get install libpcap-dev');
  }
  if (/cap\.node/.test(message)) {
    return new LinkError('the package cap is there but its native part is not built', mendCommand);
  }
  if (/NODE_MODULE_VERSION/.test(message)) {
    return new LinkError('the native part of cap was built for another version of Node', mendCommand);
  }
  if (/Cannot find (package|module)/.test(message)) {
    return new LinkError(
      'the package cap is not installed, which is what npm does when it cannot build it',
      mendCommand,
    );
  }
  return new LinkError(`cap cannot be loaded: ${message}`, mendCommand);
};
