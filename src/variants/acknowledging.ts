/** When an ACK leaves (RFC 9293 section 3.8.6.3): with the next data, at once, a little later, for every second segment. */
import type { Passing } from '../mutants/fault.js';
import { isBareAck, isData, isFin, redraft } from '../mutants/segment.js';
import { DssFlag } from '../protocol/mptcp/option.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { type Seq, seqBefore } from '../protocol/wire/seq.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import { hasFlag } from '../reference/tcp/flow.js';
import type { Departure, Habit } from './habit.js';
import { everyProfile, type Variant, variants } from './variant.js';

const isOrdinary = (tcp: Tcp): boolean => !hasFlag(tcp, TcpFlag.SYN) && !hasFlag(tcp, TcpFlag.RST);

/** How far the host has acknowledged on a flow, before this segment. */
const acknowledged = ({ flow }: Passing): Seq | undefined =>
  flow
    .segments('out')
    .filter(({ flags }) => (flags & TcpFlag.ACK) !== 0)
    .at(-1)?.ack;

/** Whether an ACK says nothing but that data came: no option of MPTCP other than a Data ACK, and the latest that came was data. */
const acknowledgesData = (tcp: Tcp, { flow }: Passing): boolean => {
  const latest = flow.segments('in').at(-1);
  return isBareAck(tcp) && latest !== undefined && isData(latest) && !isFin(latest) && tcp.options.every(isAboutData);
};

const isAboutData = (option: Tcp['options'][number]): boolean => {
  switch (option.option) {
    case 'nop':
    case 'eol':
    case 'timestamps':
      return true;
    case 'dss':
      return option.dsn === undefined;
    default:
      return false;
  }
};

interface Waiting {
  readonly passing: Passing;
  readonly callOff: () => void;
}

/** Bare ACKs of data wait so long for company; the second one, or whatever else leaves on the flow, ends the wait. */
const delayed = (delay: bigint) => (): Habit => {
  const waiting = new Map<Passing['flow'], Waiting>();
  return {
    leaves(passing, wire) {
      const { flow, tcp, path } = passing;
      const earlier = waiting.get(flow);
      if (earlier !== undefined) {
        earlier.callOff();
        waiting.delete(flow);
        return undefined;
      }
      const before = acknowledged(passing);
      const isNew = before !== undefined && seqBefore(before, tcp.ack);
      if (!isNew || !acknowledgesData(tcp, passing) || leavesGap(passing)) return undefined;
      const departure: Departure = { path, draft: redraft(passing.packet) };
      const callOff = wire.later(delay, () => {
        waiting.delete(flow);
        return [departure];
      });
      waiting.set(flow, { passing, callOff });
      return [];
    },
  };
};

/** Data beyond the acknowledgment is there: RFC 5681 section 4.2 asks for an ACK at once. */
const leavesGap = ({ flow, tcp }: Passing): boolean =>
  flow.segments('in').some((segment) => isData(segment) && seqBefore(tcp.ack, segment.seq));

/** What data carries as an acknowledgment leaves as an ACK of its own before it. */
const separately = (): Habit => ({
  leaves(passing) {
    const { tcp, packet, path } = passing;
    const before = acknowledged(passing);
    const acknowledgesNew = before !== undefined && seqBefore(before, tcp.ack);
    if (!isOrdinary(tcp) || isBareAck(tcp) || !acknowledgesNew) return undefined;
    const options = tcp.options.flatMap((option): readonly TcpOption[] => {
      if (option.option === 'timestamps' || option.option === 'nop') return [option];
      if (option.option !== 'dss' || option.ack === undefined) return [];
      return [{ option: 'dss', flags: option.flags & (DssFlag.A | DssFlag.a), ack: option.ack }];
    });
    const ack = redraft(packet, { flags: TcpFlag.ACK, payload: new Uint8Array(0), options });
    return [
      { path, draft: ack },
      { path, draft: redraft(packet) },
    ];
  },
});

const section = { source: 'RFC 9293', section: '3.8.6.3' } as const;

export const acknowledgingVariants: readonly Variant[] = variants(
  { profiles: everyProfile, about: 'delay of acknowledgments' },
  [
    {
      id: 'ack-every-second-segment',
      sentence: {
        ...section,
        says: 'Fewer ACKs than one for each segment may be sent, as long as every second full segment gets one.',
      },
      change: { config: { delayedAcks: true } },
    },
    {
      id: 'ack-delayed-200ms',
      sentence: { ...section, says: 'An ACK may be delayed by less than half a second: here by 200 ms.' },
      change: { habit: delayed(200_000_000n) },
    },
    {
      id: 'ack-delayed-450ms',
      sentence: { ...section, says: 'An ACK may be delayed by less than half a second: here by 450 ms.' },
      change: { habit: delayed(450_000_000n) },
    },
    {
      id: 'ack-before-data',
      sentence: {
        ...section,
        says: 'That ACKs wait for data is a recommendation: here each leaves at once and by itself, before the data.',
      },
      change: { habit: separately },
    },
  ],
);
