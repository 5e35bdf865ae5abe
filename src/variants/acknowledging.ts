/** When an ACK leaves (RFC 9293 section 3.8.6.3): with the next data, at once, a little later, for every second segment. */
import type { Passing } from '../mutants/fault.js';
import { isBareAck, redraft } from '../mutants/segment.js';
import { DssFlag } from '../protocol/mptcp/option.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { type Seq, seqBefore } from '../protocol/wire/seq.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import { hasFlag } from '../reference/tcp/flow.js';
import type { Habit } from './habit.js';
import { everyProfile, type Variant, variants } from './variant.js';

const isOrdinary = (tcp: Tcp): boolean => !hasFlag(tcp, TcpFlag.SYN) && !hasFlag(tcp, TcpFlag.RST);

/** How far the host has acknowledged on a flow, before this segment. */
const acknowledged = ({ flow }: Passing): Seq | undefined =>
  flow
    .segments('out')
    .filter(({ flags }) => (flags & TcpFlag.ACK) !== 0)
    .at(-1)?.ack;

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

/** A single segment in order is acknowledged after so many seconds, a second one at once. */
const delayed = (ack_delay_s: number) => ({ behaves: { tcp: { ack_delay_s } } });

const section = { source: 'RFC 9293', section: '3.8.6.3' } as const;

export const acknowledgingVariants: readonly Variant[] = variants(
  { profiles: everyProfile, about: 'delay of acknowledgments' },
  [
    {
      id: 'ack-every-second-segment',
      sentence: {
        ...section,
        says: 'A host may send fewer ACKs than one for each segment, as long as every second full segment gets one.',
      },
      change: delayed(0.04),
    },
    {
      id: 'ack-delayed-200ms',
      sentence: { ...section, says: 'An ACK may be delayed by less than half a second: here by 200 ms.' },
      change: delayed(0.2),
    },
    {
      id: 'ack-delayed-450ms',
      sentence: { ...section, says: 'An ACK may be delayed by less than half a second: here by 450 ms.' },
      change: delayed(0.45),
    },
    {
      id: 'ack-before-data',
      sentence: {
        ...section,
        says: 'Delaying ACKs until there is data is a recommendation: here each ACK is sent at once, before the data.',
      },
      change: { habit: separately },
    },
  ],
);
