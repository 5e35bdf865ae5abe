/** Which flow carries the next octets, and on which flows Data ACKs are told (RFC 8684 sections 3.3.2, 3.3.6 and 3.3.8). */
import { findAny, isReset, redraft } from '../mutants/segment.js';
import { DssFlag } from '../protocol/mptcp/option.js';
import type { Connection, Member } from '../reference/mptcp/connection.js';
import { schedule } from '../reference/mptcp/scheduling.js';
import type { Habit } from './habit.js';
import { ackLater, isRelated } from './mptcp-view.js';
import { mptcpProfiles, type Variant, variants } from './variant.js';

/** Another choice among the flows that may carry data; proposal 2 keeps sending everything twice. */
const choosing = (choose: (usable: readonly Member[], connection: Connection, turn: number) => readonly Member[]) => ({
  remembers: () => {
    let turn = 0;
    return {
      data: {
        schedule: (...[connection, session, usable]: Parameters<typeof schedule>) => {
          if (connection.redundant || usable.length === 0) return schedule(connection, session, usable);
          return choose(usable, connection, turn++);
        },
      },
    };
  },
});

/** Every Data ACK that moves on is told on the other flows of the connection as well, on ACKs of their own. */
const everywhere = (): Habit => ({
  leaves({ tcp, packet, path, flow, flows }) {
    const dataAck = findAny(tcp, 'dss')?.ack;
    const told = flow.segments('out').flatMap((each) => findAny(each, 'dss')?.ack ?? []);
    if (dataAck === undefined || isReset(tcp) || told.length === 0 || told.includes(dataAck)) return undefined;
    const dss = { option: 'dss', flags: DssFlag.A | DssFlag.a, ack: dataAck } as const;
    const others = flows.filter((other) => other !== flow && isRelated(other, dataAck, { flow, flows }));
    return [{ path, draft: redraft(packet) }, ...others.flatMap((other) => ackLater(other, [dss], tcp.window))];
  },
});

const policy = { source: 'RFC 8684', section: '3.3.8' } as const;

const only = (member: Member | undefined): readonly Member[] => (member === undefined ? [] : [member]);

export const schedulingVariants: readonly Variant[] = [
  ...variants({ profiles: mptcpProfiles, about: 'scheduler' }, [
    {
      id: 'data-on-the-first-flow',
      sentence: {
        ...policy,
        says: 'Local policy selects the path for data: here the oldest flow, whichever carried the request.',
      },
      change: choosing((usable) => only(usable[0])),
    },
    {
      id: 'data-on-the-latest-flow',
      sentence: {
        ...policy,
        says: 'Local policy selects the path for data: here the flow that was added last.',
      },
      change: choosing((usable) => only(usable.at(-1))),
    },
    {
      id: 'data-on-another-flow',
      sentence: {
        ...policy,
        says: 'An answer need not be sent on the flow of the request: here it is sent on another one.',
      },
      change: choosing((usable, { lastArrival }) => only(usable.find(({ flow }) => flow !== lastArrival) ?? usable[0])),
    },
    {
      id: 'data-on-all-flows-in-turn',
      sentence: { ...policy, says: 'All paths may be used at the same time: here the flows take turns.' },
      change: choosing((usable, _connection, turn) => only(usable[turn % usable.length])),
    },
    {
      id: 'data-on-every-flow',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.6',
        says: 'A sender may send the same data with the same number on several flows.',
      },
      // Proposal 2 ends its copies when one flow is left (paper, section 2.2).
      profiles: mptcpProfiles.filter((profile) => profile !== 'robe-bbm'),
      change: choosing((usable) => usable),
    },
    {
      id: 'data-on-the-fastest-flow',
      sentence: {
        ...policy,
        says: 'Local policy selects the path for data: here the one with the shortest round trip.',
      },
      change: { config: { scheduling: 'fastest' } },
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'flows of Data ACKs' }, [
    {
      id: 'data-ack-on-every-flow',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.2',
        says: 'A Data ACK applies to the connection and is valid on any flow: here it is sent on all.',
      },
      change: { habit: everywhere },
    },
  ]),
];
