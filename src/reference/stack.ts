/**
 * The shared state of all machines of the host: configuration, time, timers, tables, and the two outputs (frames and
 * notices). The host creates one and passes it to each transition; there is no other global state.
 */

import type { IpAddress } from '../protocol/wire/packet.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import type { Alarms } from './alarms.js';
import type { HostConfig, HostNotice, HostPath } from './contract.js';
import type { PathMetrics } from './election/path-metrics.js';
import type { Entropy } from './entropy.js';
import type { Correlation } from './listener/correlation.js';
import type { Connection, Session } from './mptcp/connection.js';
import type { ReferenceParameters } from './parameters.js';
import type { Decisions } from './questions.js';
import type { Flow } from './tcp/flow.js';

/** A port at which the host serves. */
export interface Listener {
  readonly id: string;
  readonly port: number;
  readonly service: 'echo' | 'discard' | 'application';
}

export interface Stack {
  readonly config: HostConfig;
  readonly parameters: ReferenceParameters;
  readonly decisions: Decisions;
  readonly alarms: Alarms;
  readonly entropy: Entropy;
  readonly paths: ReadonlyMap<number, HostPath>;
  /** Flows by 4-tuple, see `flowKey`. */
  readonly flows: Map<string, Flow>;
  readonly listeners: Map<number, Listener>;
  readonly connections: Map<string, Connection>;
  /** Live MPTCP connections by local token: one host, one name space (RFC 6824 appendix B.1.1). */
  readonly tokens: Map<number, Session>;
  /** Half-open and live MP_CAPABLE requests of the server side. */
  readonly correlation: Correlation;
  readonly metrics: PathMetrics;
  /** A fresh name for a connection, unique in the host. */
  nextConnection(kind: 'accepted' | 'opened'): string;
  /** Time of the present input, nanoseconds. */
  now: bigint;
  /** Writes a TCP segment to the flow's peer; options are complete and fit. */
  transmit(segment: OutgoingSegment): void;
  notify(notice: HostNotice): void;
}

export interface OutgoingSegment {
  readonly path: number;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly window: number;
  readonly options: readonly TcpOption[];
  readonly payload: Uint8Array;
}
