/** Removes labs: at their end, and those whose owner died without removing them. */
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { command } from './command.js';
import { isAlive, type NamespaceName, parseNamespaceName } from './namespace-name.js';

const namespaceFolder = '/run/netns';

export interface PresentNamespace extends NamespaceName {
  readonly name: string;
}

/** Every namespace on this machine that belongs to some lab. */
export const listNamespaces = (): readonly PresentNamespace[] => {
  let names: readonly string[];
  try {
    names = readdirSync(namespaceFolder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const parsed = parseNamespaceName(name);
    return parsed === undefined ? [] : [{ name, ...parsed }];
  });
};

/** Removes every lab whose owner no longer runs, and returns the names of the removed namespaces. */
export const sweep = async (): Promise<readonly string[]> => {
  const left = listNamespaces()
    .filter(({ owner }) => !isAlive(owner))
    .map(({ name }) => name);
  await removeNamespaces(left);
  return left;
};

/** Kills every process inside the namespaces, then removes those that exist. */
export const removeNamespaces = async (names: readonly string[]): Promise<void> => {
  const present = new Set(listNamespaces().map(({ name }) => name));
  await Promise.all(names.filter((name) => present.has(name)).map(removeNamespace));
};

const removeNamespace = async (name: string): Promise<void> => {
  await endProcessesIn(name);
  try {
    await command('ip', ['netns', 'delete', name]);
  } catch (error) {
    // A concurrent sweep was faster.
    if (listNamespaces().some((present) => present.name === name)) throw error;
  }
};

const killAttempts = 20;
const millisecondsBetween = 10;

/** A namespace continues to exist, without its name, while a process is inside; so processes are killed first. */
const endProcessesIn = async (name: string): Promise<void> => {
  for (let attempt = 0; attempt < killAttempts; attempt += 1) {
    const inside = (await command('ip', ['netns', 'pids', name]).catch(() => ''))
      .split('\n')
      .filter(Boolean)
      .map(Number);
    // This process may itself be inside.
    const others = inside.filter((pid) => pid !== process.pid);
    if (others.length === 0) return;
    for (const pid of others) kill(pid);
    await sleep(millisecondsBetween);
  }
};

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
};
