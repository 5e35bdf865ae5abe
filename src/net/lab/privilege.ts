/**
 * Whether this process may make labs and open live links: it has the capabilities; or it has none but the kernel lets it
 * create a user namespace in which it has them; or neither, and the reason.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import { command } from './command.js';

export type Privilege =
  | { readonly privilege: 'root' }
  /** Run again by {@link inUserNamespace}. */
  | { readonly privilege: 'userns' }
  | { readonly privilege: 'none'; readonly why: string; readonly remedy: string };

/** Bits of the capability sets (capabilities(7)): configure networks, open packet sockets, enter namespaces. */
const capNetAdmin = 12n;
const capNetRaw = 13n;
const capSysAdmin = 21n;
const neededCapabilities = (1n << capNetAdmin) | (1n << capNetRaw) | (1n << capSysAdmin);

export const findPrivilege = async (): Promise<Privilege> => {
  if (hasCapabilities(readFileSync('/proc/self/status', 'latin1')) && mayWrite('/run')) return { privilege: 'root' };
  try {
    await command(...inUserNamespace(['true']));
    return { privilege: 'userns' };
  } catch (error) {
    return explainRefusal(readSetting, error instanceof Error ? error.message : String(error));
  }
};

/** Whether the effective set in the text of `/proc/PID/status` holds all that is needed. */
export const hasCapabilities = (status: string): boolean => {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return effective !== undefined && (BigInt(`0x${effective}`) & neededCapabilities) === neededCapabilities;
};

/**
 * The command line that runs another one as root of a user, network and mount namespace of its own, with a /run of its
 * own for the names of the namespaces that it will make. The namespaces end with the last process inside.
 */
export const inUserNamespace = (argv: readonly string[]): [string, readonly string[]] => [
  'unshare',
  ['-Urnm', 'sh', '-c', 'mount -t tmpfs tmpfs /run && exec "$@"', 'sh', ...argv],
];

/**
 * Settings with which kernels and distributions forbid users to create user namespaces, and the value that permits it.
 */
const switches = [
  { file: '/proc/sys/user/max_user_namespaces', forbids: '0', setting: 'user.max_user_namespaces', allows: 15_000 },
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: '0',
    setting: 'kernel.unprivileged_userns_clone',
    allows: 1,
  },
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    setting: 'kernel.apparmor_restrict_unprivileged_userns',
    allows: 0,
  },
] as const;

/** Finds the setting that forbids it; `read` returns the text of a file, or undefined if there is no such file. */
export const explainRefusal = (
  read: (file: string) => string | undefined,
  complaint: string,
): Privilege & { readonly privilege: 'none' } => {
  const guilty = switches.find(({ file, forbids }) => read(file)?.trim() === forbids);
  if (guilty === undefined) {
    return {
      privilege: 'none',
      why: `this user may not make network namespaces (${complaint})`,
      remedy: 'run as root: sudo npm start',
    };
  }
  return {
    privilege: 'none',
    why: `${guilty.setting} keeps this user from making network namespaces`,
    remedy: `run as root, or once as root: sysctl -w ${guilty.setting}=${guilty.allows}`,
  };
};

const readSetting = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
};

const mayWrite = (directory: string): boolean => {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};
