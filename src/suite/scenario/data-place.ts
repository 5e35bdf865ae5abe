/** Where the octets of a segment stand in the data sequence (RFC 8684 section 3.3.1). */
import { initialDsn } from '../../protocol/keys/key-digest.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import { seqDiff } from '../../protocol/wire/seq.js';
import type { Flow } from './flow.js';

/** The lower 32 bits of the data sequence number of a segment's octets, by its own mapping or by an earlier one that covers them. */
export function dsnIn({ seen, peerIsn }: Flow, tcp: Tcp): bigint | undefined {
  if (peerIsn === undefined) return dsnOf(tcp);
  const at = seqDiff(tcp.seq, peerIsn);
  for (const { options } of [tcp, ...seen])
    for (const option of options)
      if (option.option === 'dss' && option.dsn !== undefined) {
        const { dsn, ssn = 0, dataLength = 0 } = option;
        if (ssn <= at && at < ssn + dataLength) return BigInt.asUintN(32, dsn + BigInt(at - ssn));
      }
  return dsnOf(tcp);
}

/** The lower 32 bits of the data sequence number that a segment's mapping begins with. */
function dsnOf({ options, payload }: Tcp): bigint | undefined {
  for (const option of options) {
    if (option.option === 'dss' && option.dsn !== undefined) return BigInt.asUintN(32, option.dsn);
    // The first data of version 1 (RFC 8684 section 3.1).
    if (option.option === 'mp_capable' && option.key !== undefined && payload.length > 0)
      return BigInt.asUintN(32, initialDsn(1, option.key) + 1n);
  }
  return undefined;
}
