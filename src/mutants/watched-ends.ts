/** Mutants of the end of the data sequence and of what comes after a fallback (RFC 8684 sections 3.3.3 and 3.7). */
import { dssChecksum } from '../protocol/keys/dss-checksum.js';
import { DssFlag } from '../protocol/mptcp/option.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { seqAdd } from '../protocol/wire/seq.js';
import { accompany, misread, overlook, type Passing, spoil, withhold } from './fault.js';
import { editMapping } from './mapping.js';
import { type Mutant, mutants } from './mutant.js';
import {
  type Change,
  carries,
  findAny,
  isBareAck,
  isData,
  isReset,
  isSynAck,
  redraft,
  withEdited,
  withOption,
  without,
} from './segment.js';

const isDataFin = (tcp: Tcp): boolean => ((findAny(tcp, 'dss')?.flags ?? 0) & DssFlag.F) !== 0;
const isBareDataFin = (tcp: Tcp): boolean => isDataFin(tcp) && tcp.payload.length === 0;
const isInfinite = (tcp: Tcp): boolean => findAny(tcp, 'dss')?.dataLength === 0;
const hasDataAck = (tcp: Tcp): boolean => findAny(tcp, 'dss')?.ack !== undefined;
/** The segment as an ACK that the host accepts. */
const acceptable = (_: Tcp, { flow }: Passing): Change => {
  const { ack } = flow.segments('out').at(-1) ?? {};
  return { payload: new Uint8Array(0), ...(ack === undefined ? {} : { seq: ack }) };
};
const saidInfinite = ({ flow }: Passing): boolean => flow.segments('out').some(isInfinite);

/** The mapping of `tcp` for other octets. */
const mappingLike = (tcp: Tcp, place: { readonly dsn: bigint; readonly ssn: number }, payload: Uint8Array) =>
  withEdited(tcp, 'dss', ({ checksum, ...dss }) => {
    const mapping = { ...place, dataLength: payload.length };
    const sum = checksum === undefined ? {} : { checksum: dssChecksum(mapping, payload) };
    return { ...dss, flags: (dss.flags & ~DssFlag.F) | DssFlag.M | DssFlag.m, ...mapping, ...sum };
  });

