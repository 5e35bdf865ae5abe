/** The Data ACK among the options of a flow, as far as sending has to know of it (RFC 8684 section 3.3.2). */
import { type Dss, DssFlag } from '../../protocol/mptcp/option.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Flow } from './flow.js';

const { A, a } = DssFlag;

const dataAckIn = (options: readonly TcpOption[]): Dss | undefined =>
  options.find((option): option is Dss => option.option === 'dss' && option.ack !== undefined);

/** An ACK with a signal has no Data ACK: a delayed one must follow. */
export const leavesDataAck = (flow: Flow, signals: readonly TcpOption[]): boolean =>
  flow.ackAlarm !== undefined &&
  dataAckIn(signals) === undefined &&
  dataAckIn(flow.owner.standingOptions(flow)) !== undefined;

/** A retransmission acknowledges the octets received since: its window counts from there (RFC 8684 section 3.3.4). */
export const acknowledgingNow = (flow: Flow, options: readonly TcpOption[]): readonly TcpOption[] => {
  const now = dataAckIn(flow.owner.standingOptions(flow));
  return options.map((option) =>
    now?.ack === undefined || option.option !== 'dss' || option.ack === undefined
      ? option
      : { ...option, ack: now.ack, flags: (option.flags & ~(A | a)) | (now.flags & (A | a)) },
  );
};
