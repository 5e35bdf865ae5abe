/**
 * The head that every MPTCP option shares (RFC 8684 section 3): kind 30, length of the whole option, then one octet with the
 * subtype above and four bits that each option uses in its own way. Many options follow with a fifth half-octet pair: twelve
 * reserved bits made of that nibble and the next octet.
 */
import { putUint8, uint8 } from '../bytes/octets.js';

/** TCP option kind of all MPTCP options. */
export const mptcpKind = 30;

/** Octets from the start of the option. */
const Head = { kind: 0, length: 1, subtype: 2, reserved: 3 } as const;

/** Octets that an option must have for its subtype to be there. */
export const mptcpHeadLength = 3;

/** Bits from the start of the option to the subtype, and to what follows it. */
export const mptcpSubtypeFrom = Head.subtype * 8;
export const mptcpFieldsFrom = mptcpSubtypeFrom + 4;

export const subtypeOf = (octets: Uint8Array, at: number): number => uint8(octets, at + Head.subtype) >> 4;
export const nibbleOf = (octets: Uint8Array, at: number): number => uint8(octets, at + Head.subtype) & 0xf;

/** The twelve bits after the subtype. */
export const reserved12 = (octets: Uint8Array, at: number): number =>
  (nibbleOf(octets, at) << 8) | uint8(octets, at + Head.reserved);

export function writeHead(into: Uint8Array, at: number, length: number, subtype: number, nibble: number): void {
  putUint8(into, at + Head.kind, mptcpKind);
  putUint8(into, at + Head.length, length);
  putUint8(into, at + Head.subtype, (subtype << 4) | (nibble & 0xf));
}

/** {@link writeHead} with twelve bits after the subtype instead of four. */
export function writeHead12(into: Uint8Array, at: number, length: number, subtype: number, reserved: number): void {
  writeHead(into, at, length, subtype, reserved >> 8);
  putUint8(into, at + Head.reserved, reserved);
}

/** The backup bit B is the lowest of the nibble, three reserved bits stand above it (MP_JOIN, MP_PRIO). */
export const backupNibble = (reserved: number, backup: boolean): number => (reserved << 1) | (backup ? 1 : 0);
export const backupOf = (octets: Uint8Array, at: number): boolean => (nibbleOf(octets, at) & 1) === 1;
export const reservedAboveBackup = (octets: Uint8Array, at: number): number => nibbleOf(octets, at) >> 1;
