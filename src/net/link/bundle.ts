/**
 * Several wires as one path, where each of them leads to a host like the others: which one a frame goes out by follows from
 * the address that it comes from, and whatever arrives by any of them arrives by that path.
 */
import { forward } from './forward.js';
import { sourceKey } from './frame-ends.js';
import type { Link, PathId } from './link.js';

/** `wires`: the inner link's path for the key of a source address; other frames go out by `path` itself. */
export const bundle = (inner: Link, path: PathId, wires: ReadonlyMap<string, PathId>): Link => ({
  ...forward(inner),
  paths: [path],
  send: (_, frame) => inner.send(wires.get(sourceKey(frame) ?? '') ?? path, frame),
  subscribe: (listener) => inner.subscribe((arrival) => listener({ ...arrival, path })),
});
