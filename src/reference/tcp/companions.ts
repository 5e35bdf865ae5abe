/**
 * The TCP options that travel next to MPTCP's: MSS, SACK-permitted, timestamps, window scale (RFC 9293 section 3.2,
 * RFC 2018, RFC 7323), and what gives way when a header would exceed its 40 octets of options.
 */
import type { Tcp } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { optionLength } from '../../protocol/wire/tcp-options.js';
import type { Stack } from '../stack.js';
import type { Flow } from './flow.js';
import { announcedMss } from './mss.js';

const nop: TcpOption = { option: 'nop' };

/** Room for options in a TCP header, octets (RFC 9293 section 3.1: data offset of at most 15 words). */
export const optionSpace = 40;

/** Milliseconds, modulo 2^32 (RFC 7323 section 4.2.2). */
const timestampValue = (now: bigint): number => Number(BigInt.asUintN(32, now / 1_000_000n));

const timestampsOption = (now: bigint, echo: number): TcpOption => ({
  option: 'timestamps',
  value: timestampValue(now),
  echo,
});

interface Offered {
  readonly sack: boolean;
  readonly timestamps: TcpOption | undefined;
  readonly scaling: boolean;
}

/** In the order that most stacks use, on a word boundary: MSS, SACK-permitted, timestamps, NOP, window scale. */
const offers = (stack: Stack, flow: Flow, { sack, timestamps, scaling }: Offered): readonly TcpOption[] => [
  { option: 'mss', value: announcedMss(flow.local, stack.parameters.tcp.mss) },
  ...(sack ? [{ option: 'sack_permitted' } as const] : []),
  ...(timestamps === undefined ? [] : [timestamps]),
  ...(scaling ? [nop, { option: 'window_scale', shift: flow.windowShift } as const] : []),
  ...(sack === (timestamps !== undefined) ? [] : [nop, nop]),
];

export const synCompanions = (stack: Stack, flow: Flow): readonly TcpOption[] => {
  const { sack, timestamps, window_scale } = stack.parameters.tcp;
  return offers(stack, flow, {
    sack,
    timestamps: timestamps ? timestampsOption(stack.now, 0) : undefined,
    scaling: window_scale,
  });
};

/** In a SYN/ACK only what the SYN offered (RFC 7323 sections 2.2 and 3.2, RFC 2018 section 2). */
export const synAckCompanions = (stack: Stack, flow: Flow): readonly TcpOption[] =>
  offers(stack, flow, {
    sack: flow.sackPermitted,
    timestamps: flow.timestamps === undefined ? undefined : timestampsOption(stack.now, flow.timestamps.recent),
    scaling: flow.scaling !== undefined,
  });

/** Octets of the later companions when timestamps are on. */
export const timestampsSpace = 12;

/** On every later segment but resets: timestamps on a word boundary, when negotiated. */
export const laterCompanions = (flow: Flow, now: bigint): readonly TcpOption[] =>
  flow.timestamps === undefined ? [] : [nop, nop, timestampsOption(now, flow.timestamps.recent)];

/** Stores the offers of the peer's SYN or SYN/ACK that this host also supports. */
export const takeOffer = (stack: Stack, flow: Flow, segment: Tcp): void => {
  const { sack, timestamps, window_scale } = stack.parameters.tcp;
  for (const option of segment.options) {
    switch (option.option) {
      case 'mss':
        flow.mss = stack.decisions.tcp.sendMss(flow.local, option.value);
        flow.congestionWindow = stack.decisions.tcp.initialWindow(flow.mss);
        break;
      case 'window_scale':
        // RFC 7323 section 2.3: a shift above 14 counts as 14.
        if (window_scale) flow.scaling = { theirs: Math.min(option.shift, 14) };
        break;
      case 'sack_permitted':
        flow.sackPermitted = sack;
        break;
      case 'timestamps':
        if (timestamps) flow.timestamps = { recent: option.value, notedAt: stack.now };
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
 * Companions and MPTCP options together, within 40 octets. Options that do not fit are left out in a fixed order,
 * MP_CAPABLE never (open point `options.pressure`, DRAFT-OPT-04): L_RTT_EN or the timestamps first as declared, then the
 * other.
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

/** The order of the options in a header, and what fills it up. */
export const arrange = (options: readonly TcpOption[]): readonly TcpOption[] => options;
