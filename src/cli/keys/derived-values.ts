/** Everything that two ends derive from their keys and nonces, under names that people and scripts can use alike. */
import { hexNumber, toHex } from '../../protocol/bytes/hex.js';
import { crcVariants } from '../../protocol/keys/crc16.js';
import type { MptcpVersion } from '../../protocol/keys/hash.js';
import { defaultJoinCapLayout, fastHash, type JoinCapLayout, joinCapMac } from '../../protocol/keys/join-cap-mac.js';
import { joinHmac, joinHmac64, joinHmac160 } from '../../protocol/keys/join-hmac.js';
import { initialDsn, token } from '../../protocol/keys/key-digest.js';

export interface KeyRequest {
  readonly version: MptcpVersion;
  readonly keyA: bigint;
  readonly keyB: bigint;
  readonly nonces?: { readonly a: number; readonly b: number };
  /** Key-B' of a RobE flow that joins. */
  readonly keyB2?: bigint;
}

export interface DerivedValue {
  readonly name: string;
  readonly value: string;
}

export const deriveValues = (request: KeyRequest): readonly DerivedValue[] => {
  const { version, keyA, keyB, nonces, keyB2 } = request;
  return [
    ...keyValues(version, 'a', keyA),
    ...keyValues(version, 'b', keyB),
    ...(nonces === undefined ? [] : hmacValues(version, keyA, keyB, nonces)),
    ...(keyB2 === undefined ? [] : [...keyValues(version, 'b2', keyB2), ...macValues(version, keyA, keyB, keyB2)]),
  ];
};

const keyValues = (version: MptcpVersion, name: string, key: bigint): readonly DerivedValue[] => {
  const idsn = initialDsn(version, key);
  return [
    { name: `key_${name}`, value: hexNumber(key, 16) },
    { name: `token_${name}`, value: hexNumber(token(version, key), 8) },
    { name: `idsn_${name}`, value: hexNumber(idsn, 16) },
    { name: `first_dsn_${name}`, value: hexNumber(BigInt.asUintN(64, idsn + 1n), 16) },
  ];
};

const hmacValues = (
  version: MptcpVersion,
  keyA: bigint,
  keyB: bigint,
  nonces: { readonly a: number; readonly b: number },
): readonly DerivedValue[] => {
  const fromA = { localKey: keyA, remoteKey: keyB, localNonce: nonces.a, remoteNonce: nonces.b };
  const fromB = { localKey: keyB, remoteKey: keyA, localNonce: nonces.b, remoteNonce: nonces.a };
  return [
    { name: 'hmac_a', value: toHex(joinHmac(version, fromA)) },
    { name: 'hmac_a_160', value: toHex(joinHmac160(version, fromA)) },
    { name: 'hmac_b', value: toHex(joinHmac(version, fromB)) },
    { name: 'hmac_b_64', value: toHex(joinHmac64(version, fromB)) },
  ];
};

/** The default layout, then what each open point of the draft makes of it. */
const macValues = (version: MptcpVersion, keyA: bigint, keyB: bigint, keyB2: bigint): readonly DerivedValue[] => {
  const splits: readonly JoinCapLayout['split'][] = ['ab|b2', 'abb2|', 'bb2|a', 'b|ab2', 'hash'];
  const lengths: readonly JoinCapLayout['macBits'][] = [96, 128, 160];
  const mac = (layout: Partial<JoinCapLayout>): string =>
    toHex(joinCapMac({ version, keyA, keyB, keyB2, layout: { ...defaultJoinCapLayout, ...layout } }));
  return [
    { name: 'fast_hash_b', value: hexNumber(fastHash(defaultJoinCapLayout.crc, keyB), 3) },
    ...lengths.map((macBits) => ({ name: `join_cap_mac_${macBits}`, value: mac({ macBits }) })),
    ...splits.map((split) => ({ name: `join_cap_mac_split_${split}`, value: mac({ split }) })),
    ...crcVariants.map((crc) => ({ name: `join_cap_mac_crc_${crc}`, value: mac({ crc }) })),
  ];
};
