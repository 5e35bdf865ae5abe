/** How large the window is and how it moves (RFC 9293 section 3.8.6): anything but a right edge that moves back. */
import { overlook, spoil } from '../mutants/fault.js';
import type { FlowHistory } from '../mutants/flow-history.js';
import { isReset, redraft } from '../mutants/segment.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { type Seq, seqAdd, seqBefore, seqDiff } from '../protocol/wire/seq.js';
import { hasFlag } from '../reference/tcp/flow.js';
import { echoing } from './echo-application.js';
import type { Habit } from './habit.js';
import { edgeOf } from './plain-acks.js';
import { everyProfile, type Variant, variants } from './variant.js';

const opens = (tcp: Tcp): boolean => hasFlag(tcp, TcpFlag.SYN);

/** The right edge moves on by so many octets at a time; the host must not scale, or its window is too coarse for that. */
const steps = (step: number) => ({
  behaves: { tcp: { window_scale: false } },
  habit: (): Habit => {
    const told = new WeakMap<FlowHistory, Seq>();
    return {
      leaves({ tcp, packet, path, flow }) {
        if (!hasFlag(tcp, TcpFlag.ACK) || isReset(tcp)) return undefined;
        const edge = told.get(flow);
        const own = edgeOf(tcp);
        const moves = edge === undefined ? Number.POSITIVE_INFINITY : seqDiff(own, edge);
        if (edge === undefined || moves >= step || moves <= 0) {
          if (moves > 0) told.set(flow, own);
          return undefined;
        }
        return [{ path, draft: redraft(packet, { window: seqDiff(edge, tcp.ack) }) }];
      },
    };
  },
});

/** The octet after the last one that the host has said it takes. */
const rightEdge = (flow: FlowHistory): Seq | undefined => {
  const sent = flow.segments('out').filter((each) => hasFlag(each, TcpFlag.ACK) && !isReset(each));
  return sent
    .map(edgeOf)
    .reduce<Seq | undefined>((edge, each) => (edge === undefined || seqBefore(edge, each) ? each : edge), undefined);
};

/** A segment that begins in the window and ends beyond it is dropped whole; the host must not scale. */
const dropsBeyond = overlook(({ seq, payload }, { flow }) => {
  const edge = rightEdge(flow);
  return edge !== undefined && seqBefore(seq, edge) && seqBefore(edge, seqAdd(seq, payload.length));
});

const said = { source: 'RFC 9293', section: '3.8.6' } as const;
const shift = { source: 'RFC 7323', section: '2.2' } as const;

export const windowVariants: readonly Variant[] = [
  ...variants({ profiles: everyProfile, about: 'window' }, [
    {
      id: 'window-of-4096',
      sentence: {
        ...said,
        says: 'The window is the number of octets that the receiver is willing to accept: here 4096.',
      },
      change: { behaves: { tcp: { window: 4096, window_shift: 0 } } },
    },
    {
      id: 'window-of-2048',
      sentence: {
        ...said,
        says: 'The window is the number of octets that the receiver is willing to accept: here 2048.',
      },
      change: { behaves: { tcp: { window: 2048, window_shift: 0 } }, wire: [dropsBeyond] },
    },
    {
      id: 'window-of-2048-closes-and-opens',
      sentence: {
        ...said,
        says: 'Octets that the application has not read reduce the window: here a small one, for 20 ms.',
      },
      change: { ...echoing({ pause: 20_000_000n }), config: { receiveBuffer: 2048 }, wire: [dropsBeyond] },
    },
    {
      id: 'window-of-half-a-mebibyte',
      sentence: {
        ...said,
        says: 'The window is the number of octets that the receiver is willing to accept: here half a mebibyte.',
      },
      change: { behaves: { tcp: { window: 0x8_0000, window_shift: 4 } } },
    },
    {
      id: 'window-of-syn-small',
      sentence: {
        ...said,
        says: 'Each segment states the window anew, and it may grow: here the window of the SYN is small.',
      },
      change: { wire: [spoil(opens, (tcp) => ({ window: Math.min(tcp.window, 2920) }))] },
    },
    {
      id: 'window-moves-in-steps',
      sentence: {
        source: 'RFC 9293',
        section: '3.8.6.2.2',
        says: 'A receiver need not move the right edge with each segment: it may wait until the step is large enough.',
      },
      profiles: ['tcp'],
      change: steps(1000),
    },
    {
      id: 'window-closes-and-opens',
      sentence: {
        ...said,
        says: 'Octets that the application has not read reduce the window; after it has read them, a window update may follow.',
      },
      change: { ...echoing({ pause: 50_000_000n }), config: { receiveBuffer: 4096 } },
    },
  ]),
  ...variants({ profiles: everyProfile, about: 'window scale' }, [
    {
      id: 'no-window-scale',
      sentence: { ...shift, says: 'Window scale is optional; unless both SYNs have it, windows are not scaled.' },
      change: { behaves: { tcp: { window_scale: false } } },
    },
    {
      id: 'window-scale-0',
      sentence: {
        ...shift,
        says: "The shift may be zero: scaling is offered, but the host's own window is not scaled.",
      },
      change: { behaves: { tcp: { window_shift: 0 } } },
    },
    {
      id: 'window-scale-14',
      sentence: { ...shift, section: '2.3', says: 'The shift may be anything up to 14.' },
      change: { behaves: { tcp: { window_shift: 14 } } },
    },
  ]),
];
