/**
 * The MPTCP options (TCP kind 30) as values: one tagged union for v0 (RFC 6824), v1 (RFC 8684) and the RobE draft. The list
 * below is the only one there is: an option is described in its own file and named here, and everything that knows options
 * follows from it.
 * 64-bit keys and data sequence numbers are bigint, 32-bit tokens and nonces are number, opaque octets are Uint8Array.
 * Flag fields are whole octets as on the wire, so that reserved bits survive; `MpCapableFlag` and `DssFlag` name the bits.
 */
import type { OptionOf } from '../layout/layout.js';
import { addAddr } from './add-addr.js';
import { dss } from './dss.js';
import { lRttEn } from './l-rtt-en.js';
import { mpCapable } from './mp-capable.js';
import { mpFail } from './mp-fail.js';
import { mpFastclose } from './mp-fastclose.js';
import { mpJoin } from './mp-join.js';
import { mpJoinCap } from './mp-join-cap.js';
import { mpPrio } from './mp-prio.js';
import { mpTcpRst } from './mp-tcprst.js';
import type { DraftSubtype, MptcpLayout } from './mptcp-option.js';
import { mptcpUnknown } from './mptcp-unknown.js';
import { removeAddr } from './remove-addr.js';
import { robeEsimEn } from './robe-esim-en.js';

export type { AddAddr } from './add-addr.js';
export { type Dss, DssFlag } from './dss.js';
export type { LRttEn } from './l-rtt-en.js';
export { type MpCapable, MpCapableFlag } from './mp-capable.js';
export type { MpFastclose } from './mp-fastclose.js';
export type { MpJoinAck, MpJoinSyn, MpJoinSynAck } from './mp-join.js';
export type { MpJoinCap } from './mp-join-cap.js';
export type { MpPrio } from './mp-prio.js';
export type { MpTcpRst } from './mp-tcprst.js';
export type { RemoveAddr } from './remove-addr.js';

/** In the order in which a case's options go on the wire. */
const listed = [
  mpCapable,
  mpJoin,
  dss,
  addAddr,
  removeAddr,
  mpPrio,
  mpFail,
  mpFastclose,
  mpTcpRst,
  robeEsimEn,
  mpJoinCap,
  lRttEn,
  mptcpUnknown,
] as const;

type Listed = (typeof listed)[number];

export type MptcpOption = OptionOf<Listed>;
export type MptcpName = MptcpOption['option'];

/** Which subtypes carry the draft's options; the draft leaves the numbers open, so they are parameters of a run. */
export type DraftSubtypes = {
  readonly [Name in Listed['subtype'] extends infer S ? (S extends DraftSubtype<infer N> ? N : never) : never]: number;
};

export const mptcpLayouts: readonly MptcpLayout<MptcpOption>[] = listed;

/** What is made for each option, by its name. */
export const forEachOption = <T>(make: (layout: MptcpLayout<MptcpOption>) => T): Readonly<Record<MptcpName, T>> =>
  Object.fromEntries(mptcpLayouts.map((layout) => [layout.option, make(layout)])) as Record<string, T> as Record<
    MptcpName,
    T
  >;

/** The layout of every option by its name. */
export const mptcpLayoutOf = forEachOption((layout) => layout);

/** The codec of every option by its name. */
export const mptcpCodecs = forEachOption(({ codec }) => codec);

/** The numbers used when nothing else is declared: the first three that no RFC assigns. */
export const defaultDraftSubtypes = Object.fromEntries(
  mptcpLayouts.flatMap(({ subtype }) => (typeof subtype === 'object' ? [[subtype.parameter, subtype.usual]] : [])),
) as DraftSubtypes;

/** Whether an option is one of MPTCP's, well-formed. */
export const isMptcp = <O extends { readonly option: string }>(option: O): option is Extract<O, MptcpOption> =>
  option.option in mptcpCodecs;
