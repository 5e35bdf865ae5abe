/**
 * The window that the peer offers, and the waits before sending into a closed or small one (RFC 9293 sections 3.8.6.1 and
 * 3.8.6.2.1): a closed window is probed after a retransmission timeout, a small segment is sent after half a second.
 */
import type { Tcp } from '../../protocol/wire/packet.js';
import { seqDiff } from '../../protocol/wire/seq.js';
import type { Stack } from '../stack.js';
import type { Flow } from './flow.js';

/** The override timeout of RFC 9293 section 3.8.6.2.1, between 0.1 and 1.0 s. */
const overrideTimeout = 500_000_000n;

/** SND.WND, and of which segment it is. */
export const takeWindow = (stack: Stack, flow: Flow, segment: Tcp, window: number): void => {
  flow.sndWindow = window;
  flow.sndWl1 = segment.seq;
  flow.sndWl2 = segment.ack;
  flow.largestWindow = Math.max(flow.largestWindow, window);
  if (window > 0) {
    flow.probeDue = false;
    flow.persistence?.cancel();
    flow.persistence = undefined;
  } else if (flow.persistence === undefined && !flow.probeDue) awaitProbe(stack, flow);
};

/** "When a zero window has existed for the retransmission timeout period" (SHLD-29). */
export const probeWait = ({ rto }: Flow): bigint => rto;

/** The first probe; the wait for the next one is longer (SHLD-30). */
const awaitProbe = (stack: Stack, flow: Flow): void => {
  flow.persistence = stack.alarms.at(
    stack.now + stack.decisions.tcp.probeWait(flow),
    ['probe of the window', flow],
    () => {
      flow.persistence = undefined;
      flow.probeDue = true;
      if (flow.timer === undefined) flow.rto = stack.decisions.tcp.backOff(flow);
      flow.owner.roomMade(flow);
    },
  );
};

/** Octets of the window that are not under way. */
export const usableWindow = ({ sndWindow, sndNxt, sndUna }: Flow): number => sndWindow - seqDiff(sndNxt, sndUna);

/**
 * Whether a segment of `usable` octets would be a small one that only the window makes small (MUST-38): it is less than a full segment
 * and than all that waits, and less than half of the largest window. It may leave when nothing better came up for a while.
 */
export const isSilly = (flow: Flow, usable: number, full: number, waiting: () => number): boolean =>
  usable > 0 && usable < full && 2 * usable < flow.largestWindow && !flow.smallDue && usable < waiting();

/** Sends waiting octets after the override timeout, in a small segment if necessary. */
export const awaitRoom = (stack: Stack, flow: Flow): void => {
  flow.persistence ??= stack.alarms.at(stack.now + overrideTimeout, ['small segment', flow], () => {
    flow.persistence = undefined;
    flow.smallDue = true;
    flow.owner.roomMade(flow);
    flow.smallDue = false;
  });
};
