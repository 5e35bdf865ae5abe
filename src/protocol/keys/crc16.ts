/**
 * CRC-16 in the variants that the draft's "crc16" can mean. Polynomials are written most significant bit first;
 * a reflected variant takes the bits of each octet from the lowest on and runs the register the other way.
 */
const variants = {
  arc: { polynomial: 0x8005, reflected: true, start: 0x0000, end: 0x0000 },
  'ccitt-false': { polynomial: 0x1021, reflected: false, start: 0xffff, end: 0x0000 },
  xmodem: { polynomial: 0x1021, reflected: false, start: 0x0000, end: 0x0000 },
  kermit: { polynomial: 0x1021, reflected: true, start: 0x0000, end: 0x0000 },
  x25: { polynomial: 0x1021, reflected: true, start: 0xffff, end: 0xffff },
  modbus: { polynomial: 0x8005, reflected: true, start: 0xffff, end: 0x0000 },
} as const;

export type CrcVariant = keyof typeof variants;

export const crcVariants: readonly CrcVariant[] = ['arc', 'ccitt-false', 'xmodem', 'kermit', 'x25', 'modbus'];

export function crc16(variant: CrcVariant, octets: Uint8Array): number {
  const { polynomial, reflected, start, end } = variants[variant];
  let register: number = start;
  for (const octet of octets)
    register = reflected ? lowFirst(register, octet, polynomial) : highFirst(register, octet, polynomial);
  return register ^ end;
}

function highFirst(register: number, octet: number, polynomial: number): number {
  let next = register ^ (octet << 8);
  for (let bit = 0; bit < 8; bit++) next = ((next & 0x8000) === 0 ? next << 1 : (next << 1) ^ polynomial) & 0xffff;
  return next;
}

function lowFirst(register: number, octet: number, polynomial: number): number {
  const mirrored = mirror16(polynomial);
  let next = register ^ octet;
  for (let bit = 0; bit < 8; bit++) next = (next & 1) === 0 ? next >> 1 : (next >> 1) ^ mirrored;
  return next;
}

function mirror16(value: number): number {
  let mirrored = 0;
  for (let bit = 0; bit < 16; bit++) mirrored |= ((value >> bit) & 1) << (15 - bit);
  return mirrored;
}
