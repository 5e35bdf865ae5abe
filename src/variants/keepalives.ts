/** Probes that an application has asked for (RFC 9293 section 3.8.4). */
import type { FlowHistory } from '../mutants/flow-history.js';
import { redraft } from '../mutants/segment.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd } from '../protocol/wire/seq.js';
import type { Habit, Wire } from './habit.js';
import { isAlive, isOrdinary, milliseconds } from './plain-acks.js';
import { everyProfile, type Variant, variants } from './variant.js';

/** A keepalive after each 600 ms of silence, four in all, with or without an octet. */
const keepalives = (octet: boolean) => (): Habit => {
  const timers = new WeakMap<FlowHistory, () => void>();
  const arm = (flow: FlowHistory, wire: Wire, left: number): void => {
    timers.get(flow)?.();
    if (left === 0) return;
    timers.set(
      flow,
      wire.later(milliseconds(600), () => {
        const latest = flow.latest('out');
        const next = flow.next('out');
        const came = flow.segments('in').at(-1);
        if (
          latest === undefined ||
          next === undefined ||
          came === undefined ||
          !isAlive(flow) ||
          !isProven(flow) ||
          came.ack !== next
        )
          return [];
        arm(flow, wire, left - 1);
        const options = latest.tcp.options.filter(({ option }) => option === 'nop' || option === 'timestamps');
        return [
          {
            path: flow.path,
            draft: redraft(latest, {
              seq: seqAdd(next, -1),
              ack: flow.next('in') ?? latest.tcp.ack,
              flags: TcpFlag.ACK,
              payload: new Uint8Array(octet ? 1 : 0),
              options,
            }),
          },
        ];
      }),
    );
  };
  return {
    leaves({ tcp, flow }, wire) {
      if (isOrdinary(tcp)) arm(flow, wire, 4);
      return undefined;
    },
    comes({ tcp, flow }, wire) {
      if (isOrdinary(tcp)) arm(flow, wire, 4);
      return undefined;
    },
  };
};

/** A join carries nothing before its third segment was acknowledged (RFC 8684 section 3.2). */
const isProven = (flow: FlowHistory): boolean =>
  flow.segments('in').some(isOrdinary) && flow.segments('out').some(isOrdinary);

const section = { source: 'RFC 9293', section: '3.8.4' } as const;

export const keepaliveVariants: readonly Variant[] = variants({ profiles: everyProfile, about: 'keepalives' }, [
  {
    id: 'keepalives',
    sentence: {
      ...section,
      says: 'An application may enable keepalives, and configure the idle time before them.',
    },
    change: { habit: keepalives(false) },
  },
  {
    id: 'keepalives-with-an-octet',
    sentence: { ...section, says: 'A keepalive may carry a meaningless octet (MAY-6).' },
    keeps: 'musts',
    change: { habit: keepalives(true) },
  },
]);
