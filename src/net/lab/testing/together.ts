/** Tests that mostly wait for programs: all of a suite begin together, each is told of by itself, in order. */

/** Registers a test, as `it` does. The suite's own hooks come before, where they stand before the call. */
type Register = (title: string, act: () => Promise<void>) => void;

export const together = (): Register => {
  const acts: (() => Promise<void>)[] = [];
  let running: readonly Promise<void>[] = [];
  before(() => {
    running = acts.map((act) => act());
    // Each is asked for its failure in its turn; until then it must not count as one that nobody asks for.
    for (const each of running) each.catch(() => undefined);
  });
  return (title, act) => {
    const at = acts.push(act) - 1;
    it(title, () => running[at]);
  };
};
