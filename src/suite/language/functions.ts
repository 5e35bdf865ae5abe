/**
 * The functions of the case language. All of them are pure; `version` is the case's MPTCP version and decides the hash.
 */
import { addAddrHmac } from '../../protocol/keys/add-addr-hmac.js';
import { dssChecksum } from '../../protocol/keys/dss-checksum.js';
import type { JoinCapLayout } from '../../protocol/keys/join-cap-mac.js';
import { fastHash, joinCapMac } from '../../protocol/keys/join-cap-mac.js';
import { joinHmac } from '../../protocol/keys/join-hmac.js';
import { initialDsn, token } from '../../protocol/keys/key-digest.js';
import type { IpVersion } from './case.js';
import { ExpressionError, integer, octetsOf, type Value } from './expression.js';

/**
 * Kinds of addresses: the tester's on a path, the implementation's on a path, or one at which the tester or the
 * implementation serves.
 */
export type AddressKind = 'tester' | 'iut' | 'service' | 'server';

interface FunctionContext {
  readonly version: 0 | 1;
  readonly joinCap: JoinCapLayout;
  /** The octets of an address; `ip` is the version of the case when absent. */
  address(kind: AddressKind, which: number, ip?: IpVersion): Uint8Array;
}

interface CaseFunction {
  /** How it is written, e.g. `token(key)`. */
  readonly usage: string;
  readonly meaning: string;
  readonly arity: readonly [least: number, most: number];
  apply(args: readonly Value[], context: FunctionContext): Value;
}

/** RFC 8684 section 3.2: key = own key then the other's, message = own nonce then the other's. */
function joinDigest([local, remote, localNonce, remoteNonce]: readonly Value[], context: FunctionContext): Uint8Array {
  return joinHmac(context.version, {
    localKey: key(local),
    remoteKey: key(remote),
    localNonce: Number(BigInt.asUintN(32, integer(localNonce ?? 0n))),
    remoteNonce: Number(BigInt.asUintN(32, integer(remoteNonce ?? 0n))),
  });
}

const key = (value: Value | undefined): bigint => BigInt.asUintN(64, integer(value ?? 0n));

function addressFunction(kind: AddressKind, name: string, of: string, meaning: string): CaseFunction {
  return {
    usage: `${name}(${of} [, ip])`,
    meaning: `the octets of ${meaning}, of the IP version of the case or of the one that is named (4, 6)`,
    arity: [1, 2],
    apply: ([which, ip], context) =>
      context.address(kind, Number(integer(which ?? 1n)), ip === undefined ? undefined : versionOf(integer(ip))),
  };
}

function versionOf(ip: bigint): IpVersion {
  if (ip === 4n || ip === 6n) return ip === 4n ? 4 : 6;
  throw new ExpressionError(`an IP version is 4 or 6, got ${ip}`);
}

