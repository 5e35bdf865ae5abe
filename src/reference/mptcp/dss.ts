/**
 * The DSS options this host sends (RFC 8684 section 3.3), in the declared widths. A DSN of 64 bits is answered with a
 * Data ACK of 64 bits, whatever is declared (RFC6824-3.3-06). Checksums always cover 64-bit numbers.
 */
import { dssChecksum } from '../../protocol/keys/dss-checksum.js';
import { type Dss, DssFlag } from '../../protocol/mptcp/option.js';
import type { ReferenceParameters } from '../parameters.js';
import type { Session } from './connection.js';

type Widths = ReferenceParameters['dss'];

const ackFlags = ({ ack_octets }: Widths, { wideDsnCame }: Session): number =>
  DssFlag.A | (ack_octets === 8 || wideDsnCame ? DssFlag.a : 0);

const mapFlags = ({ dsn_octets }: Widths): number => DssFlag.M | (dsn_octets === 8 ? DssFlag.m : 0);

/** Data ACK alone. */
export const dataAckOption = (widths: Widths, session: Session): Dss => ({
  option: 'dss',
  flags: ackFlags(widths, session),
  ack: session.rcvNxt,
});

interface OutgoingMapping {
  readonly dsn: bigint;
  readonly ssn: number;
  readonly octets: Uint8Array;
  /** DATA_FIN after these octets, in the same mapping. */
  readonly fin: boolean;
  /** Leave out the Data ACK to make room. */
  readonly withoutAck: boolean;
}

/** Mapping of the octets of one segment. */
export const mappingOption = (widths: Widths, session: Session, outgoing: OutgoingMapping): Dss => {
  const { dsn, ssn, octets, fin, withoutAck } = outgoing;
  const mapping = { dsn, ssn, dataLength: octets.length + (fin ? 1 : 0) };
  return {
    option: 'dss',
    flags: mapFlags(widths) | (fin ? DssFlag.F : 0) | (withoutAck ? 0 : ackFlags(widths, session)),
    ...(withoutAck ? {} : { ack: session.rcvNxt }),
    ...mapping,
    ...(session.checksum ? { checksum: dssChecksum(mapping, octets) } : {}),
  };
};

/** DATA_FIN without data: one octet of the data sequence, subflow sequence number 0 (RFC 8684 section 3.3.3). */
export const dataFinOption = (widths: Widths, session: Session, dsn: bigint): Dss =>
  mappingOption(widths, session, { dsn, ssn: 0, octets: new Uint8Array(0), fin: true, withoutAck: false });

/** Infinite mapping: data-level length 0, checksum field 0 (RFC 8684 section 3.7). */
export const infiniteOption = (widths: Widths, dsn: bigint, ssn: number, checksum: boolean): Dss => ({
  option: 'dss',
  flags: mapFlags(widths),
  dsn,
  ssn,
  dataLength: 0,
  ...(checksum ? { checksum: 0 } : {}),
});
