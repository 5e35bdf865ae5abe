/**
 * Names of a lab's two namespaces: `robe-<pid>-<start>-<tag>-tb` and `...-iut`. The name identifies the owner of the lab,
 * the process with that id and start time (process ids are reused), so no other record is needed. A persistent lab has no
 * owner: pid 0, start 0.
 */
import { readFileSync } from 'node:fs';

export type Side = 'tb' | 'iut';
export type LabNamespaces = Readonly<Record<Side, string>>;

export interface LabOwner {
  readonly pid: number;
  /** When the process started, in the kernel's ticks since boot. */
  readonly start: number;
}

export const nobody: LabOwner = { pid: 0, start: 0 };

const namePattern = /^robe-(\d+)-([0-9a-z]+)-([0-9a-z_]+)-(tb|iut)$/;
const tagPattern = /^[0-9a-z_]{1,32}$/;
const startBase = 36;

/** Throws a RangeError unless the tag consists of up to 32 small letters, digits and underscores. */
export const nameNamespaces = (owner: LabOwner, tag: string): LabNamespaces => {
  if (!tagPattern.test(tag)) throw new RangeError(`not a lab's name: ${tag} (small letters, digits and _, at most 32)`);
  const stem = `robe-${owner.pid}-${owner.start.toString(startBase)}-${tag}`;
  return { tb: `${stem}-tb`, iut: `${stem}-iut` };
};

export interface NamespaceName {
  readonly owner: LabOwner;
  readonly tag: string;
  readonly side: Side;
}

/** Parses a name; `undefined` if it is not a name of a lab. */
export const parseNamespaceName = (name: string): NamespaceName | undefined => {
  const [, pid, start, tag, side] = namePattern.exec(name) ?? [];
  if (pid === undefined || start === undefined || tag === undefined || side === undefined) return undefined;
  const owner = { pid: Number(pid), start: Number.parseInt(start, startBase) };
  return { owner, tag, side: side === 'tb' ? 'tb' : 'iut' };
};

/** The owner that this process is. */
export const thisProcess = (): LabOwner => {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  return { pid: Number.parseInt(stat, 10), start: startTimeIn(stat) };
};

/** Whether the owner still runs; always true of a persistent lab. */
export const isAlive = (owner: LabOwner): boolean => {
  if (owner.pid === nobody.pid) return true;
  try {
    return startTimeIn(readFileSync(`/proc/${owner.pid}/stat`, 'latin1')) === owner.start;
  } catch {
    return false;
  }
};

/** Field 22 of `/proc/PID/stat` (proc_pid_stat(5)); the name in field 2 may contain spaces and parentheses. */
const startTimeIn = (stat: string): number => {
  const fieldsBefore = 2;
  const startTime = 22;
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[startTime - fieldsBefore - 1]);
};
