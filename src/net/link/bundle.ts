/**
 * Several wires as one path, each to a similar host: the source address of a frame selects its wire, and a frame that
 * arrives on any of them arrives on that path.
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
