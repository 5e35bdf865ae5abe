/** Mutants that hosts with one flow, or with a regular one beside the others, never show. */
import { isV6, localAddress } from '../reference/client/route.js';
import { localAddressId } from '../reference/mptcp/addresses.js';
import { openJoin } from '../reference/mptcp/joining.js';
import { remoteRttReport, schedule } from '../reference/mptcp/scheduling.js';
import { dsnAdd } from '../reference/mptcp/sequence.js';
import { overlook, spoil, withhold } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { type Mutant, mutants } from './mutant.js';
import { findAny, isBareAck, isData, isDataFin, isFin, isJoinSyn, isReset, withEdited } from './segment.js';

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
  ]),
);

const servers = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'older-data-ack-narrows-the-window',
    requirement: 'RFC6824-3.3-32',
    breaks:
      'The window of the connection ends where the Data ACK that came last says, also when an older one said more.',
    defect: { decides: { data: { windowEnd: (_session, told) => told } } },
  },
  {
    id: 'data-beyond-data-fin-acknowledged',
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
]);

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
  ...mutants({ profile: 'tcp', role: 'client' }, [
    {
      id: 'abort-after-the-server-closed-silent',
      requirement: 'RFC9293-3.10.5-02',
      breaks: 'An abort says nothing when the FIN of the server has come.',
      defect: { wire: [withhold((tcp, { flow }) => isReset(tcp) && flow.segments('in').some(isFin))] },
    },
  ]),
];

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

export const seldomAloneMutants: readonly Mutant[] = [...bothEnds, ...servers, ...clients, ...rttServers];
