/**
 * Octets that came once more by another flow and that no step takes, or that came in parts over several flows. If the case
 * has acknowledged them at the data level, the tester acknowledges them on their flow, as any receiver does (RFC 8684
 * section 3.3.2): a host that waits for that acknowledgment sends nothing more there.
 */
import type { Tcp } from '../../protocol/wire/packet.js';
import { seqBefore } from '../../protocol/wire/seq.js';
import { dsnIn } from './data-place.js';
import type { Flow } from './flow.js';
import { acknowledge, ackOf } from './own-ack.js';
import type { Work } from './state.js';

/** The flow after a copy was passed over on it. */
export function copied(flow: Flow, tcp: Tcp): Flow {
  const dsn = dsnIn(flow, tcp);
  const follows = flow.acknowledged !== undefined && !seqBefore(flow.acknowledged, tcp.seq);
  // After octets that the case has left unacknowledged a copy is left so as well; after another copy it is treated as that one.
  if (dsn === undefined || !(follows || flow.copiedTo !== undefined)) return flow;
  return { ...flow, copiedTo: dsn + BigInt(tcp.payload.length) };
}

export const hasCopies = ({ flows }: Work): boolean =>
  [...flows.values()].some(({ copiedTo }) => copiedTo !== undefined);

/** Acknowledges the copies of what has its Data ACK, and those of a part up to `end` that is acknowledged with another one. */
export function acknowledgeCopies(work: Work, part?: { readonly dataAck: bigint; readonly end: bigint }): void {
  const flows = [...work.flows.values()];
  for (const flow of flows) {
    const { copiedTo } = flow;
    if (copiedTo === undefined || flow.testerReset || flow.peerReset) continue;
    const told = flows.find(({ dataAcknowledged }) => reaches(dataAcknowledged, copiedTo))?.dataAcknowledged;
    const dataAck = told ?? (reaches(part?.end, copiedTo) ? part?.dataAck : undefined);
    if (dataAck === undefined) continue;
    acknowledge(work, flow, ackOf(dataAck, flow.told?.window), { copiedTo: undefined });
  }
}

/** By their lower 32 bits, which are there whatever the widths. */
const reaches = (number: bigint | undefined, end: bigint): boolean =>
  number !== undefined && BigInt.asIntN(32, number - end) >= 0n;
