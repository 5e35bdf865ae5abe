/** Mutants of the data sequence: mappings larger or smaller than their segment, copies, upper halves, the end, priorities, failures. */
import { dssChecksum } from '../protocol/keys/dss-checksum.js';
import { DssFlag } from '../protocol/mptcp/option.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { answer, misread, overlook, type Passing, spoil, withhold } from './fault.js';
import type { FlowHistory } from './flow-history.js';
import { editMapping } from './mapping.js';
import { mutants } from './mutant.js';
import {
  backTo,
  carries,
  findAny,
  isBareAck,
  isData,
  isDataFin,
  isReset,
  isSyn,
  withEdited,
  without,
} from './segment.js';

const dssOf = (tcp: Tcp) => findAny(tcp, 'dss');
const joins = carries('mp_join');
/** A Data ACK beyond all that was sent; one of another connection is nowhere near. */
const isFarAhead = (ack: bigint | undefined, dsn: bigint): boolean =>
  ack !== undefined && ack > dsn + 500n && ack < dsn + (1n << 20n);
const isJoined = (flow: FlowHistory): boolean => flow.segments('in').some((tcp) => isSyn(tcp) && joins(tcp));
const dataFins = (flow: FlowHistory): number => flow.segments('in').filter(isDataFin).length;
const failed = (flow: FlowHistory): boolean =>
  [...flow.segments('in'), ...flow.segments('out')].some(carries('mp_fail'));

/** What this host's Data ACKs have told so far. */
const acknowledged = (flows: readonly FlowHistory[]): bigint => {
  let furthest = 0n;
  for (const tcp of flows.flatMap((flow) => flow.segments('out'))) {
    const ack = dssOf(tcp)?.ack ?? 0n;
    if (ack > furthest) furthest = ack;
  }
  return furthest;
};

const sentOn = (flow: FlowHistory, tcp: Tcp): number =>
  flow.segments('out').filter((own) => isData(own) && own.seq === tcp.seq).length;

const isSpared = ({ flow, flows }: Passing): boolean => {
  const said = flow.segments('in').findLast(carries('mp_prio'));
  const option = said === undefined ? undefined : findAny(said, 'mp_prio');
  return option?.backup === true && flows.length > 1;
};

