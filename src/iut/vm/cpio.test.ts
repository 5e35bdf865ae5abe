import { expect } from 'chai';
import { writeArchive } from './cpio.js';

/** A naive reader, written from the kernel's description of the format. */
const read = (archive: Buffer) => {
  const members: { name: string; mode: number; content: string; device: readonly [number, number] }[] = [];
  let at = 0;
  const aligned = (offset: number): number => Math.ceil(offset / 4) * 4;
  for (;;) {
    expect(archive.toString('latin1', at, at + 6)).to.equal('070701');
    const field = (index: number): number =>
      Number.parseInt(archive.toString('latin1', at + 6 + 8 * index, at + 14 + 8 * index), 16);
    const [mode, size, major, minor, nameSize] = [1, 6, 9, 10, 11].map(field) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const name = archive.toString('latin1', at + 110, at + 110 + nameSize - 1);
    expect(archive[at + 110 + nameSize - 1]).to.equal(0);
    const content = aligned(at + 110 + nameSize);
    at = aligned(content + size);
    if (name === 'TRAILER!!!') {
      expect(at).to.equal(archive.length);
      return members;
    }
    members.push({ name, mode, content: archive.toString('latin1', content, content + size), device: [major, minor] });
  }
};

describe('the archive of a first file system', () => {
  it('holds files, programs, links and devices, with the directories that they need', () => {
    const archive = writeArchive([
      { kind: 'directory', name: 'proc' },
      { kind: 'character-device', name: 'dev/console', major: 5, minor: 1 },
      { kind: 'file', name: 'bin/busybox', content: Buffer.from('12345'), executable: true },
      { kind: 'link', name: 'bin/sh', target: 'busybox' },
      { kind: 'file', name: 'a/b/c', content: Buffer.from('') },
    ]);
    expect(read(archive)).to.deep.equal([
      { name: 'proc', mode: 0o40755, content: '', device: [0, 0] },
      { name: 'dev', mode: 0o40755, content: '', device: [0, 0] },
      { name: 'dev/console', mode: 0o20600, content: '', device: [5, 1] },
      { name: 'bin', mode: 0o40755, content: '', device: [0, 0] },
      { name: 'bin/busybox', mode: 0o100755, content: '12345', device: [0, 0] },
      { name: 'bin/sh', mode: 0o120777, content: 'busybox', device: [0, 0] },
      { name: 'a', mode: 0o40755, content: '', device: [0, 0] },
      { name: 'a/b', mode: 0o40755, content: '', device: [0, 0] },
      { name: 'a/b/c', mode: 0o100644, content: '', device: [0, 0] },
    ]);
  });

  it('may be empty', () => {
    expect(read(writeArchive([]))).to.deep.equal([]);
  });
});
