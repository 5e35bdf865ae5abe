/** What passed on the flows of a host so far, as its wire saw it. */

import { type Tcp, TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { type Seq, seqAdd, seqBefore } from '../protocol/wire/seq.js';
import { hasFlag, segmentLength } from '../reference/tcp/flow.js';
import { findAny, isData, isReset, isSyn, isSynAck } from './segment.js';

export interface Passed {
  readonly way: 'in' | 'out';
  readonly packet: TcpPacket;
}

export class FlowHistory {
  readonly #passed: Passed[] = [];

  constructor(readonly path: number) {}

  add(passed: Passed): void {
    this.#passed.push(passed);
  }

  /** Segments that went one way, the first in front. */
  segments(way: 'in' | 'out'): readonly Tcp[] {
    return this.#passed.filter((each) => each.way === way).map(({ packet }) => packet.tcp);
  }

  /** The latest packet that came, for its addresses. */
  get latestIn(): TcpPacket | undefined {
    return this.latest('in');
  }

  /** The latest packet that went one way. */
  latest(which: 'in' | 'out'): TcpPacket | undefined {
    return this.#passed.findLast(({ way }) => way === which)?.packet;
  }

  /** The packet that opened it, whichever way. */
  get first(): TcpPacket | undefined {
    return this.#passed[0]?.packet;
  }

  get openedHere(): boolean {
    return this.segments('out').some(isSyn);
  }

  get synAcked(): boolean {
    return [...this.segments('in'), ...this.segments('out')].some(isSynAck);
  }

  /** An ACK came after the SYN/ACK. */
  get confirmed(): boolean {
    const acks = (tcp: Tcp) => hasFlag(tcp, TcpFlag.ACK) && !hasFlag(tcp, TcpFlag.SYN) && !isReset(tcp);
    return this.synAcked && (this.segments('in').some(acks) || this.segments('out').some(acks));
  }

  /** One side reset it. */
  get reset(): boolean {
    return this.#passed.some(({ packet }) => isReset(packet.tcp));
  }

  get carriedData(): boolean {
    return this.#passed.some(({ packet }) => isData(packet.tcp));
  }

  /** The sequence number after everything that went one way. */
  next(way: 'in' | 'out'): Seq | undefined {
    let furthest: Seq | undefined;
    for (const tcp of this.segments(way)) {
      if (isReset(tcp)) continue;
      const end = seqAdd(tcp.seq, segmentLength(tcp));
      if (furthest === undefined || seqBefore(furthest, end)) furthest = end;
    }
    return furthest;
  }

  /** The key that one side's MP_CAPABLE named as its own. */
  key(way: 'in' | 'out'): bigint | undefined {
    for (const tcp of this.segments(way)) {
      const key = findAny(tcp, 'mp_capable')?.key;
      if (key !== undefined) return key;
    }
    return undefined;
  }
}
