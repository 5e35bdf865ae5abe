/** Kind 30 with an unassigned subtype: kept octet by octet, `30 | length | subtype, nibble | data`. */
import { putOctets } from '../bytes/octets.js';
import { number, octets } from '../layout/field.js';
import type { OptionOf } from '../layout/layout.js';
import { nibbleOf, subtypeOf, writeHead } from './head.js';
import { anySubtypeOption, byHand } from './mptcp-option.js';

const layout = anySubtypeOption('mptcp_unknown', {
  meaning: 'kind 30 with a subtype of its own',
  fields: {
    subtype: number(4, 'subtype', { usual: 0xf, shown: 'hex' }),
    nibble: number(4, 'low nibble of octet 2', { usual: 0, shown: 'hex' }),
    data: octets({ least: 0 }, 'octets after it', { usual: new Uint8Array(0) }),
  },
});

type MptcpUnknown = OptionOf<typeof layout>;

const Field = { data: 3 } as const;

const mptcpUnknownLength = (option: MptcpUnknown): number => Field.data + option.data.length;

function writeMptcpUnknown(option: MptcpUnknown, into: Uint8Array, at: number): number {
  const length = mptcpUnknownLength(option);
  writeHead(into, at, length, option.subtype, option.nibble);
  putOctets(into, at + Field.data, option.data);
  return length;
}

/** The data is a view of `octets`. */
function decodeMptcpUnknown(octets: Uint8Array, at: number, length: number): MptcpUnknown {
  return {
    option: 'mptcp_unknown',
    subtype: subtypeOf(octets, at),
    nibble: nibbleOf(octets, at),
    data: octets.subarray(at + Field.data, at + length),
  };
}

export const mptcpUnknown = byHand(layout, {
  length: mptcpUnknownLength,
  write: writeMptcpUnknown,
  decode: decodeMptcpUnknown,
});
