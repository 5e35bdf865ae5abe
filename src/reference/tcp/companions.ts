/**
 * The TCP options that travel next to MPTCP's: MSS, SACK-permitted, timestamps, window scale (RFC 9293 section 3.2,
 * RFC 2018, RFC 7323), and what gives way when a header would exceed its 40 octets of options.
 */
import type { Tcp } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { optionLength } from '../../protocol/wire/tcp-options.js';
import { initialWindow } from './congestion.js';
import type { Flow } from './flow.js';
import { ownMss, sendMss } from './mss.js';

const nop: TcpOption = { option: 'nop' };

/** Room for options in a TCP header, octets (RFC 9293 section 3.1: data offset of at most 15 words). */
const optionSpace = 40;

/** Milliseconds, modulo 2^32 (RFC 7323 section 4.2.2). */
const timestampValue = (now: bigint): number => Number(BigInt.asUintN(32, now / 1_000_000n));

const timestamps = (now: bigint, echo: number): TcpOption => ({
  option: 'timestamps',
  value: timestampValue(now),
  echo,
});

/** 20 octets in the order that most stacks use: MSS, SACK-permitted, timestamps, NOP, window scale. */
export const synCompanions = (flow: Flow, now: bigint): readonly TcpOption[] => [
  { option: 'mss', value: ownMss(flow.local) },
  { option: 'sack_permitted' },
  timestamps(now, 0),
  nop,
  { option: 'window_scale', shift: flow.windowShift },
];

/** In a SYN/ACK only what the SYN offered (RFC 7323 sections 2.2 and 3.2, RFC 2018 section 2). */
export const synAckCompanions = (flow: Flow, now: bigint): readonly TcpOption[] => {
  const options: TcpOption[] = [{ option: 'mss', value: ownMss(flow.local) }];
  if (flow.sackPermitted) options.push({ option: 'sack_permitted' });
  if (flow.timestamps !== undefined) options.push(timestamps(now, flow.timestamps.recent));
  if (flow.scaling !== undefined) options.push(nop, { option: 'window_scale', shift: flow.windowShift });
  if (flow.sackPermitted !== (flow.timestamps !== undefined)) options.push(nop, nop);
  return options;
};

/** Octets of the later companions when timestamps are on. */
export const timestampsSpace = 12;

/** On every later segment but resets: timestamps on a word boundary, when negotiated. */
export const laterCompanions = (flow: Flow, now: bigint): readonly TcpOption[] =>
  flow.timestamps === undefined ? [] : [nop, nop, timestamps(now, flow.timestamps.recent)];

/** Notes what a SYN or SYN/ACK of the peer offers. */
export const takeOffer = (flow: Flow, segment: Tcp, now: bigint): void => {
  for (const option of segment.options) {
    switch (option.option) {
      case 'mss':
        flow.mss = sendMss(flow.local, option.value);
        flow.congestionWindow = initialWindow(flow.mss);
        break;
      case 'window_scale':
        // RFC 7323 section 2.3: a shift above 14 counts as 14.
        flow.scaling = { theirs: Math.min(option.shift, 14) };
        break;
      case 'sack_permitted':
        flow.sackPermitted = true;
        break;
      case 'timestamps':
        flow.timestamps = { recent: option.value, notedAt: now };
        break;
      default:
        break;
    }
  }
};

const lengthOf = (options: readonly TcpOption[]): number =>
  options.reduce((sum, option) => sum + optionLength(option), 0);

/** Whether options fit into one header together. */
export const fitsHeader = (...lists: readonly (readonly TcpOption[])[]): boolean =>
  lists.reduce((sum, options) => sum + lengthOf(options), 0) <= optionSpace;

/**
 * Companions and MPTCP options together, within 40 octets. What does not fit gives way in a fixed order, MP_CAPABLE never
 * (open point `options.pressure`, DRAFT-OPT-04): L_RTT_EN or the timestamps first as declared, then the other.
 */
export const fitOptions = (
  companions: readonly TcpOption[],
  signals: readonly TcpOption[],
  pressure: 'no-ts' | 'no-lrtt',
): readonly TcpOption[] => {
  let options = [...companions, ...signals];
  const order = pressure === 'no-lrtt' ? (['l_rtt_en', 'timestamps'] as const) : (['timestamps', 'l_rtt_en'] as const);
  for (const victim of order) {
    if (lengthOf(options) <= optionSpace) break;
    options = options.filter((option) => option.option !== victim);
  }
  return options;
};
