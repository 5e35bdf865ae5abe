/**
 * MP_CAPABLE as the two ends judge it (RFC 6824 and RFC 8684 section 3.1): which version, flags and lengths make the option
 * valid in which segment. Everything else counts as "no MP_CAPABLE" (open point `mpc.bad_length`), so these functions give a
 * value or undefined.
 */
import { isMptcp, type MpCapable, MpCapableFlag, type MptcpOption } from '../../protocol/mptcp/option.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { ReferenceParameters } from '../parameters.js';

/** A valid MP_CAPABLE of a SYN: v0 with Key-A, v1 without. */
export interface CapableOffer {
  readonly version: 0 | 1;
  readonly keyA: bigint | undefined;
  readonly checksum: boolean;
  /** The crypto bits as offered: C to H in v0, D to H in v1, where C says something else. */
  readonly crypto: number;
}

/** A valid MP_CAPABLE of a SYN/ACK. */
export interface CapableAnswer {
  readonly keyB: bigint;
  /** Agreed: either side's flag A (RFC 6824 section 3.1). */
  readonly checksum: boolean;
  /** Flag C (v1): no further subflows to this address and port. */
  readonly noJoin: boolean;
  /** ROBE_eSIM_EN next to it. */
  readonly esim: boolean;
  /** L_RTT_EN next to it. */
  readonly remoteRtt: boolean;
}

type OptionOf<Name extends MptcpOption['option']> = Extract<TcpOption, { option: Name }>;

/** The option of that name that counts when there are several (open point `opt.duplicate`). */
export const findOption = <Name extends MptcpOption['option']>(
  options: readonly TcpOption[],
  name: Name,
  duplicate: ReferenceParameters['opt']['duplicate'] = 'first',
): OptionOf<Name> | undefined => {
  const found = options.filter((option): option is OptionOf<Name> => option.option === name);
  if (duplicate === 'ignore' && found.length > 1) return undefined;
  return duplicate === 'last' ? found[found.length - 1] : found[0];
};

/** Whether any MPTCP option came that can be read. */
export const carriesMptcp = (segment: Tcp): boolean => segment.options.some(isMptcp);

const has = (flags: number, flag: number): boolean => (flags & flag) !== 0;

/** Flag H, the only crypto algorithm both RFCs define, among what may be others (RFC6824-3.1-13, RFC8684-3.1-22, -28). */
const offersHmac = (flags: number): boolean => has(flags, MpCapableFlag.H);

/**
 * The judgement of a SYN's MP_CAPABLE by a listener with these `versions`. `drop`: a v0 SYN with flag B is not answered
 * at all (RFC6824-3.1-11).
 */
export const judgeOffer = (
  option: MpCapable,
  versions: readonly (0 | 1)[],
  parameters: ReferenceParameters,
): CapableOffer | 'plain' | 'drop' => {
  if (option.peerKey !== undefined) return 'plain';
  const version = answeredVersion(option, versions, parameters);
  if (version === undefined) return 'plain';
  if (has(option.flags, MpCapableFlag.B)) {
    return version === 0 && parameters.v0.flag_b === 'drop' ? 'drop' : 'plain';
  }
  if (!offersHmac(option.flags)) return 'plain';
  const checksum = has(option.flags, MpCapableFlag.A);
  // RFC8684-3.1-27: a host unwilling to use checksums ignores MP_CAPABLE with A.
  if (checksum && parameters.mpc.refuse_checksum) return 'plain';
  return { version, keyA: option.key, checksum, crypto: option.flags & (version === 0 ? 0x3f : 0x1f) };
};

/**
 * The version to answer with: never above the one offered (RFC8684-3.1-14). A v1 SYN has no key, so a v0-only listener
 * cannot use it (RFC8684-3.1-15); a v0 SYN at a v1-only listener gets no MP_CAPABLE (open point `mpc.v0_at_v1`).
 */
const answeredVersion = (
  option: MpCapable,
  versions: readonly (0 | 1)[],
  parameters: ReferenceParameters,
): 0 | 1 | undefined => {
  if (option.version === 0) return option.key !== undefined && versions.includes(0) ? 0 : undefined;
  if (option.key !== undefined || !versions.includes(1)) return undefined;
  return option.version === 1 || parameters.mpc.high_version === 'own' ? 1 : undefined;
};

/**
 * The judgement of a SYN/ACK by a client that offered `version` and `offeredChecksum` (RFC8684-3.1-18, RFC6824-3.1-18).
 */
export const judgeAnswer = (
  segment: Tcp,
  version: 0 | 1,
  offeredChecksum: boolean,
  parameters: ReferenceParameters,
): CapableAnswer | undefined => {
  const option = findOption(segment.options, 'mp_capable', parameters.opt.duplicate);
  if (option?.key === undefined || option.peerKey !== undefined) return undefined;
  if (option.version !== version) return undefined;
  // Flag B is not supported; the SYN/ACK must have exactly the offered crypto bit.
  const crypto = version === 0 ? 0x3f : 0x1f;
  if (has(option.flags, MpCapableFlag.B) || (option.flags & crypto) !== MpCapableFlag.H) return undefined;
  if (findOption(segment.options, 'mp_join') !== undefined) return undefined;
  const asked = has(option.flags, MpCapableFlag.A);
  if (asked && parameters.mpc.refuse_checksum) return undefined;
  return {
    keyB: option.key,
    checksum: offeredChecksum || asked,
    noJoin: version === 1 && has(option.flags, MpCapableFlag.C),
    esim: findOption(segment.options, 'robe_esim_en') !== undefined,
    remoteRtt: isRttOffer(segment, parameters),
  };
};

/** An L_RTT_EN of the declared length next to MP_CAPABLE (DRAFT-RTT-C-05: any other is ignored). */
export const isRttOffer = (segment: Tcp, parameters: ReferenceParameters): boolean =>
  findOption(segment.options, 'l_rtt_en')?.octets === parameters.l_rtt.len - 4;

/** What the listener expects to be echoed. */
export interface ExpectedEcho {
  readonly version: 0 | 1;
  /** From the SYN in v0; unknown until the third segment in v1. */
  readonly keyA: bigint | undefined;
  readonly keyB: bigint;
  readonly checksum: boolean;
}

/**
 * Whether the MP_CAPABLE of a third segment (or of first data) proves the negotiation (RFC 6824 section 3.1: both keys; open
 * point I-91: a flag that contradicts the result counts as compromised).
 */
export const acceptsEcho = (expected: ExpectedEcho, option: MpCapable): boolean =>
  option.version === expected.version &&
  option.peerKey === expected.keyB &&
  option.key !== undefined &&
  (expected.keyA === undefined || option.key === expected.keyA) &&
  has(option.flags, MpCapableFlag.A) === expected.checksum &&
  !has(option.flags, MpCapableFlag.B) &&
  offersHmac(option.flags);

/** The flag octet of an MP_CAPABLE this host sends. */
export const capableFlags = (checksum: boolean, noJoin = false): number =>
  (checksum ? MpCapableFlag.A : 0) | (noJoin ? MpCapableFlag.C : 0) | MpCapableFlag.H;
