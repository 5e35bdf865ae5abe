/**
 * The MPTCP options (TCP kind 30) as values: one tagged union for v0 (RFC 6824), v1 (RFC 8684) and the RobE draft.
 * 64-bit keys and data sequence numbers are bigint, 32-bit tokens and nonces are number, opaque octets are Uint8Array.
 * Flag fields are whole octets as on the wire, so that reserved bits survive; `MpCapableFlag` and `DssFlag` name the bits.
 */

/** MP_CAPABLE flag bits (octet 3): RFC 8684 section 3.1, RFC 6824 section 3.1. */
export const MpCapableFlag = { A: 0x80, B: 0x40, C: 0x20, D: 0x10, E: 0x08, F: 0x04, G: 0x02, H: 0x01 } as const;

/** DSS flag bits (octet 3): RFC 8684 section 3.3, RFC 6824 section 3.3. */
export const DssFlag = { F: 0x10, m: 0x08, M: 0x04, a: 0x02, A: 0x01 } as const;

/** MP_CAPABLE, subtype 0. Which fields are there is decided by the length: 4, 12, 20, 22 or 24 octets. */
export interface MpCapable {
  readonly option: 'mp_capable';
  /** 4 bits. */
  readonly version: number;
  /** The whole flag octet, see {@link MpCapableFlag}. */
  readonly flags: number;
  readonly key?: bigint;
  readonly peerKey?: bigint;
  /** v1 first data: data-level length, 16 bits. */
  readonly dataLength?: number;
  /** v1 first data with checksums: 16 bits. */
  readonly checksum?: number;
}

/** MP_JOIN on a SYN, 12 octets. `reserved` holds the three bits next to B. */
export interface MpJoinSyn {
  readonly option: 'mp_join';
  readonly form: 'syn';
  readonly backup: boolean;
  readonly reserved: number;
  readonly addressId: number;
  readonly token: number;
  readonly nonce: number;
}

/** MP_JOIN on a SYN/ACK, 16 octets; the HMAC is its leftmost 64 bits. */
export interface MpJoinSynAck {
  readonly option: 'mp_join';
  readonly form: 'syn/ack';
  readonly backup: boolean;
  readonly reserved: number;
  readonly addressId: number;
  readonly hmac: Uint8Array;
  readonly nonce: number;
}

/** MP_JOIN on the third ACK, 24 octets; the HMAC is its leftmost 160 bits. `reserved` is the 12 bits before it. */
export interface MpJoinAck {
  readonly option: 'mp_join';
  readonly form: 'ack';
  readonly reserved: number;
  readonly hmac: Uint8Array;
}

/** DSS, subtype 2. `flags` decides the widths (a, m); a field is present iff its flag (A, M) is set. */
export interface Dss {
  readonly option: 'dss';
  /** Low nibble of octet 2; absent means 0. */
  readonly reserved?: number;
  /** The whole flag octet, see {@link DssFlag}. */
  readonly flags: number;
  readonly ack?: bigint;
  readonly dsn?: bigint;
  /** Relative to the subflow's SYN, which is 0. */
  readonly ssn?: number;
  readonly dataLength?: number;
  readonly checksum?: number;
}

/** ADD_ADDR, subtype 3; `echo` is v1's E bit (v0 carries the IP version 4 or 6 in that nibble: `ipVersion`). */
export interface AddAddr {
  readonly option: 'add_addr';
  /** Low nibble of octet 2: v0 the IP version, v1 the flags 000E. */
  readonly nibble: number;
  readonly addressId: number;
  /** 4 or 16 octets. */
  readonly address: Uint8Array;
  readonly port?: number;
  /** v1 without echo: rightmost 64 bits of the HMAC. */
  readonly hmac?: Uint8Array;
}

/** REMOVE_ADDR, subtype 4. */
export interface RemoveAddr {
  readonly option: 'remove_addr';
  readonly reserved: number;
  readonly addressIds: readonly number[];
}

/** MP_PRIO, subtype 5: 3 octets, or 4 with an Address ID (v0). */
export interface MpPrio {
  readonly option: 'mp_prio';
  readonly backup: boolean;
  readonly reserved: number;
  readonly addressId?: number;
}

/** MP_FAIL, subtype 6, 12 octets. `reserved` is the 12 bits before the DSN. */
export interface MpFail {
  readonly option: 'mp_fail';
  readonly reserved: number;
  readonly dsn: bigint;
}

/** MP_FASTCLOSE, subtype 7, 12 octets; the key is that of the option's receiver. */
export interface MpFastclose {
  readonly option: 'mp_fastclose';
  readonly reserved: number;
  readonly peerKey: bigint;
}

/** MP_TCPRST, subtype 8 (v1), 4 octets; `flags` is the nibble UVWT. */
export interface MpTcpRst {
  readonly option: 'mp_tcprst';
  readonly flags: number;
  readonly reason: number;
}

/** Draft ROBE_eSIM_EN, 4 octets, 12 reserved bits. */
export interface RobeEsimEn {
  readonly option: 'robe_esim_en';
  readonly reserved: number;
}

/** Draft MP_JOIN_CAP, 12 + m octets (m MAC octets, low 10 bits the fast hash of Key-B). */
export interface MpJoinCap {
  readonly option: 'mp_join_cap';
  readonly reserved: number;
  readonly addressId: number;
  readonly key: bigint;
  readonly mac: Uint8Array;
}

/** Draft L_RTT_EN: 8, 12 or 16 octets (an open point of the draft); `rtt` is the value field read big endian. */
export interface LRttEn {
  readonly option: 'l_rtt_en';
  readonly reserved: number;
  readonly rtt: bigint;
  /** Octets of the value field: 4, 8 or 12. */
  readonly octets: 4 | 8 | 12;
}

/** Kind 30 with a subtype that is not known: body octets after the subtype octet's low nibble. */
export interface MptcpUnknown {
  readonly option: 'mptcp_unknown';
  readonly subtype: number;
  /** Low nibble of octet 2. */
  readonly nibble: number;
  /** Octets from offset 3. */
  readonly data: Uint8Array;
}

export type MptcpOption =
  | MpCapable
  | MpJoinSyn
  | MpJoinSynAck
  | MpJoinAck
  | Dss
  | AddAddr
  | RemoveAddr
  | MpPrio
  | MpFail
  | MpFastclose
  | MpTcpRst
  | RobeEsimEn
  | MpJoinCap
  | LRttEn
  | MptcpUnknown;

/** Which subtypes carry the draft's options; the draft leaves the numbers open, so they are parameters of a run. */
export interface DraftSubtypes {
  readonly esimEn: number;
  readonly joinCap: number;
  readonly lRtt: number;
}

/** The numbers used when nothing else is declared: the first three that no RFC assigns. */
export const defaultDraftSubtypes: DraftSubtypes = { esimEn: 0x9, joinCap: 0xa, lRtt: 0xb };
