/** Mutants that hosts with one flow, or with a regular one beside the others, never show. */
import type { Tcp } from '../protocol/wire/packet.js';
import { isV6, localAddress } from '../reference/client/route.js';
import { localAddressId, verifiesAddAddr } from '../reference/mptcp/addresses.js';
import { openJoin } from '../reference/mptcp/joining.js';
import { remoteRttReport, schedule } from '../reference/mptcp/scheduling.js';
import { dsnAdd } from '../reference/mptcp/sequence.js';
import { imagine, overlook, type Passing, spoil, withhold } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { type Mutant, mutants } from './mutant.js';
import {
  findAny,
  isBareAck,
  isData,
  isDataFin,
  isFin,
  isJoinSyn,
  isReset,
  redraft,
  withEdited,
  without,
} from './segment.js';

/** What was sent last asks whether the peer is there: its number is one before the next. */
const asked = (flow: FlowHistory): boolean => {
  const latest = flow.segments('out').at(-1);
  return latest !== undefined && isBareAck(latest) && latest.seq !== flow.next('out');
};

/** A DATA_FIN of the peer came before this segment, on whichever flow. */
const ended = (flows: readonly FlowHistory[]): boolean => flows.some((flow) => flow.segments('in').some(isDataFin));

/** How many octets came after the peer's DATA_FIN. */
const late = (flows: readonly FlowHistory[]): number =>
  flows
    .flatMap((flow) => flow.segments('in'))
    .filter((tcp) => isData(tcp) && findAny(tcp, 'dss') !== undefined)
    .at(-1)?.payload.length ?? 0;

const bothEnds = (['server', 'client'] as const).flatMap((role) =>
  mutants({ profile: 'mptcp', role }, [
    {
      id: `backups-alone-carry-nothing.${role}`,
      requirement: 'RFC9293-3.4-01',
      breaks: 'When several flows are left and all of them are backups, no data is sent.',
      defect: {
        decides: {
          data: {
            schedule: (connection, session, usable) =>
              usable.length > 1 && usable.every(({ backup }) => backup) ? [] : schedule(connection, session, usable),
          },
        },
      },
    },
    {
      id: `keepalive-answered-without-data.${role}`,
      requirement: 'RFC6824-3.4-17',
      breaks: 'An ACK without data does not count as an answer to a keepalive.',
      defect: { wire: [overlook((tcp, { flow }) => isBareAck(tcp) && asked(flow))] },
    },
    {
      id: `older-data-ack-narrows-the-window.${role}`,
      requirement: 'RFC6824-3.3-32',
      breaks:
        'The window of the connection ends where the Data ACK that came last says, also when an older one said more.',
      defect: { decides: { data: { windowEnd: (_session, told) => told } } },
    },
    {
      id: `data-beyond-data-fin-acknowledged.${role}`,
      requirement: 'RFC6824-3.3-09',
      breaks: 'Octets that come after the DATA_FIN are acknowledged as data.',
      defect: {
        wire: [
          spoil(
            (tcp, { flows }) => findAny(tcp, 'dss')?.ack !== undefined && ended(flows) && late(flows) > 0,
            (tcp, { flows }) =>
              withEdited(tcp, 'dss', (dss) =>
                dss.ack === undefined ? dss : { ...dss, ack: dsnAdd(dss.ack, late(flows)) },
              ),
          ),
        ],
      },
    },
  ]),
);

const clients: readonly Mutant[] = [
  ...mutants({ profile: 'mptcp', role: 'client' }, [
    {
      id: 'announced-address-joined-at-the-first-port',
      requirement: 'RFC6824-3.4-07',
      breaks:
        'An address that is announced without a port, by a flow to another port, is joined at the port of the first flow.',
      defect: {
        decides: {
          client: {
            pathsToAnnounced: (stack, attempt, { address, path, port }) => {
              const { session } = attempt.connection;
              const local = localAddress(stack, path, address);
              if (session === undefined || local === undefined) return [];
              const remotePort = attempt.tried.size > 1 ? attempt.port : port;
              openJoin(stack, session, {
                path,
                local,
                remote: address,
                remotePort,
                localId: localAddressId(session, local),
              });
              return [];
            },
          },
        },
      },
    },
    {
      id: 'address-ids-by-path',
      requirement: 'RFC6824-3.4-02',
      breaks: 'The addresses of one path have one Address ID, whatever their IP version is.',
      defect: {
        wire: [
          spoil(
            (tcp, { packet }) => isJoinSyn(tcp) && isV6(packet.ip.source),
            (tcp, { path }) =>
              withEdited(tcp, 'mp_join', (join) => ('addressId' in join ? { ...join, addressId: path } : join)),
          ),
        ],
      },
    },
  ]),
  ...mutants({ profile: 'mptcp', role: 'client' }, [
    {
      id: 'abort-after-the-server-ended-without-fastclose',
      requirement: 'RFC6824-3.5-01',
      breaks: 'An abort does not say MP_FASTCLOSE when the DATA_FIN of the server was received.',
      defect: {
        wire: [withhold((tcp, { flows }) => findAny(tcp, 'mp_fastclose') !== undefined && ended(flows))],
      },
    },
  ]),
  ...mutants({ profile: 'tcp', role: 'client' }, [
    {
      id: 'abort-after-the-server-closed-silent',
      requirement: 'RFC9293-3.10.5-02',
      breaks: 'An abort says nothing when the FIN of the server has come.',
      defect: { wire: [withhold((tcp, { flow }) => isReset(tcp) && flow.segments('in').some(isFin))] },
    },
  ]),
];

