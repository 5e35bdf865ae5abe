/**
 * Reports changes of addresses, routes or interfaces of this machine, by `ip monitor`; at most once in a quarter of a
 * second.
 */
import { spawn } from 'node:child_process';

const millisecondsOfQuiet = 250;

/** Returns the function that ends the watch. Without a working `ip monitor` there is no watch. */
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
