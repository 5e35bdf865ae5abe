/**
 * RobE_IPS (draft): the path with the best known round trip time carries the first SYN; signalling stays classic. Combined
 * with RobE_SIM while nothing is known, or with RobE_TIMER against a wrong choice (DRAFT-IPS-C-08, -C-09).
 */
import type { Stack } from '../stack.js';
import { classic } from './classic.js';
import type { Election } from './election.js';
import { simultaneous } from './simultaneous.js';

/**
 * The paths with the one for the first SYN in front: the least RTT among those known, the earlier path on a tie
 * (DRAFT-IPS-C-04: the default path unless another one is strictly faster); the given order when nothing is known.
 */
export const orderByRtt = (stack: Stack, paths: readonly number[]): readonly number[] => {
  if (stack.parameters.ips.by === 'other') return paths;
  let best: { readonly path: number; readonly rtt: bigint } | undefined;
  for (const path of paths) {
    const rtt = stack.metrics.rtt(path);
    if (rtt !== undefined && (best === undefined || rtt < best.rtt)) best = { path, rtt };
  }
  if (best === undefined) return paths;
  const first = best.path;
  return [first, ...paths.filter((path) => path !== first)];
};

/** How an IPS attempt over `paths` is opened. */
export const pathSelection = (stack: Stack, paths: readonly number[], timer: Election): Election => {
  switch (stack.parameters.ips.combine) {
    case 'none':
      return classic;
    case 'sim':
      return paths.some((path) => stack.metrics.rtt(path) !== undefined) ? classic : simultaneous;
    case 'timer':
      return timer;
  }
};