export const caseFunctions: Readonly<Record<string, CaseFunction>> = {
  token: {
    usage: 'token(key)',
    meaning: 'the 32-bit token of a key',
    arity: [1, 1],
    apply: ([k], context) => BigInt(token(context.version, key(k))),
  },
  idsn: {
    usage: 'idsn(key)',
    meaning: 'the initial data sequence number of a key; the first payload octet is idsn + 1',
    arity: [1, 1],
    apply: ([k], context) => initialDsn(context.version, key(k)),
  },
  hmac_a: {
    usage: 'hmac_a(A, B, RA, RB)',
    meaning: 'the HMAC of the third MP_JOIN segment: key A|B, message RA|RB, leftmost 160 bits',
    arity: [4, 4],
    apply: (args, context) => joinDigest(args, context).subarray(0, 20),
  },
  hmac_b: {
    usage: 'hmac_b(A, B, RA, RB)',
    meaning: 'the HMAC of an MP_JOIN SYN/ACK: key B|A, message RB|RA, leftmost 64 bits',
    arity: [4, 4],
    apply: ([a, b, ra, rb], context) => joinDigest([b ?? 0n, a ?? 0n, rb ?? 0n, ra ?? 0n], context).subarray(0, 8),
  },
  hmac_add_addr: {
    usage: 'hmac_add_addr(own, other, id, address [, port])',
    meaning:
      'the HMAC of ADD_ADDR: key of the sender, key of the receiver, Address ID, address and port; rightmost 64 bits',
    arity: [4, 5],
    apply: ([own, other, id, address, port]) =>
      addAddrHmac({
        localKey: key(own),
        remoteKey: key(other),
        addressId: Number(BigInt.asUintN(8, integer(id ?? 0n))),
        address: address instanceof Uint8Array ? address : octetsOf(address ?? 0n, 4),
        ...(port === undefined ? {} : { port: Number(BigInt.asUintN(16, integer(port))) }),
      }),
  },
  dss_checksum: {
    usage: "dss_checksum(dsn, ssn, 'octets')",
    meaning: 'the checksum of a mapping of this text, for mappings that cover other octets than those of their segment',
    arity: [3, 3],
    apply: ([dsn, ssn, text]) => {
      const octets = typeof text === 'string' ? Uint8Array.from(Buffer.from(text, 'utf8')) : new Uint8Array(0);
      const mapping = {
        dsn: BigInt.asUintN(64, integer(dsn ?? 0n)),
        ssn: Number(BigInt.asUintN(32, integer(ssn ?? 0n))),
        dataLength: octets.length,
      };
      return BigInt(dssChecksum(mapping, octets));
    },
  },
  tester_address: addressFunction('tester', 'tester_address', 'path', "the tester's address on a path"),
  iut_address: addressFunction('iut', 'iut_address', 'path', "the implementation's own address on a path"),
  service_address: addressFunction(
    'service',
    'service_address',
    'n',
    'the first or second address at which the tester serves',
  ),
  server_address: addressFunction(
    'server',
    'server_address',
    'n',
    'the first or second address at which the implementation serves',
  ),
  cap_mac: {
    usage: "cap_mac(A, B, B2 [, 'split' [, 'crc' [, bits]]])",
    meaning: 'the MAC of MP_JOIN_CAP in the layout the run declares, or in another split, CRC variant or length',
    arity: [3, 6],
    apply: ([a, b, b2, split, crc, bits], context) =>
      joinCapMac({
        version: context.version,
        keyA: key(a),
        keyB: key(b),
        keyB2: key(b2),
        layout: {
          ...context.joinCap,
          ...(typeof split === 'string' && split !== '' ? { split: split as JoinCapLayout['split'] } : {}),
          ...(typeof crc === 'string' && crc !== '' ? { crc: crc as JoinCapLayout['crc'] } : {}),
          ...(bits === undefined ? {} : { macBits: Number(integer(bits)) as JoinCapLayout['macBits'] }),
        },
      }),
  },
  fast_hash: {
    usage: 'fast_hash(B)',
    meaning: 'the 10-bit fast hash of a key in the CRC variant the run declares',
    arity: [1, 1],
    apply: ([b], context) => BigInt(fastHash(context.joinCap.crc, key(b))),
  },
  flip: {
    usage: 'flip(value, bit)',
    meaning: 'the value with one bit inverted, counted from the least significant bit 0',
    arity: [2, 2],
    apply: ([value, bit]) => {
      const mask = 1n << integer(bit ?? 0n);
      if (value instanceof Uint8Array) return octetsOf(integer(value) ^ mask, value.length);
      return integer(value ?? 0n) ^ mask;
    },
  },
  xor: {
    usage: 'xor(value, value)',
    meaning: 'bitwise exclusive or',
    arity: [2, 2],
    apply: ([a, b]) => integer(a ?? 0n) ^ integer(b ?? 0n),
  },
};

/** Applies a function by name; throws an {@link ExpressionError} if it does not exist or the arguments do not fit. */
export function callFunction(name: string, args: readonly Value[], context: FunctionContext): Value {
  const known = caseFunctions[name];
  if (known === undefined)
    throw new ExpressionError(`no function \`${name}\`; there are ${Object.keys(caseFunctions).join(', ')}`);
  const [least, most] = known.arity;
  if (args.length < least || args.length > most)
    throw new ExpressionError(
      `\`${known.usage}\` takes ${least === most ? least : `${least} to ${most}`} arguments, got ${args.length}`,
    );
  return known.apply(args, context);
}
