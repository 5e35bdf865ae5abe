/**
 * Timestamps of arriving segments (RFC 7323): which one is echoed (section 4.3), and protection against wrapped sequence
 * numbers by them (PAWS, section 5.3). Values are those of the peer's clock, modulo 2^32.
 */
import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import { seqAtMost } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { optionLength } from '../../protocol/wire/tcp-options.js';
import type { Flow } from './flow.js';

/** Octets of the option, and of all options of a header. */
const timestampOctets = 10;
const optionSpace = 40;

const nop: TcpOption = { option: 'nop' };

/** After this time without a new timestamp the last one is invalid (RFC 7323 section 5.5): 24 days. */
const validity = 24n * 24n * 3600n * 1_000_000_000n;

/** Below zero when `a` comes before `b`: 0 < (b - a) < 2^31. */
const compare = (a: number, b: number): number => (a - b) | 0;

const timestampOf = (segment: Tcp): number | undefined => {
  for (const option of segment.options) if (option.option === 'timestamps') return option.value;
  return undefined;
};

/**
 * Whether the segment has no timestamp although both ends agreed on them (RFC 7323 section 3.2: silently dropped). Resets need
 * none, nor does a SYN, with which a peer that has forgotten the flow begins anew, nor a segment that has no room for one.
 */
export const lacksTimestamp = ({ timestamps }: Flow, segment: Tcp): boolean =>
  timestamps !== undefined &&
  (segment.flags & (TcpFlag.RST | TcpFlag.SYN)) === 0 &&
  timestampOf(segment) === undefined &&
  hasRoom(segment);

/** Whether a timestamp would fit beside the options that are there (DRAFT-OPT-04: MP_JOIN_CAP may need its place). */
const hasRoom = ({ options }: Tcp): boolean =>
  options.reduce((sum, option) => sum + optionLength(option), 0) + timestampOctets <= optionSpace;

/** What a reset carries that answers a segment with a timestamp (RFC 7323 section 5.2). */
export const echoOnReset = (segment: Tcp): readonly TcpOption[] => {
  const echo = timestampOf(segment);
  return echo === undefined ? [] : [nop, nop, { option: 'timestamps', value: 0, echo }];
};

/** Whether the segment is older than one that came before: an old duplicate, which is not acceptable (rule R1). */
export const isOutdated = ({ timestamps }: Flow, segment: Tcp, now: bigint): boolean => {
  const value = timestampOf(segment);
  if (timestamps === undefined || value === undefined) return false;
  return compare(value, timestamps.recent) < 0 && now - timestamps.notedAt <= validity;
};

/**
 * Notes the timestamp of a segment in the window that is not outdated, when it begins at or before what was last
 * acknowledged (rule R3), so that an ACK that covers several segments echoes the first of them.
 */
export const noteTimestamp = (flow: Flow, segment: Tcp, now: bigint): void => {
  const value = timestampOf(segment);
  if (flow.timestamps === undefined || value === undefined || !seqAtMost(segment.seq, flow.lastAckSent)) return;
  flow.timestamps = { recent: value, notedAt: now };
};
