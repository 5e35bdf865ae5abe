/** How the first data of a client of version 1 tells its mapping: on each of its segments, or with the third one. */
import type { FlowHistory } from '../mutants/flow-history.js';
import { findAny, isData, isDataFin, isFin, isThird, redraft, withEdited } from '../mutants/segment.js';
import { dssChecksum } from '../protocol/keys/dss-checksum.js';
import { initialDsn } from '../protocol/keys/key-digest.js';
import type { TcpPacket } from '../protocol/wire/packet.js';
import { seqAdd, seqBefore } from '../protocol/wire/seq.js';
import type { Departure, Habit } from './habit.js';
import { milliseconds } from './plain-acks.js';
import { mptcpProfiles, type Variant, variants } from './variant.js';

/** MP_CAPABLE with data on each segment of the first write. */
const capableTwice = (): Habit => {
  const held = new WeakMap<FlowHistory, TcpPacket[]>();
  const release = (flow: FlowHistory): readonly Departure[] => {
    const list = held.get(flow) ?? [];
    held.delete(flow);
    const head = list[0];
    const capable = head === undefined ? undefined : findAny(head.tcp, 'mp_capable');
    if (head === undefined || capable?.key === undefined || list.length === 1)
      return list.map((packet) => ({ path: flow.path, draft: redraft(packet) }));
    const payload = Uint8Array.from(list.flatMap(({ tcp }) => [...tcp.payload]));
    const mapping = { dsn: BigInt.asUintN(64, initialDsn(1, capable.key) + 1n), ssn: 1, dataLength: payload.length };
    const option = {
      ...capable,
      dataLength: payload.length,
      ...(capable.checksum === undefined ? {} : { checksum: dssChecksum(mapping, payload) }),
    };
    return list.map((packet, at) => {
      const options = packet.tcp.options.filter(
        (each) =>
          each.option !== 'mp_capable' &&
          each.option !== 'dss' &&
          each.option !== 'timestamps' &&
          each.option !== 'nop',
      );
      return {
        path: flow.path,
        draft: redraft(
          packet,
          at === 0
            ? withEdited(packet.tcp, 'mp_capable', () => option)
            : {
                options: [
                  ...packet.tcp.options.filter(({ option: name }) => name === 'nop' || name === 'timestamps'),
                  ...options,
                  option,
                ],
              },
        ),
      };
    });
  };
  return {
    leaves({ tcp, packet, path, flow }, wire) {
      const list = held.get(flow);
      if (list !== undefined) {
        const last = list.at(-1);
        if (
          last !== undefined &&
          isData(tcp) &&
          !isFin(tcp) &&
          !isDataFin(tcp) &&
          tcp.seq === seqAdd(last.tcp.seq, last.tcp.payload.length)
        ) {
          list.push(packet);
          return [];
        }
        return [...release(flow), { path, draft: redraft(packet) }];
      }
      const next = flow.next('out');
      if (
        !isData(tcp) ||
        findAny(tcp, 'mp_capable')?.dataLength === undefined ||
        (next !== undefined && seqBefore(tcp.seq, next))
      )
        return undefined;
      held.set(flow, [packet]);
      wire.later(milliseconds(1), () => release(flow));
      return [];
    },
  };
};

/** The third segment of v1 waits for data. */
const thirdWithData = (): Habit => {
  const held = new WeakMap<FlowHistory, { packet: TcpPacket; cancel: () => void }>();
  const done = new WeakSet<FlowHistory>();
  return {
    leaves({ tcp, packet, path, flow }, wire) {
      const waiting = held.get(flow);
      if (waiting !== undefined) {
        waiting.cancel();
        held.delete(flow);
        if (isData(tcp) && findAny(tcp, 'mp_capable') !== undefined) return undefined;
        return [
          { path, draft: redraft(waiting.packet) },
          { path, draft: redraft(packet) },
        ];
      }
      if (!isThird(tcp) || findAny(tcp, 'mp_capable')?.version !== 1 || done.has(flow)) return undefined;
      done.add(flow);
      const cancel = wire.later(milliseconds(50), () => {
        held.delete(flow);
        return [{ path, draft: redraft(packet) }];
      });
      held.set(flow, { packet, cancel });
      return [];
    },
  };
};

const initiation = { source: 'RFC 8684', section: '3.1' } as const;

export const firstDataVariants: readonly Variant[] = variants({ profiles: mptcpProfiles, role: 'client' }, [
  {
    id: 'first-mapping-on-each-segment',
    sentence: {
      ...initiation,
      says: 'If segments are cut after the stack, several of them may carry MP_CAPABLE with data.',
    },
    change: { behaves: { tcp: { largest_payload: 3 } }, habit: capableTwice },
  },
  {
    id: 'first-data-on-the-third-segment',
    about: 'delay of the third segment',
    sentence: {
      ...initiation,
      says: 'A host that has data at once sends it with the third segment, without an ACK of its own.',
    },
    change: { habit: thirdWithData },
  },
]);
