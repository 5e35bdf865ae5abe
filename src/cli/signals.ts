/** How a person or a supervisor asks a program to end. */

/** SIGHUP comes when the terminal is closed. */
const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** For programs that serve until they are told to end: returns when somebody asks this one to. */
export const untilSignal = (): Promise<void> =>
  new Promise((ended) => {
    for (const signal of interrupts) process.once(signal, () => ended());
  });

/**
 * For programs that have something to keep: the first signal is only told, a second one ends the program as usual. Returns
 * what gives up listening.
 */
export const onInterrupt = (tell: () => void): (() => void) => {
  const release = (): void => {
    for (const signal of interrupts) process.removeListener(signal, caught);
  };
  const caught = (): void => {
    release();
    tell();
  };
  for (const signal of interrupts) process.on(signal, caught);
  return release;
};
