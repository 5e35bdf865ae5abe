/**
 * Loads `cap`, the binding to libpcap, when a live link is first opened: the embedded run needs neither the package nor
 * the library. What is missing is told together with the command that mends it.
 */
import type cap from 'cap';
import { LinkError } from '../link.js';

export type CapModule = typeof cap;

/** What a Debian machine needs to build the binding. */
const buildPackages = 'libpcap-dev g++ make python3';
const rebuildCommand = 'npm rebuild cap';

/** Loads the binding once; throws a LinkError that names what is missing. */
export const loadCap = async (): Promise<CapModule> => {
  try {
    return (await import('cap')).default;
  } catch (error) {
    throw explainLoadFailure(error instanceof Error ? error.message : String(error));
  }
};

/** Turns the loader's message into what is missing and what to do. */
export const explainLoadFailure = (message: string): LinkError => {
  if (/libpcap\.so/.test(message)) {
    return new LinkError(`libpcap is not installed (${message})`, 'apt-get install libpcap-dev');
  }
  if (/cap\.node/.test(message)) {
    return new LinkError(
      'the package cap is there but its native part is not built',
      `apt-get install ${buildPackages} && ${rebuildCommand}`,
    );
  }
  if (/NODE_MODULE_VERSION/.test(message)) {
    return new LinkError('the native part of cap was built for another version of Node', rebuildCommand);
  }
  if (/Cannot find (package|module)/.test(message)) {
    return new LinkError(
      'the package cap is not installed, which is what npm does when it cannot build it',
      `apt-get install ${buildPackages} && npm ci`,
    );
  }
  return new LinkError(`cap cannot be loaded: ${message}`, rebuildCommand);
};
