/** Tells when addresses, routes or interfaces of this machine change, by `ip monitor`; at most once in a quarter of a second. */
import { spawn } from 'node:child_process';

const millisecondsOfQuiet = 250;

/** Gives what ends the watch. A machine whose `ip` cannot watch is not watched. */
export const watchNetwork = (changed: () => void): (() => void) => {
  const child = spawn('ip', ['monitor', 'link', 'address', 'route', 'rule'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let timer: NodeJS.Timeout | undefined;
  child.once('error', () => {});
  child.stdout.on('data', () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      changed();
    }, millisecondsOfQuiet);
  });
  return () => {
    clearTimeout(timer);
    child.kill();
  };
};
