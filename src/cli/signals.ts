/** The signals with which a user or a supervisor ends a program. */

/** SIGHUP comes when the terminal is closed. */
const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** For programs that serve until a signal ends them: returns at that signal. */
export const untilSignal = (): Promise<void> =>
  new Promise((ended) => {
    for (const signal of interrupts) process.once(signal, () => ended());
  });

/**
 * For programs that have results to save: the first signal is only reported, a second one ends the program as usual.
 * Returns the function that stops listening.
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
