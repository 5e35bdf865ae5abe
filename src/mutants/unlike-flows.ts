/** Mutants for which the flows of a connection are alike: one MSS, one window, and one flow on which its data ends. */
import { type Dss, DssFlag } from '../protocol/mptcp/option.js';
import { type Tcp, TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd } from '../protocol/wire/seq.js';
import type { Member, Session } from '../reference/mptcp/connection.js';
import { schedule } from '../reference/mptcp/scheduling.js';
import { dsnAdd, dsnDiff } from '../reference/mptcp/sequence.js';
import { canSend } from '../reference/tcp/flow.js';
import { segmentRoom, sendRoom } from '../reference/tcp/transmission.js';
import { misread, type Passing, spoil, withhold } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { editMapping } from './mapping.js';
import { mutants } from './mutant.js';
import {
  type Change,
  carries,
  findAny,
  isBareAck,
  isData,
  isDataFin,
  isJoinSyn,
  isReset,
  withEdited,
  withOption,
} from './segment.js';

/** Octets of the largest DSS. */
const dssSpace = 28;

const isOnJoined = ({ flow, packet }: Passing): boolean => isJoinSyn((flow.first ?? packet).tcp);

const dataAckOf = (tcp: Tcp): bigint | undefined => findAny(tcp, 'dss')?.ack;

/** A Data ACK beyond this one came before. */
const isOldDataAck = (tcp: Tcp, { flows }: Passing): boolean => {
  const ack = dataAckOf(tcp);
  const came = flows.flatMap((flow) => flow.segments('in').flatMap((each) => dataAckOf(each) ?? []));
  return ack !== undefined && came.some((each) => BigInt.asIntN(64, each - ack) > 0n);
};

const carriesAddress = carries('add_addr');

const portOfFirst = (flows: Passing['flows']): number | undefined => flows[0]?.first?.tcp.destinationPort;

/** Payload without a mapping of its own, an odd number of octets after the one that began the latest mapping. */
const isAfterOddOctets = (tcp: Tcp, { flow }: Passing): boolean => {
  const mapped = flow.segments('in').findLast((each) => isData(each) && findAny(each, 'dss')?.dsn !== undefined);
  return isData(tcp) && findAny(tcp, 'dss') === undefined && mapped !== undefined && (tcp.seq - mapped.seq) % 2 !== 0;
};

const isTimed = (tcp: Tcp): boolean => (tcp.flags & TcpFlag.SYN) === 0 && findAny(tcp, 'timestamps') !== undefined;

/** MP_FASTCLOSE came by another flow, and two others were reset for it. */
const isResetOfThird = (tcp: Tcp, { flow, flows }: Passing): boolean => {
  const others = flows.filter((each) => each !== flow);
  const closed = others.some((each) => each.segments('in').some(carries('mp_fastclose')));
  return isReset(tcp) && closed && others.filter((each) => each.segments('out').some(isReset)).length > 1;
};

