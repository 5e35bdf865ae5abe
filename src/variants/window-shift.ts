/** How far a host shifts its window on a flow (RFC 7323 section 2.3): by what its SYN said where both SYNs offered it, else not. */
import type { FlowHistory } from '../mutants/flow-history.js';
import { findAny } from '../mutants/segment.js';

export const windowShift = (flow: FlowHistory): number => {
  const [own, theirs] = (['out', 'in'] as const).map((way) =>
    flow.segments(way).flatMap((tcp) => findAny(tcp, 'window_scale') ?? []),
  );
  return theirs?.[0] === undefined ? 0 : (own?.[0]?.shift ?? 0);
};
