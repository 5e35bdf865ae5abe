/** The base of every wrapper: a link that forwards each call. A wrapper spreads it and replaces some methods. */
import type { Link } from './link.js';

export const forward = (inner: Link): Link => {
  const settle = inner.settle?.bind(inner);
  return {
    // Read through, because a link may learn of its paths while it is being opened.
    get paths() {
      return inner.paths;
    },
    send: (path, frame) => inner.send(path, frame),
    subscribe: (listener) => inner.subscribe(listener),
    counters: () => inner.counters(),
    close: () => inner.close(),
    ...(settle !== undefined && { settle }),
  };
};
