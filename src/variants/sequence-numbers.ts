/** How wide the numbers of the data sequence are written, and which segments carry a Data ACK (RFC 8684 sections 3.3.1 and 3.3.2). */
import { type Passing, spoil } from '../mutants/fault.js';
import { carries, findAny, isBareAck, type OptionOf, withEdited, without } from '../mutants/segment.js';
import { DssFlag } from '../protocol/mptcp/option.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { mptcpProfiles, type Variant, variants } from './variant.js';

const hasDss = carries('dss');
const low = (dsn: bigint): bigint => BigInt.asUintN(32, dsn);

type Dss = OptionOf<'dss'>;

const narrowDsn = (dss: Dss): Dss =>
  dss.dsn === undefined ? dss : { ...dss, flags: dss.flags & ~DssFlag.m, dsn: low(dss.dsn) };

const dss = (edit: (dss: Dss, passing: Passing) => Dss) => ({
  wire: [spoil(hasDss, (tcp, passing) => withEdited(tcp, 'dss', (option) => edit(option, passing)))],
});

/** What the latest segment of this flow acknowledged at the data level. */
const latestDataAck = ({ flow }: Passing): bigint | undefined =>
  flow
    .segments('out')
    .flatMap((tcp) => findAny(tcp, 'dss')?.ack ?? [])
    .at(-1);

/** A Data ACK that this flow carried already, on a segment that would go without DSS else. */
const repeatsDataAck = (tcp: Tcp, passing: Passing): boolean => {
  const option = findAny(tcp, 'dss');
  return option?.ack !== undefined && option.dsn === undefined && latestDataAck(passing) === option.ack;
};

/** The latest that came on the flow is a DATA_FIN. */
const answersDataFin = ({ flow }: Passing): boolean =>
  flow.latestIn !== undefined && ((findAny(flow.latestIn.tcp, 'dss')?.flags ?? 0) & DssFlag.F) !== 0;

const widths = { source: 'RFC 8684', section: '3.3.1' } as const;

export const sequenceNumberVariants: readonly Variant[] = [
  ...variants({ profiles: mptcpProfiles, about: 'width of data sequence numbers' }, [
    {
      id: 'dsn-of-4-octets',
      sentence: { ...widths, says: 'A mapping may have only the lower 32 bits of the data sequence number.' },
      change: { behaves: { dss: { dsn_octets: 4 } } },
    },
    {
      id: 'data-ack-of-4-octets',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.2',
        says: 'The sender chooses a Data ACK of 32 or 64 bits, unless it received a 64-bit DSN.',
      },
      change: { behaves: { dss: { ack_octets: 4 } } },
    },
    {
      id: 'short-numbers-throughout',
      sentence: { ...widths, says: 'Mappings and Data ACKs may both have 32 bits.' },
      change: { behaves: { dss: { dsn_octets: 4, ack_octets: 4 } } },
    },
    {
      id: 'width-changes-by-packet',
      sentence: { ...widths, says: 'Each packet may choose the width anew.' },
      change: dss((option) => (((option.ssn ?? 0) & 2) === 0 ? narrowDsn(option) : option)),
    },
  ]),
  ...variants({ profiles: mptcpProfiles, about: 'presence of Data ACKs' }, [
    {
      id: 'data-ack-only-when-it-moves',
      sentence: {
        source: 'RFC 8684',
        section: '3.3.2',
        says: 'A Data ACK should be sent only when its value advances, and a receiver must accept its absence.',
      },
      change: {
        wire: [
          spoil(
            // What comes again was not acknowledged for its sender, and is acknowledged again.
            (tcp, passing) => isBareAck(tcp) && repeatsDataAck(tcp, passing) && !answersDataFin(passing),
            (tcp) => without(tcp, 'dss'),
          ),
        ],
      },
    },
    {
      id: 'mapping-without-data-ack',
      sentence: {
        source: 'RFC 8684',
        section: '3.3',
        says: 'A DSS carries a mapping, a Data ACK, or both: here a mapping without Data ACK unless the Data ACK is new.',
      },
      change: {
        wire: [
          spoil(
            (tcp, passing) => {
              const option = findAny(tcp, 'dss');
              return option?.dsn !== undefined && option.ack !== undefined && latestDataAck(passing) === option.ack;
            },
            (tcp) =>
              withEdited(tcp, 'dss', ({ ack: _, ...option }) => ({
                ...option,
                flags: option.flags & ~(DssFlag.A | DssFlag.a),
              })),
          ),
        ],
      },
    },
  ]),
];
