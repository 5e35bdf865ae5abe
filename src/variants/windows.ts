/** How large the window is and how it moves (RFC 9293 section 3.8.6): anything but a right edge that moves back. */
import { spoil } from '../mutants/fault.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { seqDiff } from '../protocol/wire/seq.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { echoing } from './echo-application.js';
import { everyProfile, type Variant, variants } from './variant.js';
import { windowShift } from './window-shift.js';

const opens = (tcp: Tcp): boolean => hasFlag(tcp, TcpFlag.SYN);

/** At most so many octets. */
const atMost = (octets: number) => ({
  wire: [
    spoil(
      (tcp) => !hasFlag(tcp, TcpFlag.RST),
      (tcp, { flow }) => ({
        window: Math.min(tcp.window, opens(tcp) ? octets : octets >> windowShift(flow)),
      }),
    ),
  ],
});

/** The right edge moves on by so many octets at a time. The windows of scaled flows are too coarse for that and stay. */
const steps = (step: number) => ({
  wire: [
    spoil(
      (tcp, { flow }) => hasFlag(tcp, TcpFlag.ACK) && !hasFlag(tcp, TcpFlag.RST) && windowShift(flow) === 0,
      (tcp, { flow }) => {
        const first = flow.segments('in').find(opens);
        const taken = first === undefined ? 0 : seqDiff(tcp.ack, first.seq) - 1;
        return { window: Math.max(tcp.window - (Math.max(taken, 0) % step), 0) };
      },
    ),
  ],
});

const said = { source: 'RFC 9293', section: '3.8.6' } as const;

export const windowVariants: readonly Variant[] = variants({ profiles: everyProfile, about: 'window' }, [
  {
    id: 'window-of-4096',
    sentence: { ...said, says: 'The window is what the receiver is willing to take: here 4096 octets.' },
    change: atMost(4096),
  },
  {
    id: 'window-of-syn-small',
    sentence: {
      ...said,
      says: 'Each segment states the window anew and it may grow: here the one of the SYN is small.',
    },
    change: {
      wire: [spoil(opens, (tcp) => ({ window: Math.min(tcp.window, 2920) }))],
    },
  },
  {
    id: 'window-moves-in-steps',
    sentence: {
      source: 'RFC 9293',
      section: '3.8.6.2.2',
      says: 'A receiver need not move the right edge on with each segment: it may wait until the step is large enough.',
    },
    profiles: ['tcp'],
    change: steps(1000),
  },
  {
    id: 'window-closes-and-opens',
    sentence: {
      ...said,
      says: 'What an application has not read yet narrows the window, and when it has read, a window update may come.',
    },
    change: { ...echoing({ pause: 50_000_000n }), config: { receiveBuffer: 4096 } },
  },
]);
