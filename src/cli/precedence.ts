/**
 * Priority over the other work of this machine, for a process that measures times. Its later children inherit it.
 *
 * Linux schedules sessions against each other and only then the threads of each (autogroup, sched(7)), so that a process
 * of a session of its own gains nothing from its own priority: the session's has to be raised as well.
 */
import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** If that is not permitted, nothing changes; then the error bars grow under load. */
export const takePrecedence = (): void => {
  attempt(() => setPriority(constants.priority.PRIORITY_HIGH));
  attempt(() => writeFileSync('/proc/self/autogroup', String(constants.priority.PRIORITY_HIGH)));
};

const attempt = (raise: () => void): void => {
  try {
    raise();
  } catch {
    // No privilege, or a kernel without autogroups.
  }
};
