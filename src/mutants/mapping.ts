/** Mappings with something changed and a checksum that is right for the change, where there was one. */
import { dssChecksum } from '../protocol/keys/dss-checksum.js';
import type { Dss } from '../protocol/mptcp/option.js';
import type { Tcp } from '../protocol/wire/packet.js';
import { type Change, withEdited } from './segment.js';

/** The mapping of a DSS edited; a segment without mapping stays as it is. */
export const editMapping = (
  tcp: Tcp,
  edit: (mapping: { readonly dsn: bigint; readonly ssn: number; readonly dataLength: number }) => Partial<Dss>,
): Change =>
  withEdited(tcp, 'dss', (dss) => {
    const { dsn, ssn, dataLength } = dss;
    if (dsn === undefined || ssn === undefined || dataLength === undefined) return dss;
    const mapping = { dsn, ssn, dataLength };
    const edited = { ...mapping, ...edit(mapping) };
    return {
      ...dss,
      ...edited,
      ...(dss.checksum === undefined ? {} : { checksum: edited.checksum ?? dssChecksum(edited, tcp.payload) }),
    };
  });

/** The mapping elsewhere in the data sequence. */
export const shiftMapping = (tcp: Tcp, octets: bigint): Change =>
  editMapping(tcp, ({ dsn }) => ({ dsn: BigInt.asUintN(64, dsn + octets) }));
