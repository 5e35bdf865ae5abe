/** For programs that serve until they are told to end: returns when somebody asks this one to. */
export const untilSignal = (): Promise<void> =>
  new Promise((ended) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended());
  });
