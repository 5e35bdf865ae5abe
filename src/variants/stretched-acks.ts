/** ACKs that wait, of which the latest stands for all. */
import type { Passing } from '../mutants/fault.js';
import type { FlowHistory } from '../mutants/flow-history.js';
import { redraft } from '../mutants/segment.js';
import { type Tcp, TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { type Seq, seqBefore } from '../protocol/wire/seq.js';
import { hasFlag } from '../reference/tcp/flow.js';
import type { Habit } from './habit.js';
import { tellingAs } from './mptcp-view.js';
import { isPlainAck } from './plain-acks.js';

/** Pure ACKs wait so long, and the latest of them stands for all. */
export const stretched = (after: bigint, held: (tcp: Tcp, passing: Passing) => boolean) => (): Habit => {
  const waiting = new WeakMap<FlowHistory, { packet: TcpPacket; cancel: () => void }>();
  const told = new WeakMap<FlowHistory, Seq>();
  return {
    leaves(passing, wire) {
      const { tcp, packet, path, flow, flows } = passing;
      const pending = waiting.get(flow);
      const before = told.get(flow);
      const isNews = before === undefined || seqBefore(before, tcp.ack);
      if (isPlainAck(tcp) && isNews && held(tcp, passing)) {
        if (pending !== undefined) {
          pending.packet = packet;
          return [];
        }
        const entry = { packet, cancel: () => {} };
        entry.cancel = wire.later(after, () => {
          waiting.delete(flow);
          told.set(flow, entry.packet.tcp.ack);
          return [{ path, draft: redraft(entry.packet, tellingAs(entry.packet.tcp, { flow, flows })) }];
        });
        waiting.set(flow, entry);
        return [];
      }
      if (!hasFlag(tcp, TcpFlag.ACK)) return undefined;
      pending?.cancel();
      waiting.delete(flow);
      told.set(flow, tcp.ack);
      return undefined;
    },
  };
};