export const watchedEndMutants: readonly Mutant[] = mutants({ profile: 'mptcp', role: 'server' }, [
  {
    id: 'data-after-the-data-fin',
    requirement: 'RFC6824-3.3-09',
    breaks: 'An octet of data with the next number follows a DATA_FIN without payload.',
    defect: {
      wire: [
        accompany(
          (tcp, { flow }) => isBareDataFin(tcp) && !flow.segments('out').some(isBareDataFin),
          ({ packet, tcp, flow }) => {
            const payload = Uint8Array.of(33);
            const dsn = (findAny(tcp, 'dss')?.dsn ?? 0n) + 1n;
            const ssn = flow
              .segments('out')
              .filter((each) => !isSynAck(each))
              .reduce((sum, each) => sum + each.payload.length, 1);
            return [
              redraft(packet, {
                flags: (tcp.flags & ~TcpFlag.FIN) | TcpFlag.PSH,
                payload,
                ...mappingLike(tcp, { dsn, ssn }, payload),
              }),
            ];
          },
        ),
      ],
    },
  },
  {
    id: 'data-fin-moves-when-sent-again',
    requirement: 'RFC6824-3.3-09',
    breaks: 'The data sequence number of a repeated DATA_FIN is two higher.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => isBareDataFin(tcp) && flow.segments('out').some(isBareDataFin),
          (tcp) => editMapping(tcp, ({ dsn }) => ({ dsn: dsn + 2n })),
        ),
      ],
    },
  },
  {
    id: 'data-fin-without-a-mapping',
    requirement: 'RFC6824-3.3-25',
    breaks: 'Flag F is set in a DSS without a data sequence number.',
    defect: {
      wire: [
        spoil(isBareDataFin, (tcp) =>
          withEdited(tcp, 'dss', ({ dsn, ssn, dataLength, checksum, ...dss }) => ({
            ...dss,
            flags: dss.flags & ~(DssFlag.M | DssFlag.m),
          })),
        ),
      ],
    },
  },
  {
    id: 'mapped-after-an-infinite-mapping',
    requirement: 'RFC6824-3.6-08',
    breaks: 'Data after the infinite mapping has an ordinary mapping.',
    defect: {
      wire: [
        spoil(
          (tcp, passing) => isData(tcp) && !isInfinite(tcp) && saidInfinite(passing),
          (tcp, { flow }) => {
            const infinite = flow.segments('out').find(isInfinite);
            const { dsn = 0n, ssn = 0 } = (infinite && findAny(infinite, 'dss')) ?? {};
            const by = infinite === undefined ? 0 : tcp.seq - infinite.seq;
            const { payload } = tcp;
            return mappingLike(
              infinite === undefined ? tcp : { ...tcp, options: infinite.options },
              { dsn: dsn + BigInt(by), ssn: ssn + by },
              payload,
            );
          },
        ),
      ],
    },
  },
  {
    id: 'failed-data-acknowledged-elsewhere',
    role: 'client',
    requirement: 'RFC6824-3.6-12',
    breaks: 'After a reset with MP_FAIL the Data ACKs of other flows cover the data whose checksum was wrong.',
    defect: {
      wire: [
        spoil(
          (tcp, { flows }) =>
            findAny(tcp, 'dss')?.ack !== undefined &&
            flows.some((flow) => flow.segments('out').some(carries('mp_fail'))),
          (tcp) => withEdited(tcp, 'dss', (option) => ({ ...option, ack: (option.ack ?? 0n) + 5n })),
        ),
      ],
    },
  },
  {
    id: 'fin-before-the-data-ack',
    requirement: 'RFC6824-3.3-26',
    breaks: 'A FIN follows the second data of the only flow at once.',
    defect: {
      wire: [
        accompany(
          (tcp, { flow, flows }) =>
            isData(tcp) && carries('dss')(tcp) && flows.length === 1 && flow.segments('out').some(isData),
          ({ packet, tcp }) => [
            redraft(packet, {
              seq: seqAdd(tcp.seq, tcp.payload.length),
              flags: TcpFlag.FIN | TcpFlag.ACK,
              payload: new Uint8Array(0),
              options: [],
            }),
          ],
        ),
      ],
    },
  },
  {
    id: 'removal-outside-the-window-obeyed',
    requirement: 'RFC6824-3.4-18',
    breaks: 'REMOVE_ADDR is accepted whatever the sequence number of its segment.',
    defect: { wire: [misread((tcp) => isData(tcp) && carries('remove_addr')(tcp), acceptable)] },
  },
  {
    id: 'announcement-outside-the-window-obeyed',
    requirement: 'RFC6824-3.4-01',
    breaks: 'ADD_ADDR is accepted whatever the sequence number of its segment.',
    versions: [1],
    defect: { wire: [misread((tcp) => isData(tcp) && carries('add_addr')(tcp), acceptable)] },
  },
  {
    id: 'data-without-data-ack-dropped',
    requirement: 'RFC6824-3.3-24',
    breaks: 'Mapped data without a Data ACK is dropped.',
    defect: {
      wire: [
        overlook((tcp) => {
          const dss = findAny(tcp, 'dss');
          return isData(tcp) && dss?.dsn !== undefined && dss.ack === undefined && dss.dataLength !== 0;
        }),
      ],
    },
  },
  {
    id: 'data-acked-data-not-retransmitted',
    role: 'both',
    requirement: 'RFC6824-3.3-35',
    breaks: 'Octets that were Data-ACKed on another flow are not retransmitted on their own flow.',
    defect: {
      wire: [
        withhold((tcp, { flow, flows }) => {
          const dsn = findAny(tcp, 'dss')?.dsn;
          const isOld = isData(tcp) && flow.segments('out').some((sent) => isData(sent) && sent.seq === tcp.seq);
          return (
            isOld &&
            dsn !== undefined &&
            flows.some((other) => other.segments('in').some((each) => (findAny(each, 'dss')?.ack ?? 0n) > dsn))
          );
        }),
      ],
    },
  },
  {
    id: 'old-data-after-the-wrap-acknowledged-ahead',
    role: 'both',
    requirement: 'RFC6824-3.3-20',
    breaks: 'Once the lower half has wrapped, old data with a short DSN has its Data ACK in the next upper half.',
    defect: {
      wire: [
        spoil(
          (tcp, { flow }) => {
            const last = flow.segments('in').at(-1);
            const came = last === undefined ? undefined : findAny(last, 'dss')?.dsn;
            const ack = findAny(tcp, 'dss')?.ack;
            return (
              isBareAck(tcp) &&
              came !== undefined &&
              ack !== undefined &&
              came <= 0xffffffffn &&
              came > BigInt.asUintN(32, ack) + 0x1000n
            );
          },
          (tcp) =>
            withEdited(tcp, 'dss', (dss) => ({ ...dss, ack: BigInt.asUintN(64, (dss.ack ?? 0n) + (1n << 32n)) })),
        ),
      ],
    },
  },
  {
    id: 'data-ack-keeps-the-old-upper-half',
    role: 'both',
    requirement: 'RFC6824-3.3-18',
    breaks: 'The Data ACK after a wrap of the lower half has the upper half from before it.',
    defect: {
      wire: [
        spoil(
          (tcp) => BigInt.asUintN(32, findAny(tcp, 'dss')?.ack ?? 0x1000n) < 0x1000n,
          (tcp) =>
            withEdited(tcp, 'dss', (dss) => ({ ...dss, ack: BigInt.asUintN(64, (dss.ack ?? 0n) - (1n << 32n)) })),
        ),
      ],
    },
  },
  {
    id: 'data-ack-clears-after-an-infinite-mapping',
    role: 'both',
    requirement: 'RFC6824-3.6-16',
    breaks: 'After an infinite mapping a Data ACK is read as an acknowledgment of the subflow.',
    defect: {
      wire: [
        misread(
          (tcp, passing) => isBareAck(tcp) && hasDataAck(tcp) && passing.flow.segments('in').some(isInfinite),
          (_, { flow }) => {
            const sent = flow.segments('out').filter(isData).at(-1);
            return sent === undefined ? {} : { ack: seqAdd(sent.seq, sent.payload.length) };
          },
        ),
      ],
    },
  },
  {
    id: 'failure-beyond-a-gap-falls-back',
    role: 'both',
    requirement: 'RFC6824-3.6-13',
    breaks: 'A failed checksum on the only flow left draws MP_FAIL on an ACK although earlier data is missing.',
    defect: {
      wire: [
        spoil(
          (tcp, { flows }) => isReset(tcp) && carries('mp_fail')(tcp) && flows.length > 1,
          ({ flags }) => ({ flags: (flags & ~TcpFlag.RST) | TcpFlag.ACK }),
        ),
      ],
    },
  },
  {
    id: 'urgent-pointer-inside-the-mapping',
    requirement: 'RFC6824-3.3-13',
    breaks: 'Mapped data has an urgent pointer to its first octet, inside the mapping.',
    defect: {
      wire: [
        spoil(
          (tcp) => isData(tcp) && carries('dss')(tcp) && tcp.payload.length > 2,
          ({ flags }) => ({ flags: flags | TcpFlag.URG, urgent: 1 }),
        ),
      ],
    },
  },
  {
    id: 'join-answered-in-the-form-of-the-third-segment',
    requirement: 'RFC6824-3.2-40',
    breaks: 'The MP_JOIN of the SYN/ACK has 24 octets.',
    defect: {
      wire: [
        spoil(
          (tcp) => isSynAck(tcp) && carries('mp_join')(tcp),
          (tcp) =>
            withOption(
              { ...tcp, ...without(tcp, 'mp_join') },
              { option: 'mp_join', form: 'ack', reserved: 0, hmac: new Uint8Array(20).fill(1) },
            ),
        ),
      ],
    },
  },
]);
