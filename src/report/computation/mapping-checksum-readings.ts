/**
 * Readings of the checksum of a data sequence mapping (RFC 8684 section 3.3.1): a term is left out of the sum, encoded
 * otherwise, or the sum is processed otherwise. Sixteen bits agree by chance once in 65,536, so each reading has one
 * mistake; a sum does not show which of its terms differs.
 */
import { bigEndian } from '../../protocol/bytes/octets.js';
import { type DssMapping, dssChecksum } from '../../protocol/keys/dss-checksum.js';
import { addWords, complement } from '../../protocol/wire/checksum.js';
import { leftmost, type Reading, readingsThatGive } from './reading.js';

export interface MappedSegment {
  readonly mapping: DssMapping;
  readonly payload: Uint8Array;
  /** The sequence number of the segment's header. */
  readonly seq: number;
  /** The checksum of its TCP header. */
  readonly tcpChecksum: number;
}

export const explainMappingChecksum = (segment: MappedSegment, observed: number): readonly string[] =>
  readingsThatGive(
    bigEndian(BigInt(observed), 2),
    checksumReadings(segment).map(({ wrong, value }) => reading(value, wrong)),
    [{ value: leftmost }],
  );

const reading = (value: number, wrong: string): Reading => ({ wrong: [wrong], octets: bigEndian(BigInt(value), 2) });

const checksumReadings = ({ mapping, payload, seq, tcpChecksum }: MappedSegment): readonly Wrong[] => {
  const over = (changed: Partial<DssMapping>): number => dssChecksum({ ...mapping, ...changed }, payload);
  const { dsn } = mapping;
  const right = over({});
  const all = [
    { wrong: 'without the pseudo-header', value: complement(addWords(0, payload, 0, payload.length)) },
    { wrong: 'without the payload', value: dssChecksum(mapping, new Uint8Array(0)) },
    { wrong: 'the DSN cut to its low 32 bits', value: over({ dsn: BigInt.asUintN(32, dsn) }) },
    {
      wrong: 'DSN, subflow sequence number or length one too low',
      value: over({ dsn: BigInt.asUintN(64, dsn - 1n) }),
    },
    {
      wrong: 'DSN, subflow sequence number or length one too high',
      value: over({ dsn: BigInt.asUintN(64, dsn + 1n) }),
    },
    { wrong: 'without the DSN', value: over({ dsn: 0n }) },
    { wrong: 'the sequence number of the TCP header in place of the relative one', value: over({ ssn: seq }) },
    { wrong: 'without the subflow sequence number', value: over({ ssn: 0 }) },
    { wrong: 'without the data-level length', value: over({ dataLength: 0 }) },
    { wrong: 'the sum without its complement', value: right ^ 0xffff },
    { wrong: 'the octets of the checksum exchanged', value: ((right & 0xff) << 8) | (right >>> 8) },
    { wrong: 'carries lost in place of added again', value: withoutCarries(mapping, payload) },
    ...(payload.length % 2 === 0
      ? []
      : [{ wrong: 'an odd payload padded in front', value: dssChecksum(mapping, Uint8Array.from([0, ...payload])) }]),
    { wrong: 'the checksum of the TCP header', value: tcpChecksum },
    { wrong: 'left zero', value: 0 },
  ];
  return all.filter(({ value }, at) => value !== right && all.findIndex((each) => each.value === value) === at);
};

interface Wrong {
  readonly wrong: string;
  readonly value: number;
}

const withoutCarries = ({ dsn, ssn, dataLength }: DssMapping, payload: Uint8Array): number => {
  const pseudo = Buffer.concat([bigEndian(dsn, 8), bigEndian(BigInt(ssn), 4), bigEndian(BigInt(dataLength), 2)]);
  const sum = addWords(addWords(0, pseudo, 0, pseudo.length), payload, 0, payload.length);
  return (sum & 0xffff) ^ 0xffff;
};
