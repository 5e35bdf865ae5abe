/**
 * ADD_ADDR (RFC 8684 section 3.4.1, RFC 6824 section 3.4.1).
 *
 *      0    1        2                  3            4
 *     +----+--------+---+--------------+------------+-------------------+------------+------------------+
 *     | 30 | length | 3 | 000E or IPVer| address ID | address (4 or 16) | port (2) ? | HMAC (8), v1, ?   |
 *     +----+--------+---+--------------+------------+-------------------+------------+------------------+
 *
 * Every combination has a unique length, so the length alone determines which fields are present.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { putOctets, putUint8, putUint16, uint8, uint16 } from '../bytes/octets.js';
import { number, octets as octetString, optional } from '../layout/field.js';
import type { OptionOf } from '../layout/layout.js';
import { nibbleOf, writeHead } from './head.js';
import { byHand, mptcpOption } from './mptcp-option.js';

const layout = mptcpOption('add_addr', {
  subtype: 3,
  meaning: 'ADD_ADDR',
  fields: {
    nibble: number(4, 'low nibble: v1 the flags 000E, v0 the IP version', { usual: 0 }),
    addressId: number(8, 'Address ID', { usual: 0, tshark: 'tcp.options.mptcp.addrid' }),
    address: octetString([4, 16], 'address octets', { usual: new Uint8Array(4) }),
    port: optional(number(16, 'port', { tshark: 'tcp.options.mptcp.port' })),
    hmac: optional(octetString([8], 'truncated HMAC (v1)', { tshark: 'tcp.options.mptcp.addaddrtrunchmac' })),
  },
});

export type AddAddr = OptionOf<typeof layout>;

const Field = { addressId: 3, address: 4 } as const;
const Size = { v4: 4, v6: 16, port: 2, hmac: 8 } as const;

/** Every layout by its length: IPv4 or IPv6, then with or without port, then with or without HMAC. */
const layouts: ReadonlyMap<number, { readonly address: number; readonly port: boolean; readonly hmac: boolean }> =
  new Map(
    [Size.v4, Size.v6].flatMap((address) =>
      [false, true].flatMap((port) =>
        [false, true].map(
          (hmac) =>
            [
              Field.address + address + (port ? Size.port : 0) + (hmac ? Size.hmac : 0),
              { address, port, hmac },
            ] as const,
        ),
      ),
    ),
  );

function addAddrLength(option: AddAddr): number {
  const port = option.port === undefined ? 0 : Size.port;
  return Field.address + option.address.length + port + (option.hmac?.length ?? 0);
}

function writeAddAddr(option: AddAddr, into: Uint8Array, at: number, subtype: number): number {
  const length = addAddrLength(option);
  writeHead(into, at, length, subtype, option.nibble);
  putUint8(into, at + Field.addressId, option.addressId);
  putOctets(into, at + Field.address, option.address);
  let next = at + Field.address + option.address.length;
  if (option.port !== undefined) {
    putUint16(into, next, option.port);
    next += Size.port;
  }
  if (option.hmac !== undefined) putOctets(into, next, option.hmac);
  return length;
}

/** Address and HMAC are views of `octets`. */
function decodeAddAddr(octets: Uint8Array, at: number, length: number): AddAddr | Malformed {
  const there = layouts.get(length);
  if (there === undefined) return wrongLength('add_addr', at, length, [...layouts.keys()]);
  const portAt = at + Field.address + there.address;
  return {
    option: 'add_addr',
    nibble: nibbleOf(octets, at),
    addressId: uint8(octets, at + Field.addressId),
    address: octets.subarray(at + Field.address, portAt),
    ...(there.port ? { port: uint16(octets, portAt) } : undefined),
    ...(there.hmac ? { hmac: octets.subarray(at + length - Size.hmac, at + length) } : undefined),
  };
}

export const addAddr = byHand(layout, { length: addAddrLength, write: writeAddAddr, decode: decodeAddAddr });