export const unlikeFlowMutants = mutants({ profile: 'mptcp', role: 'both' }, [
  {
    id: 'lost-data-in-segments-of-the-lost-flow',
    requirement: 'RFC9293-3.7.1-01',
    breaks: 'Data of a lost flow is sent on another one in segments of the old size, whatever the MSS there.',
    defect: { decides: { data: { reinjectionRoom: (_stack, flow) => sendRoom(flow) } } },
  },
  {
    id: 'lost-data-beyond-the-window-of-the-flow',
    requirement: 'RFC6824-3.3-33',
    breaks: 'Data of a lost flow is sent on another one, whatever the window there.',
    defect: { decides: { data: { reinjectionRoom: (stack, flow) => segmentRoom(stack, flow, dssSpace) } } },
  },
  {
    id: 'subflow-ack-taken-for-a-data-ack',
    requirement: 'RFC6824-4-02',
    breaks: 'Data that was acknowledged at its subflow counts as Data-ACKed.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => isBareAck(tcp) && dataAckOf(tcp) !== undefined && flow.segments('out').some(isData),
          (tcp, { flow }) => {
            const sent = flow
              .segments('out')
              .findLast((each) => isData(each) && findAny(each, 'dss')?.dsn !== undefined);
            const ack =
              (sent === undefined ? 0n : (findAny(sent, 'dss')?.dsn ?? 0n)) + BigInt(sent?.payload.length ?? 0);
            const isWhole = sent !== undefined && tcp.ack === seqAdd(sent.seq, sent.payload.length);
            return isWhole ? withEdited(tcp, 'dss', (option) => ({ ...option, ack })) : {};
          },
        ),
      ],
    },
  },
  {
    id: 'window-without-a-data-ack-taken',
    requirement: 'RFC6824-3.3-21',
    breaks: 'The window of an ACK without Data ACK counts from the latest Data ACK.',
    defect: {
      wire: [
        misread(
          (tcp, { flow }) =>
            isBareAck(tcp) &&
            findAny(tcp, 'dss') === undefined &&
            flow.segments('in').some((each) => dataAckOf(each) !== undefined),
          (tcp, { flow }) => {
            const latest = flow.segments('in').findLast((each) => dataAckOf(each) !== undefined);
            const dss = latest === undefined ? undefined : findAny(latest, 'dss');
            return dss?.ack === undefined
              ? {}
              : withOption(tcp, { option: 'dss', flags: dss.flags & (DssFlag.A | DssFlag.a), ack: dss.ack });
          },
        ),
      ],
    },
  },
  {
    id: 'window-beside-an-old-data-ack-unread',
    requirement: 'RFC6824-3.3-32',
    breaks: 'The window of a segment whose Data ACK is not the latest is ignored.',
    role: 'server',
    defect: { wire: [misread(isOldDataAck, () => ({ window: 0 }))] },
  },
  {
    id: 'smallest-window-of-the-flows',
    requirement: 'RFC6824-3.3-32',
    breaks: 'The smallest window of the flows limits the connection.',
    role: 'both',
    defect: { decides: { data: { windowRoom: (session) => smallestRoom(session) } } },
  },
  {
    id: 'windows-of-a-joined-flow-by-the-shift-of-the-first',
    requirement: 'RFC6824-3.3-33',
    breaks: 'The windows of every flow are scaled by the shift of the first one.',
    defect: {
      wire: [
        misread(
          (tcp, passing) => isOnJoined(passing) && !isJoinSyn(tcp),
          ({ window }, { flow, flows }) => ({ window: Math.floor(window * 2 ** (shiftOf(flows[0]) - shiftOf(flow))) }),
        ),
      ],
    },
  },
  {
    id: 'timestamp-of-the-handshake-echoed-on-a-joined-flow',
    requirement: 'RFC7323-3.2-01',
    breaks: 'A joined flow always echoes the timestamp of its handshake.',
    defect: {
      wire: [
        spoil(
          (tcp, passing) => isOnJoined(passing) && isTimed(tcp),
          (tcp, { flow }) => echoing(tcp, clocksOf(flow)[flow.openedHere ? 0 : 1]),
        ),
      ],
    },
  },
  {
    id: 'timestamps-of-the-connection',
    requirement: 'RFC7323-3.2-01',
    breaks: 'Every flow echoes the largest timestamp that came on any of them.',
    defect: {
      wire: [spoil(isTimed, (tcp, { flows }) => echoing(tcp, Math.max(...flows.flatMap(clocksOf))))],
    },
  },
  {
    id: 'lost-data-on-a-flow-not-proved',
    requirement: 'RFC6824-3.2-10',
    breaks: 'Data of a lost flow is sent on a joining flow whose third segment was not acknowledged.',
    role: 'client',
    defect: {
      decides: {
        data: {
          schedule: (connection, session, usable) =>
            usable.length > 0 ? schedule(connection, session, usable) : session.members.filter(mayCarry).slice(0, 1),
        },
      },
    },
  },
  {
    id: 'sum-of-odd-segments',
    requirement: 'RFC6824-3.3-04',
    breaks:
      'The checksum of a mapping pairs the octets of each segment separately, also after an odd number of octets.',
    defect: {
      wire: [
        misread(isAfterOddOctets, (tcp) => ({
          payload: Uint8Array.of((tcp.payload[0] ?? 0) ^ 1, ...tcp.payload.subarray(1)),
        })),
      ],
    },
  },
  {
    id: 'announced-id-takes-another-address',
    requirement: 'RFC6824-3.4-13',
    breaks: 'An announcement assigns the Address ID of an address in use to another address, which is then joined.',
    role: 'client',
    versions: [0],
    defect: {
      wire: [
        misread(
          (tcp, { flow }) => carriesAddress(tcp) && flow.segments('in').some(carriesAddress),
          (tcp) => withEdited(tcp, 'add_addr', (option) => ({ ...option, addressId: (option.addressId + 100) % 256 })),
        ),
      ],
    },
  },
  {
    id: 'fastclose-leaves-a-third-flow',
    requirement: 'RFC6824-3.5-01',
    breaks: 'MP_FASTCLOSE ends the flow on which it comes and one other.',
    defect: { wire: [withhold(isResetOfThird)] },
  },
  {
    id: 'reason-of-a-reset-in-version-0',
    requirement: 'RFC6824-3-01',
    breaks: 'The reset of a join in version 0 carries the MP_TCPRST of version 1.',
    versions: [0],
    defect: {
      wire: [
        spoil(
          (tcp, passing) => isReset(tcp) && isOnJoined(passing),
          (tcp) => withOption(tcp, { option: 'mp_tcprst', flags: 0, reason: 1 }),
        ),
      ],
    },
  },
  {
    id: 'announced-port-unread',
    requirement: 'RFC6824-3.8-01',
    breaks: 'A join to an address that was announced with a port goes to the port of the first flow.',
    role: 'client',
    defect: {
      wire: [
        spoil(
          (tcp, { flows }) => isJoinSyn(tcp) && tcp.destinationPort !== portOfFirst(flows),
          (_, { flows }) => ({ destinationPort: portOfFirst(flows) ?? 0 }),
        ),
      ],
    },
  },
  {
    id: 'data-fin-with-data-on-a-joined-flow-unread',
    requirement: 'RFC6824-3.3-09',
    breaks: 'A DATA_FIN in a mapping with data is ignored on a joined flow.',
    defect: {
      wire: [
        misread(
          (tcp, passing) => isData(tcp) && isDataFin(tcp) && isOnJoined(passing),
          (tcp) => withoutFin(tcp),
        ),
      ],
    },
  },
]);

const mayCarry = ({ flow }: Member): boolean => canSend(flow) && sendRoom(flow) > 0;

const smallestRoom = ({ members, dataUna, dataNxt }: Session): number =>
  Number(dsnDiff(dsnAdd(dataUna, Math.min(...members.map(({ flow }) => flow.sndWindow))), dataNxt));

/** The shift that the peer offered on a flow. */
const shiftOf = (flow: FlowHistory | undefined): number => {
  const offers = flow?.segments('in').map((tcp) => findAny(tcp, 'window_scale')?.shift) ?? [];
  return offers.find((shift) => shift !== undefined) ?? 0;
};

const clocksOf = (flow: FlowHistory): readonly number[] =>
  flow.segments('in').flatMap((tcp) => findAny(tcp, 'timestamps')?.value ?? []);

const echoing = (tcp: Tcp, echo: number | undefined): Change =>
  withEdited(tcp, 'timestamps', (option) => ({ ...option, echo: echo ?? option.echo }));

const withoutFin = (tcp: Tcp) =>
  editMapping(
    tcp,
    ({ dataLength }): Partial<Dss> => ({
      dataLength: dataLength - 1,
      flags: (findAny(tcp, 'dss')?.flags ?? 0) & ~DssFlag.F,
    }),
  );
