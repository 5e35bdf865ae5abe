/**
 * TCP options as values (RFC 9293 section 3.1, RFC 7323, RFC 2018): one tagged union that round-trips everything.
 * An option whose octets do not fit its kind decodes to `malformed` and keeps its octets; what follows it is still decoded
 * as long as its length allows. `raw` exists for sending only: octets written exactly as given, whatever they claim.
 */
import type { Malformed } from '../bytes/malformed.js';
import type { MptcpOption } from '../mptcp/option.js';

export interface MalformedOption {
  readonly option: 'malformed';
  readonly kind: number;
  readonly octets: Uint8Array;
  readonly malformed: Malformed;
}

export type TcpOption =
  | {
      readonly option: 'eol' /** What stands behind the end-of-list octet, normally zeros. */;
      readonly padding: Uint8Array;
    }
  | { readonly option: 'nop' }
  | { readonly option: 'mss'; readonly value: number }
  | { readonly option: 'window_scale'; readonly shift: number }
  | { readonly option: 'sack_permitted' }
  | { readonly option: 'sack'; readonly blocks: readonly { readonly left: number; readonly right: number }[] }
  | { readonly option: 'timestamps'; readonly value: number; readonly echo: number }
  | MptcpOption
  | { readonly option: 'unknown'; readonly kind: number; readonly data: Uint8Array }
  | MalformedOption
  | { readonly option: 'raw'; readonly octets: Uint8Array };
