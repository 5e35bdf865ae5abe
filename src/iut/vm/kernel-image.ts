/**
 * Tells from its first octets whether a file is a kernel that QEMU's x86-64 machine boots. The header of a bzImage
 * (Documentation/arch/x86/boot.rst of the kernel):
 *
 *     1fe  2  55 aa                    202  4  "HdrS"
 *     206  2  version of the protocol  20e  2  where the version text is, less 200
 *     236  2  flags, bit 0: 64 bits
 */
export interface KernelImage {
  /** As `uname -r` gives it; absent where the image does not tell. */
  readonly release?: string;
}

/** How much of a file must be read to tell. */
export const tellingOctets = 65_536;

const at = { bootFlag: 0x1fe, magic: 0x202, protocol: 0x206, versionText: 0x20e, flags: 0x236, end: 0x238 } as const;
const bootFlag = 0xaa55;
const headerMagic = 'HdrS';
const versionBase = 0x200;
const longestVersion = 200;
/** From this version of the protocol on the flags tell of 64 bits. */
const tellsBits = 0x020c;

const elf = { machine: 18, class64: 2, x86: 62 } as const;
/** e_machine of ELF and the machine of a PE header, of what people are likely to have. */
const machines: Readonly<Record<number, string>> = {
  3: '32-bit x86',
  40: '32-bit ARM',
  183: '64-bit ARM (aarch64)',
  243: 'RISC-V',
  22: 's390',
  21: 'PowerPC',
  20: 'PowerPC',
  8: 'MIPS',
  258: 'LoongArch',
};

/** A kernel, or what the file is instead as the end of a sentence. */
export const identifyKernel = (octets: Uint8Array): KernelImage | { readonly problem: string } => {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const text = (from: number, length: number): string => latin1(octets.subarray(from, from + length));
  if (octets.length === 0) return { problem: 'it is empty' };
  if (text(0, 4) === '\x7fELF') return identifyElf(octets, view);
  if (octets.length > 0x40 && text(0x38, 4) === 'ARM\x64') return elsewhere('64-bit ARM (aarch64)');
  if (octets.length > 0x40 && (text(0x30, 5) === 'RISCV' || text(0x38, 4) === 'RSC\x05')) return elsewhere('RISC-V');
  if (text(4, 4) === 'zimg')
    return { problem: 'it is an EFI application with a compressed kernel, as other machines than x86 have them' };
  if (text(0, 2) === '\x1f\x8b')
    return { problem: 'it is a gzip file; a kernel for x86-64 is a bzImage, which unpacks itself' };
  if (text(0, 7) === '!<arch>') return { problem: 'it is a package; give its name, or unpack it with dpkg-deb -x' };
  if (/^0707\d\d/.test(text(0, 6))) return { problem: 'it is a cpio archive, perhaps an initramfs' };
  if (octets.length < at.end || view.getUint16(at.bootFlag, true) !== bootFlag || text(at.magic, 4) !== headerMagic)
    return { problem: `it has no kernel header; it begins with ${hex(octets.subarray(0, 8))}` };
  if (view.getUint16(at.protocol, true) >= tellsBits && (view.getUint16(at.flags, true) & 1) === 0)
    return elsewhere('32-bit x86');
  const where = view.getUint16(at.versionText, true);
  const version = where === 0 ? '' : text(versionBase + where, longestVersion).split('\0', 1)[0];
  const release = /^[\x21-\x7e]+/.exec(version ?? '')?.[0];
  return release === undefined ? {} : { release };
};

const identifyElf = (octets: Uint8Array, view: DataView): KernelImage | { readonly problem: string } => {
  if (octets.length < 64) return { problem: 'it is cut off' };
  const littleEndian = octets[5] === 1;
  const machine = view.getUint16(elf.machine, littleEndian);
  if (machine !== elf.x86 || octets[4] !== elf.class64)
    return elsewhere(machines[machine] ?? `machine ${machine} of ELF's list`);
  return { problem: 'it is an ELF file; boot the bzImage that was made of it (arch/x86/boot/bzImage)' };
};

const elsewhere = (machine: string) => ({ problem: `it is for ${machine}, and the machine that boots it is x86-64` });

const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
