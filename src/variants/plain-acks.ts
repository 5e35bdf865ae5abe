/** ACKs that a host may hold back, leave out or repeat, because nothing but numbers is in them; and the flows that carry them. */
import type { FlowHistory } from '../mutants/flow-history.js';
import { findAny, isBareAck, isFin, isReset } from '../mutants/segment.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { type Seq, seqAdd } from '../protocol/wire/seq.js';
import { hasFlag } from '../reference/tcp/flow.js';

export const milliseconds = (count: number): bigint => BigInt(count) * 1_000_000n;

/** No SYN and no reset. */
export const isOrdinary = (tcp: Tcp): boolean => !hasFlag(tcp, TcpFlag.SYN) && !hasFlag(tcp, TcpFlag.RST);

const plainOptions = new Set(['nop', 'timestamps', 'sack', 'dss']);

/** An ACK without octets, signals and mappings. */
export const isPlainAck = (tcp: Tcp): boolean =>
  isBareAck(tcp) &&
  isOrdinary(tcp) &&
  tcp.options.every(({ option }) => plainOptions.has(option)) &&
  findAny(tcp, 'dss')?.dsn === undefined;

/** The handshake is over and neither side has ended the flow. */
export const isAlive = (flow: FlowHistory): boolean =>
  flow.confirmed && ![...flow.segments('in'), ...flow.segments('out')].some((tcp) => isReset(tcp) || isFin(tcp));

/** The right edge of the window that a segment of a host that does not scale tells. */
export const edgeOf = ({ ack, window }: Tcp): Seq => seqAdd(ack, window);
