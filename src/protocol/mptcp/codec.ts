/**
 * All MPTCP options behind one door: which file reads and writes which. Decoding returns Malformed when the length does not
 * fit the subtype; encoding writes exactly what the record says.
 */
import { type Malformed, shortage } from '../bytes/malformed.js';
import { addAddrLength, decodeAddAddr, writeAddAddr } from './add-addr.js';
import { decodeDss, dssLength, writeDss } from './dss.js';
import { mptcpHeadLength, subtypeOf } from './head.js';
import { decodeLRttEn, lRttEnLength, writeLRttEn } from './l-rtt-en.js';
import { decodeMpCapable, mpCapableLength, writeMpCapable } from './mp-capable.js';
import { decodeMpFail, mpFailLength, writeMpFail } from './mp-fail.js';
import { decodeMpFastclose, mpFastcloseLength, writeMpFastclose } from './mp-fastclose.js';
import { decodeMpJoin, mpJoinLength, writeMpJoin } from './mp-join.js';
import { decodeMpJoinCap, mpJoinCapLength, writeMpJoinCap } from './mp-join-cap.js';
import { decodeMpPrio, mpPrioLength, writeMpPrio } from './mp-prio.js';
import { decodeMpTcpRst, mpTcpRstLength, writeMpTcpRst } from './mp-tcprst.js';
import { decodeMptcpUnknown, mptcpUnknownLength, writeMptcpUnknown } from './mptcp-unknown.js';
import type { DraftSubtypes, MptcpOption } from './option.js';
import { decodeRemoveAddr, removeAddrLength, writeRemoveAddr } from './remove-addr.js';
import { decodeRobeEsimEn, robeEsimEnLength, writeRobeEsimEn } from './robe-esim-en.js';
import { Subtype } from './subtype.js';

/** Octets that {@link writeMptcp} writes for an option. */
export function mptcpLength(option: MptcpOption): number {
  switch (option.option) {
    case 'mp_capable':
      return mpCapableLength(option);
    case 'mp_join':
      return mpJoinLength(option);
    case 'dss':
      return dssLength(option);
    case 'add_addr':
      return addAddrLength(option);
    case 'remove_addr':
      return removeAddrLength(option);
    case 'mp_prio':
      return mpPrioLength(option);
    case 'mp_fail':
      return mpFailLength;
    case 'mp_fastclose':
      return mpFastcloseLength;
    case 'mp_tcprst':
      return mpTcpRstLength;
    case 'robe_esim_en':
      return robeEsimEnLength;
    case 'mp_join_cap':
      return mpJoinCapLength(option);
    case 'l_rtt_en':
      return lRttEnLength(option);
    case 'mptcp_unknown':
      return mptcpUnknownLength(option);
  }
}

/** Writes every octet of the option; `length` is its {@link mptcpLength}. */
export function writeMptcp(
  option: MptcpOption,
  into: Uint8Array,
  at: number,
  length: number,
  subtypes: DraftSubtypes,
): void {
  switch (option.option) {
    case 'mp_capable':
      writeMpCapable(option, into, at, length);
      break;
    case 'mp_join':
      writeMpJoin(option, into, at, length);
      break;
    case 'dss':
      writeDss(option, into, at, length);
      break;
    case 'add_addr':
      writeAddAddr(option, into, at, length);
      break;
    case 'remove_addr':
      writeRemoveAddr(option, into, at, length);
      break;
    case 'mp_prio':
      writeMpPrio(option, into, at, length);
      break;
    case 'mp_fail':
      writeMpFail(option, into, at, length);
      break;
    case 'mp_fastclose':
      writeMpFastclose(option, into, at, length);
      break;
    case 'mp_tcprst':
      writeMpTcpRst(option, into, at, length);
      break;
    case 'robe_esim_en':
      writeRobeEsimEn(option, into, at, length, subtypes.esimEn);
      break;
    case 'mp_join_cap':
      writeMpJoinCap(option, into, at, length, subtypes.joinCap);
      break;
    case 'l_rtt_en':
      writeLRttEn(option, into, at, length, subtypes.lRtt);
      break;
    case 'mptcp_unknown':
      writeMptcpUnknown(option, into, at, length);
      break;
  }
}

/**
 * Reads the MPTCP option of `length` octets at `at`; the caller has made sure that they are there.
 * `onReset` says that the segment carries RST: only there is subtype 8 MP_TCPRST when the draft's options use the same number.
 */
export function decodeMptcp(
  octets: Uint8Array,
  at: number,
  length: number,
  onReset: boolean,
  subtypes: DraftSubtypes,
): MptcpOption | Malformed {
  const missing = shortage('mptcp/subtype', at, at + length, mptcpHeadLength);
  if (missing !== undefined) return missing;
  const subtype = subtypeOf(octets, at);
  if (!(onReset && subtype === Subtype.mpTcpRst)) {
    if (subtype === subtypes.esimEn) return decodeRobeEsimEn(octets, at, length);
    if (subtype === subtypes.joinCap) return decodeMpJoinCap(octets, at, length);
    if (subtype === subtypes.lRtt) return decodeLRttEn(octets, at, length);
  }
  switch (subtype) {
    case Subtype.mpCapable:
      return decodeMpCapable(octets, at, length);
    case Subtype.mpJoin:
      return decodeMpJoin(octets, at, length);
    case Subtype.dss:
      return decodeDss(octets, at, length);
    case Subtype.addAddr:
      return decodeAddAddr(octets, at, length);
    case Subtype.removeAddr:
      return decodeRemoveAddr(octets, at, length);
    case Subtype.mpPrio:
      return decodeMpPrio(octets, at, length);
    case Subtype.mpFail:
      return decodeMpFail(octets, at, length);
    case Subtype.mpFastclose:
      return decodeMpFastclose(octets, at, length);
    case Subtype.mpTcpRst:
      return decodeMpTcpRst(octets, at, length);
    default:
      return decodeMptcpUnknown(octets, at, length);
  }
}
