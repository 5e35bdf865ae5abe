/** The mapping that a segment brings for its octets: in a DSS, or in the MP_CAPABLE of the first data (RFC 8684 sections 3.1 and 3.3). */
import type { MptcpVersion } from '../../protocol/keys/hash.js';
import { initialDsn } from '../../protocol/keys/key-digest.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { rightChecksum } from './right-checksum.js';

/** Whom the parts come from, for their checksums. */
export interface Sender {
  readonly version: MptcpVersion;
  readonly keys: readonly bigint[];
}

export type Mapped = Extract<TcpOption, { option: 'dss' | 'mp_capable' }>;
export type Dss = Extract<TcpOption, { option: 'dss' }>;

/** The option that maps the payload of a segment. */
export const mappingOf = ({ options }: Tcp): Mapped | undefined =>
  options.find(
    (option): option is Mapped =>
      (option.option === 'dss' && option.dsn !== undefined) ||
      (option.option === 'mp_capable' && option.dataLength !== undefined),
  );

export const lengthOf = ({ dataLength = 0 }: Mapped): number => dataLength;

export const isInfinite = (mapped: Mapped): boolean => mapped.option === 'dss' && mapped.dataLength === 0;

/** First number of the data sequence, and of the subflow, that a mapping covers. */
export function startOf(mapped: Mapped, version: MptcpVersion): { readonly dsn: bigint; readonly ssn: number } {
  if (mapped.option === 'dss') return { dsn: mapped.dsn ?? 0n, ssn: mapped.ssn ?? 0 };
  return { dsn: initialDsn(version, mapped.key ?? 0n) + 1n, ssn: 1 };
}

/** Whether its checksum is that of its octets. */
export const isRight = (mapped: Mapped, tcp: Tcp, { version, keys }: Sender): boolean =>
  mapped.checksum === rightChecksum(mapped, tcp, version, keys);
