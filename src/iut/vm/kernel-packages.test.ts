import { expect } from 'chai';
import { librariesIn } from './initramfs.js';
import { isPackageName, newestOf, readPackages } from './kernel-packages.js';

const listing = `linux-image-6.1.0-57-cloud-amd64-dbg - Debug symbols for linux-image-6.1.0-57-cloud-amd64
linux-image-6.12.117+deb12-cloud-amd64-unsigned - Linux 6.12 for x86-64 cloud
linux-image-6.12.9+deb12-cloud-amd64-unsigned - Linux 6.12 for x86-64 cloud
linux-image-6.12-cloud-amd64 - Linux for x86-64 cloud (meta-package)
linux-image-6.1.0-57-cloud-amd64 - Linux 6.1 for x86-64 cloud (signed)
linux-image-6.1.0-9-amd64 - Linux 6.1 for 64-bit PCs (signed)
linux-image-6.8.0-31-generic - Signed kernel image generic
`;

describe('packages with kernels', () => {
  it('are read from what apt lists, without symbols and without those that only name others', () => {
    expect(readPackages(listing).map(({ name, series }) => `${series} ${name}`)).to.deep.equal([
      '6.1 linux-image-6.1.0-9-amd64',
      '6.1 linux-image-6.1.0-57-cloud-amd64',
      '6.8 linux-image-6.8.0-31-generic',
      '6.12 linux-image-6.12.9+deb12-cloud-amd64-unsigned',
      '6.12 linux-image-6.12.117+deb12-cloud-amd64-unsigned',
    ]);
  });

  it('of a series the newest is taken that is made for virtual machines', () => {
    const names = readPackages(listing).map(({ name }) => name);
    expect(newestOf('6.12', names)).to.equal('linux-image-6.12.117+deb12-cloud-amd64-unsigned');
    expect(newestOf('6.1', names)).to.equal('linux-image-6.1.0-57-cloud-amd64');
    expect(newestOf('6.8', names)).to.equal(undefined);
  });

  for (const [name, isOne] of [
    ['debian-6.12', true],
    ['linux-image-6.1.0-57-cloud-amd64', true],
    ['bzImage', false],
    ['./linux-image-6.1', false],
    ['linux-image-$(x)', false],
  ] as const) {
    it(`${name} ${isOne ? 'may be' : 'cannot be'} one`, () => {
      expect(isPackageName(name)).to.equal(isOne);
    });
  }
});

describe('libraries of a program', () => {
  it('are read from what ldd lists', () => {
    const lines = [
      '\tlinux-vdso.so.1 (0x00007f588f7ff000)',
      '\tlibmnl.so.0 => /lib/x86_64-linux-gnu/libmnl.so.0 (0x00007f588f67a000)',
      '\t/lib64/ld-linux-x86-64.so.2 (0x00007f588f801000)',
      '\tlibgone.so => not found',
    ];
    expect(librariesIn(lines.join('\n'))).to.deep.equal([
      '/lib/x86_64-linux-gnu/libmnl.so.0',
      '/lib64/ld-linux-x86-64.so.2',
    ]);
    expect(librariesIn('\tstatically linked')).to.deep.equal([]);
  });
});