export const dataSequenceMutants = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'mapping-of-one-segment-alone',
    requirement: 'RFC6824-3.3-41',
    breaks: 'A mapping applies only to the segment that carries it.',
    defect: {
      wire: [
        misread(
          (tcp) => isData(tcp) && (dssOf(tcp)?.dataLength ?? 0) > tcp.payload.length,
          (tcp) => editMapping(tcp, () => ({ dataLength: tcp.payload.length })),
        ),
      ],
    },
  },
  {
    id: 'long-mapping-delivered-unchecked',
    requirement: 'RFC6824-3.6-11',
    breaks: 'The checksum of a mapping over several segments is not verified.',
    defect: {
      decides: {
        data: {
          verifiesChecksum: (mapping, octets) =>
            dssChecksum(mapping, octets) === mapping.checksum || mapping.length > 4,
        },
      },
    },
  },
  {
    id: 'mapping-that-begins-with-old-data-dropped',
    requirement: 'RFC9293-3.4-01',
    breaks: 'A mapping that begins with old data is dropped together with its new data.',
    defect: {
      wire: [
        misread(
          (tcp, { flows }) => {
            const { dsn } = dssOf(tcp) ?? {};
            const ack = acknowledged(flows);
            return isData(tcp) && dsn !== undefined && dsn < ack && dsn + BigInt(tcp.payload.length) > ack;
          },
          (tcp) => editMapping(tcp, ({ dsn }) => ({ dsn: dsn - 8n })),
        ),
      ],
    },
  },
  {
    id: 'upper-half-of-dsn-ignored',
    requirement: 'RFC6824-3.7-01',
    breaks: 'Only the lower half of a DSN of 64 bits is read.',
    defect: {
      wire: [
        misread(
          (tcp) => isData(tcp) && ((dssOf(tcp)?.flags ?? 0) & DssFlag.m) !== 0,
          (tcp) =>
            withEdited(tcp, 'dss', (dss) => {
              if (dss.dsn === undefined) return dss;
              const dsn = BigInt.asUintN(32, dss.dsn);
              return { ...dss, flags: dss.flags & ~DssFlag.m, dsn };
            }),
        ),
      ],
    },
  },
  {
    id: 'data-ack-of-the-unsent-covers-all',
    requirement: 'RFC6824-3.3-10',
    breaks: 'After a Data ACK of octets that were never sent no data is sent again on another flow.',
    defect: {
      wire: [
        withhold((tcp, { flow, flows }) => {
          const dss = dssOf(tcp);
          if (!isData(tcp) || dss?.dsn === undefined) return false;
          const { dsn } = dss;
          const before = flows.some(
            (other) => other !== flow && other.segments('out').some((own) => dssOf(own)?.dsn === dsn),
          );
          return before && flows.some((other) => other.segments('in').some((own) => isFarAhead(dssOf(own)?.ack, dsn)));
        }),
      ],
    },
  },
  {
    id: 'mapping-missing-from-the-second-repetition',
    requirement: 'RFC6824-3.6-02',
    breaks: 'Data that is sent a third time has no mapping.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isData(tcp) && sentOn(flow, tcp) >= 2,
          (tcp) => without(tcp, 'dss'),
        ),
      ],
    },
  },
  {
    id: 'repeated-data-fin-unanswered',
    requirement: 'RFC6824-3.3-09',
    breaks: 'A repeated DATA_FIN draws no Data ACK.',
    defect: {
      wire: [
        overlook((tcp, { flow }) => isDataFin(tcp) && dataFins(flow) > 0),
        withhold((tcp, { flow }) => dataFins(flow) > 1 && !isReset(tcp)),
      ],
    },
  },
  {
    id: 'third-data-fin-unanswered',
    requirement: 'RFC6824-3.3-09',
    breaks: 'A DATA_FIN that comes a third time draws no Data ACK.',
    defect: {
      wire: [
        overlook((tcp, { flow }) => isDataFin(tcp) && dataFins(flow) > 1),
        withhold((tcp, { flow }) => dataFins(flow) > 2 && !isReset(tcp)),
      ],
    },
  },
  {
    id: 'data-fin-ahead-of-data-taken',
    requirement: 'RFC6824-3.3-09',
    breaks: 'A DATA_FIN is processed on arrival, and missing data before it is dropped.',
    defect: {
      wire: [overlook((tcp, { flows }) => isData(tcp) && flows.some((other) => dataFins(other) > 0))],
    },
  },
  {
    id: 'joined-flow-without-data-ack-kept',
    requirement: 'RFC6824-3.6-04',
    breaks: 'A joined flow on which data is acknowledged without Data ACK is kept.',
    defect: { wire: [withhold((tcp, { flow }) => isReset(tcp) && isJoined(flow))] },
  },
  {
    id: 'prio-by-address-spares-its-own-flow',
    versions: [0],
    requirement: 'RFC6824-3.2-15',
    breaks: 'MP_PRIO of version 0 with an Address ID makes the flow on which it came a backup.',
    defect: {
      wire: [
        misread(
          (tcp) => findAny(tcp, 'mp_prio')?.addressId !== undefined,
          (tcp) => withEdited(tcp, 'mp_prio', ({ addressId: _, ...option }) => option),
        ),
      ],
    },
  },
  {
    id: 'backup-never-taken-back',
    requirement: 'RFC6824-3.2-15',
    breaks: 'MP_PRIO with B=0 does not make a backup regular again.',
    defect: {
      wire: [
        misread(
          (tcp) => findAny(tcp, 'mp_prio')?.backup === false,
          (tcp) => without(tcp, 'mp_prio'),
        ),
      ],
    },
  },
  {
    id: 'one-backup-for-a-connection',
    requirement: 'RFC6824-3.2-15',
    breaks: 'Only the flow that was last made a backup is treated as one.',
    defect: {
      wire: [
        misread(
          (tcp, { flow, flows }) =>
            findAny(tcp, 'mp_prio')?.backup === true &&
            flows.some((other) => other !== flow && isSpared({ flow: other, flows } as Passing)),
          (tcp) => without(tcp, 'mp_prio'),
        ),
      ],
    },
  },
  {
    id: 'fail-on-one-flow-ends-mptcp',
    requirement: 'RFC6824-3.6-06',
    breaks: 'MP_FAIL on one of two flows makes the connection fall back on the other.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow, flows }) => isData(tcp) && flows.some((other) => other !== flow && failed(other)),
          (tcp) => without(tcp, 'dss'),
        ),
      ],
    },
  },
  {
    id: 'fail-names-the-first-octet',
    requirement: 'RFC6824-3.6-07',
    breaks: 'MP_FAIL names the first octet of the connection.',
    defect: {
      wire: [
        spoil(carries('mp_fail'), (tcp, { flow }) => {
          const first = flow
            .segments('in')
            .map((own) => dssOf(own)?.dsn)
            .find((dsn) => dsn !== undefined);
          return withEdited(tcp, 'mp_fail', (option) => ({ ...option, dsn: first ?? option.dsn }));
        }),
      ],
    },
  },
  {
    id: 'data-before-the-fallback-forgotten',
    requirement: 'RFC9293-3.8.1-02',
    breaks: 'Data under way at the time of a fallback is not sent again.',
    defect: { wire: [withhold((tcp, { flow }) => isData(tcp) && failed(flow) && sentOn(flow, tcp) > 0)] },
  },
  {
    id: 'backup-carries-what-is-waiting',
    requirement: 'RFC6824-3.2-15',
    breaks: 'While data is under way on the regular flow new data is sent on the backup.',
    defect: {
      decides: {
        data: {
          schedule: (_connection, session, usable) => {
            const spare = session.members.find((member) => !usable.includes(member));
            const busy = usable.every(({ flow }) => flow.sndUna !== flow.sndNxt);
            return busy && spare !== undefined ? [spare] : usable.slice(0, 1);
          },
        },
      },
    },
  },
  {
    id: 'data-acks-of-the-end-missing',
    requirement: 'RFC6824-3.3-40',
    breaks: 'A DATA_FIN is Data-ACKed although data before it is missing.',
    defect: {
      wire: [
        answer(
          (tcp, { flow }) => isDataFin(tcp) && isBareAck(tcp) && isJoined(flow),
          ({ packet, tcp, flow }) => [
            backTo(packet, {
              seq: flow.next('out') ?? tcp.ack,
              ack: flow.next('in') ?? tcp.seq,
              flags: TcpFlag.ACK,
              options: [{ option: 'dss', flags: DssFlag.A | DssFlag.a, ack: (dssOf(tcp)?.dsn ?? 0n) + 1n }],
            }),
          ],
          'besides',
        ),
      ],
    },
  },
]);
