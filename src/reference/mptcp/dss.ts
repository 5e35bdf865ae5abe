/** The DSS options this host sends (RFC 8684 section 3.3): always the 64-bit forms, which answer 64-bit forms (RFC6824-3.3-06). */
import { dssChecksum } from '../../protocol/keys/dss-checksum.js';
import { type Dss, DssFlag } from '../../protocol/mptcp/option.js';
import type { Session } from './connection.js';

/** Data ACK alone. */
export const dataAckOption = (session: Session): Dss => ({
  option: 'dss',
  flags: DssFlag.A | DssFlag.a,
  ack: session.rcvNxt,
});

interface OutgoingMapping {
  readonly dsn: bigint;
  readonly ssn: number;
  readonly octets: Uint8Array;
  /** Leave out the Data ACK to make room. */
  readonly withoutAck?: boolean;
}

/** Mapping of the octets of one segment. */
export const mappingOption = (session: Session, { dsn, ssn, octets, withoutAck }: OutgoingMapping): Dss => {
  const dataLength = octets.length;
  const mapping = { dsn, ssn, dataLength };
  return {
    option: 'dss',
    flags: DssFlag.M | DssFlag.m | (withoutAck ? 0 : DssFlag.A | DssFlag.a),
    ...(withoutAck ? {} : { ack: session.rcvNxt }),
    ...mapping,
    ...(session.checksum ? { checksum: dssChecksum(mapping, octets) } : {}),
  };
};

/** DATA_FIN without data: one octet of the data sequence, subflow sequence number 0 (RFC 8684 section 3.3.3). */
export const dataFinOption = (session: Session, dsn: bigint): Dss => {
  const mapping = { dsn, ssn: 0, dataLength: 1 };
  return {
    option: 'dss',
    flags: DssFlag.F | DssFlag.M | DssFlag.m | DssFlag.A | DssFlag.a,
    ack: session.rcvNxt,
    ...mapping,
    ...(session.checksum ? { checksum: dssChecksum(mapping, new Uint8Array(0)) } : {}),
  };
};

/** Infinite mapping: data-level length 0, checksum field 0 (RFC 8684 section 3.7). */
export const infiniteOption = (dsn: bigint, ssn: number, checksum: boolean): Dss => ({
  option: 'dss',
  flags: DssFlag.M | DssFlag.m,
  dsn,
  ssn,
  dataLength: 0,
  ...(checksum ? { checksum: 0 } : {}),
});
