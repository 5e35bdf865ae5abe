/**
 * The checksum that a mapping must have (RFC 8684 section 3.3.1): over the pseudo-header, in which the data sequence
 * number always has 64 bits, and the payload.
 */
import { dssChecksum } from '../../protocol/keys/dss-checksum.js';
import type { MptcpVersion } from '../../protocol/keys/hash.js';
import { initialDsn } from '../../protocol/keys/key-digest.js';
import { DssFlag } from '../../protocol/mptcp/option.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';

/**
 * The checksum of the mapping of a DSS or MP_CAPABLE; undefined without a mapping. `peerKeys` are those that the sender
 * sent on any of its flows, because a joined flow shows none.
 */
export function rightChecksum(
  option: TcpOption,
  { payload }: Pick<Tcp, 'payload'>,
  version: MptcpVersion,
  peerKeys: readonly bigint[],
): number | undefined {
  if (option.option === 'dss' && option.dsn !== undefined) {
    const dsn = (option.flags & DssFlag.m) === 0 ? wholeDsn(version, option.dsn, peerKeys) : option.dsn;
    return dssChecksum({ dsn, ssn: option.ssn ?? 0, dataLength: option.dataLength ?? 0 }, payload);
  }
  if (option.option === 'mp_capable' && option.key !== undefined && option.dataLength !== undefined) {
    const dsn = BigInt.asUintN(64, initialDsn(version, option.key) + 1n);
    return dssChecksum({ dsn, ssn: 1, dataLength: option.dataLength }, payload);
  }
  return undefined;
}

/**
 * The DSN with those lower 32 bits that is nearest to an initial one of the sender: no case sends more octets than that.
 */
export function wholeDsn(version: MptcpVersion, low: bigint, keys: readonly bigint[]): bigint {
  const [nearest] = keys
    .map((key) => initialDsn(version, key))
    .map((initial) => ({ initial, distance: BigInt.asIntN(32, low - initial) }))
    .sort((a, b) => Number(magnitude(a.distance) - magnitude(b.distance)));
  return nearest === undefined ? low : BigInt.asUintN(64, nearest.initial + nearest.distance);
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
