import { expect } from 'chai';
import { identifyKernel } from './kernel-image.js';

/** A bzImage's first octets: boot protocol 2.15, the version text at 0x200 + 0x3a0. */
const bzImage = (changes: Readonly<Record<number, readonly number[]>> = {}, release = '6.12.117+deb12-cloud-amd64') => {
  const octets = Buffer.alloc(2048, 0xa5);
  octets.writeUInt16LE(0xaa55, 0x1fe);
  octets.write('HdrS', 0x202, 'latin1');
  octets.writeUInt16LE(0x020f, 0x206);
  octets.writeUInt16LE(0x03a0, 0x20e);
  octets.writeUInt16LE(0x003f, 0x236);
  octets.write(`${release} (builder@host) #1 SMP\0`, 0x5a0, 'latin1');
  for (const [at, values] of Object.entries(changes)) octets.set(values, Number(at));
  return octets;
};

const text = (words: string, at = 0): Buffer => {
  const octets = Buffer.alloc(1024);
  octets.write(words, at, 'latin1');
  return octets;
};

const elf = (machine: number, bits: 1 | 2 = 2): Buffer => {
  const octets = text('\x7fELF');
  octets.set([bits, 1], 4);
  octets.writeUInt16LE(machine, 18);
  return octets;
};

describe('a kernel image', () => {
  it('tells its release', () => {
    expect(identifyKernel(bzImage())).to.deep.equal({ release: '6.12.117+deb12-cloud-amd64' });
    expect(identifyKernel(bzImage({ 526: [0, 0] }))).to.deep.equal({});
  });

  const table: readonly (readonly [what: string, octets: Uint8Array, problem: RegExp])[] = [
    ['an empty file', new Uint8Array(), /it is empty/],
    ['text', text('root:x:0:0:'), /no kernel header; it begins with 726f6f743a783a30/],
    ['a short file', text('x').subarray(0, 20), /no kernel header/],
    ['a bzImage for 32 bits', bzImage({ 566: [0, 0] }), /for 32-bit x86/],
    ['a bzImage without its magic number', bzImage({ 514: [0, 0, 0, 0] }), /no kernel header/],
    ['an image for aarch64', text('ARM\x64', 0x38), /for 64-bit ARM/],
    ['an image for RISC-V', text('RISCV', 0x30), /for RISC-V/],
    ['a compressed image of another machine', text('zimg', 4), /EFI application/],
    ['gzip', text('\x1f\x8b\x08'), /gzip file/],
    ['a package', text('!<arch>\ndebian'), /is a package/],
    ['an initramfs', text('070701'), /cpio archive/],
    ['a vmlinux', elf(62), /boot the bzImage/],
    ['a program for aarch64', elf(183), /64-bit ARM/],
    ['a program for 32-bit x86', elf(3, 1), /32-bit x86/],
    ['a program for something else', elf(9999), /machine 9999/],
  ];
  for (const [what, octets, problem] of table) {
    it(`${what} is none`, () => {
      const found = identifyKernel(octets);
      expect('problem' in found ? found.problem : found).to.match(problem);
    });
  }
});
