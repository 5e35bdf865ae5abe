/** Mutants of the end of the data sequence and of what comes after a fallback (RFC 8684 sections 3.3.3 and 3.7). */
import { dssChecksum } from '../protocol/keys/dss-checksum.js';
import { DssFlag } from '../protocol/mptcp/option.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { accompany, type Passing, spoil } from './fault.js';
import { editMapping } from './mapping.js';
import { type Mutant, mutants } from './mutant.js';
import { carries, findAny, isData, isSynAck, redraft, withEdited, withOption, without } from './segment.js';

const isDataFin = (tcp: Tcp): boolean => ((findAny(tcp, 'dss')?.flags ?? 0) & DssFlag.F) !== 0;
const isBareDataFin = (tcp: Tcp): boolean => isDataFin(tcp) && tcp.payload.length === 0;
const isInfinite = (tcp: Tcp): boolean => findAny(tcp, 'dss')?.dataLength === 0;
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
    breaks: 'A DATA_FIN without payload is followed by an octet of data under the next number.',
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
    breaks: 'A DATA_FIN that comes again stands two octets after the place that it had.',
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
    breaks: 'Flag F stands in a DSS that has no data sequence number.',
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
    breaks: 'Data after the infinite mapping has an ordinary one again.',
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
    id: 'urgent-pointer-inside-the-mapping',
    requirement: 'RFC6824-3.3-13',
    breaks: 'Mapped data has an urgent pointer to its first octet, in the midst of the mapping.',
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
