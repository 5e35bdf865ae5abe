/**
 * The server's side of SOCKS 5 (RFC 1928), without I/O: its input are octets of the client, its output the answer and the
 * target. Only CONNECT without authentication is offered. Reading is total: any input gives a step, and none throws.
 *
 *     greeting   05 | n | n methods                              answer 05 | method, ff when none is acceptable
 *     request    05 | command | 00 | type | address | port       answer 05 | reply | 00 | 01 | 0.0.0.0 | 0
 *     address    type 1: 4 octets, 3: length and name, 4: 16 octets
 */
import { ipv4Text, ipv6Text } from '../protocol/wire/address.js';

/** RFC 1928 section 6. */
export const SocksReply = {
  succeeded: 0,
  failure: 1,
  notAllowed: 2,
  networkUnreachable: 3,
  hostUnreachable: 4,
  refused: 5,
  commandUnknown: 7,
  addressTypeUnknown: 8,
} as const;

export interface SocksTarget {
  /** An address or a name. */
  readonly host: string;
  readonly port: number;
}

export type SocksStep =
  /** More octets have to come. `answer` goes to the client; it may be empty. */
  | { readonly step: 'wait'; readonly answer: Uint8Array }
  /** The client asks for a connection; `rest` came after the request and belongs to it. */
  | { readonly step: 'connect'; readonly answer: Uint8Array; readonly target: SocksTarget; readonly rest: Uint8Array }
  /** It cannot be served; the stream ends after `answer`. */
  | { readonly step: 'refuse'; readonly answer: Uint8Array; readonly why: string };

const version = 5;
const noAuthentication = 0;
const noneAcceptable = 0xff;
const connect = 1;
const AddressType = { ipv4: 1, name: 3, ipv6: 4 } as const;

/** The answer to a request; the address in it means nothing to clients of CONNECT. */
export const socksReply = (reply: number): Uint8Array => Uint8Array.of(version, reply, 0, 1, 0, 0, 0, 0, 0, 0);

const nothing = new Uint8Array(0);

export class SocksDialogue {
  #octets = nothing;
  #isGreeted = false;

  /** Takes the next octets. Not to be called again after `connect` or `refuse`. */
  take(octets: Uint8Array): SocksStep {
    this.#octets = Buffer.concat([this.#octets, octets]);
    if (this.#isGreeted) return this.#readRequest(nothing);
    const [spoken, count = 0] = this.#octets;
    if (spoken !== undefined && spoken !== version) {
      return { step: 'refuse', answer: nothing, why: `no SOCKS 5: the stream begins with octet ${spoken}` };
    }
    if (this.#octets.length < 2 || this.#octets.length < 2 + count) return { step: 'wait', answer: nothing };
    if (!this.#octets.subarray(2, 2 + count).includes(noAuthentication)) {
      return { step: 'refuse', answer: Uint8Array.of(version, noneAcceptable), why: 'the client wants authentication' };
    }
    this.#isGreeted = true;
    this.#octets = this.#octets.subarray(2 + count);
    return this.#readRequest(Uint8Array.of(version, noAuthentication));
  }

  #readRequest(answer: Uint8Array): SocksStep {
    const refuse = (reply: number, why: string): SocksStep => ({
      step: 'refuse',
      answer: Buffer.concat([answer, socksReply(reply)]),
      why,
    });
    const octets = this.#octets;
    const [spoken, command, , type, length = 0] = octets;
    if (spoken !== undefined && spoken !== version) return refuse(SocksReply.failure, `request of version ${spoken}`);
    if (octets.length < 5) return { step: 'wait', answer };
    if (command !== connect) return refuse(SocksReply.commandUnknown, `command ${command} is not CONNECT`);
    const bounds = addressBounds(type, length);
    if (bounds === undefined) return refuse(SocksReply.addressTypeUnknown, `there is no address type ${type}`);
    const { from, to } = bounds;
    if (octets.length < to + 2) return { step: 'wait', answer };
    const host = hostText(octets, type, from, to);
    const port = ((octets[to] ?? 0) << 8) | (octets[to + 1] ?? 0);
    if (!isHost(host) || port === 0) return refuse(SocksReply.failure, 'the target has no name or no port');
    return { step: 'connect', answer, target: { host, port }, rest: octets.subarray(to + 2) };
  }
}

/** Where the address begins and ends in a request. */
const addressBounds = (
  type: number | undefined,
  length: number,
): { readonly from: number; readonly to: number } | undefined => {
  switch (type) {
    case AddressType.ipv4:
      return { from: 4, to: 8 };
    case AddressType.ipv6:
      return { from: 4, to: 20 };
    case AddressType.name:
      return { from: 5, to: 5 + length };
    default:
      return undefined;
  }
};

const hostText = (octets: Uint8Array, type: number | undefined, from: number, to: number): string => {
  if (type === AddressType.ipv4) return ipv4Text(octets, from);
  if (type === AddressType.ipv6) return ipv6Text(octets, from);
  return Buffer.from(octets.subarray(from, to)).toString('latin1');
};

/**
 * Letters, digits, dots, hyphens, underscores and colons: names and addresses, without characters that are unsafe in a
 * log.
 */
const isHost = (text: string): boolean => /^[\w.:-]+$/.test(text);
