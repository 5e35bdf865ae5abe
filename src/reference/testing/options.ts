/** MPTCP options as peers in tests write them. */
import { dssChecksum } from '../../protocol/keys/dss-checksum.js';
import { type Dss, DssFlag, type MpCapable } from '../../protocol/mptcp/option.js';

/** Flags A and H. */
export const checksums = 0x80;
export const hmacOnly = 0x01;

/** MP_CAPABLE with no key, the sender's, or both. */
export const capable = (version: number, keys: readonly bigint[] = [], flags = checksums | hmacOnly): MpCapable => {
  const [key, peerKey] = keys;
  return {
    option: 'mp_capable',
    version,
    flags,
    ...(key === undefined ? {} : { key }),
    ...(peerKey === undefined ? {} : { peerKey }),
  };
};

/** A mapping with checksum; `ack` is a Data ACK. */
export const map = (dsn: bigint, ssn: number, payload: string, ack?: bigint): Dss => {
  const mapping = { dsn, ssn, dataLength: payload.length };
  return {
    option: 'dss',
    flags: DssFlag.M | DssFlag.m | (ack === undefined ? 0 : DssFlag.A | DssFlag.a),
    ...(ack === undefined ? {} : { ack: ack }),
    ...mapping,
    checksum: dssChecksum(mapping, Buffer.from(payload)),
  };
};
export const dataAck = (ack: bigint): Dss => ({ option: 'dss', flags: DssFlag.A | DssFlag.a, ack: ack });

/** DATA_FIN without data. */
export const dataFin = (dsn: bigint): Dss => {
  const mapping = { dsn, ssn: 0, dataLength: 1 };
  return {
    option: 'dss',
    flags: DssFlag.F | DssFlag.M | DssFlag.m,
    ...mapping,
    checksum: dssChecksum(mapping, new Uint8Array(0)),
  };
};
