/**
 * Writes the archive that Linux takes as its first file system: cpio in the form "newc"
 * (Documentation/driver-api/early-userspace/buffer-format.rst of the kernel). A member is
 *
 *     070701  13 numbers of 8 hex digits  name NUL  to a multiple of 4  content  to a multiple of 4
 *
 * and the one named TRAILER!!! ends the archive.
 */
export type ArchiveMember =
  | { readonly kind: 'directory'; readonly name: string }
  | { readonly kind: 'file'; readonly name: string; readonly content: Uint8Array; readonly executable?: boolean }
  | { readonly kind: 'link'; readonly name: string; readonly target: string }
  | { readonly kind: 'character-device'; readonly name: string; readonly major: number; readonly minor: number };

const modes = { directory: 0o040755, file: 0o100644, program: 0o100755, link: 0o120777, device: 0o020600 } as const;
const trailer = 'TRAILER!!!';
const alignment = 4;

/** Names are relative and without a leading `./`; directories that a name needs are added. */
export const writeArchive = (members: readonly ArchiveMember[]): Buffer => {
  const parts: Buffer[] = [];
  const present = new Set<string>();
  let number = 1;
  const add = (name: string, mode: number, content: Uint8Array, device: readonly [number, number] = [0, 0]): void => {
    parts.push(...encode(number, name, mode, content, device));
    number += 1;
  };
  const addDirectory = (name: string): void => {
    if (name === '' || present.has(name)) return;
    addDirectory(parentOf(name));
    present.add(name);
    add(name, modes.directory, new Uint8Array());
  };
  for (const member of members) {
    if (member.kind === 'directory') {
      addDirectory(member.name);
      continue;
    }
    addDirectory(parentOf(member.name));
    switch (member.kind) {
      case 'file':
        add(member.name, member.executable === true ? modes.program : modes.file, member.content);
        break;
      case 'link':
        add(member.name, modes.link, Buffer.from(member.target));
        break;
      case 'character-device':
        add(member.name, modes.device, new Uint8Array(), [member.major, member.minor]);
        break;
    }
  }
  add(trailer, 0, new Uint8Array());
  return Buffer.concat(parts);
};

const parentOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')));

const encode = (
  inode: number,
  name: string,
  mode: number,
  content: Uint8Array,
  [major, minor]: readonly [number, number],
): readonly Buffer[] => {
  const named = Buffer.from(`${name}\0`);
  const links = 1;
  const numbers = [inode, mode, 0, 0, links, 0, content.length, 0, 0, major, minor, named.length, 0];
  const head = Buffer.from(`070701${numbers.map((each) => each.toString(16).padStart(8, '0')).join('')}`);
  const start = Buffer.concat([head, named]);
  return [start, padding(start.length), Buffer.from(content), padding(content.length)];
};

const padding = (length: number): Buffer => Buffer.alloc((alignment - (length % alignment)) % alignment);