/** Whether the segment brings octets again that went before over a flow that ended by such a segment. */
const wentOver =
  (end: (tcp: Tcp) => boolean) =>
  (tcp: Tcp, { flow, flows }: Passing): boolean =>
    isData(tcp) &&
    flows.some(
      (other) =>
        other !== flow &&
        other.segments('in').some(end) &&
        other.segments('out').some((sent) => isData(sent) && dsnOf(sent) !== undefined && dsnOf(sent) === dsnOf(tcp)),
    );

const dsnOf = (tcp: Tcp): bigint | undefined => findAny(tcp, 'dss')?.dsn;

const lostFlows = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'data-of-a-failed-flow-lost',
    requirement: 'RFC6824-3.5-04',
    breaks: 'What was sent on a flow that was reset with MP_FAIL is not sent again on another flow.',
    defect: { wire: [withhold(wentOver((tcp) => isReset(tcp) && findAny(tcp, 'mp_fail') !== undefined))] },
  },
  {
    id: 'data-of-a-finished-flow-lost',
    requirement: 'RFC6824-3.3-10',
    breaks: 'What was sent on a flow that ended by FIN is not sent again on another flow, with or without a Data ACK.',
    defect: { wire: [withhold(wentOver(isFin))] },
  },
  {
    id: 'priority-of-one-flow-of-an-address',
    requirement: 'RFC6824-3.2-15',
    breaks: 'MP_PRIO with an Address ID changes one flow of that address alone.',
    versions: [0],
    defect: {
      wire: [
        imagine(
          (tcp, { flows }) => findAny(tcp, 'mp_prio')?.addressId !== undefined && firstJoined(flows) !== undefined,
          ({ tcp, flows }) => {
            const joined = firstJoined(flows);
            const latest = joined?.latestIn;
            const backup = findAny(tcp, 'mp_prio')?.backup ?? false;
            if (joined === undefined || latest === undefined) return [];
            return [
              { path: joined.path, draft: redraft(latest, { options: [{ option: 'mp_prio', reserved: 0, backup }] }) },
            ];
          },
          (tcp) => without(tcp, 'mp_prio'),
        ),
      ],
    },
  },
]);

const firstJoined = (flows: readonly FlowHistory[]): FlowHistory | undefined =>
  flows.find(({ first }) => first !== undefined && isJoinSyn(first.tcp));

const announcementReaders = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'announced-port-outside-the-hmac',
    requirement: 'RFC8684-3.4-01',
    breaks: 'The HMAC of an announcement with a port may have been made without it.',
    versions: [1],
    defect: {
      decides: {
        join: {
          verifiesAddAddr: (session, { port, ...option }) =>
            verifiesAddAddr(session, option) || (port !== undefined && verifiesAddAddr(session, { ...option, port })),
        },
      },
    },
  },
]);

const rttServers = mutants({ profile: 'robe-ips', role: 'server' }, [
  {
    id: 'rtt-told-by-the-first-flow-alone',
    requirement: 'DRAFT-RTT-S-02',
    breaks: 'Once a flow has told its round trip time no other flow tells one.',
    defect: {
      decides: {
        data: {
          remoteRttReport: (stack, session, member) =>
            session.members.some((other) => other !== member && other.reportedRtt !== undefined)
              ? undefined
              : remoteRttReport(stack, session, member),
        },
      },
    },
  },
]);

export const seldomAloneMutants: readonly Mutant[] = [
  ...bothEnds,
  ...clients,
  ...announcementReaders,
  ...lostFlows,
  ...rttServers,
];
