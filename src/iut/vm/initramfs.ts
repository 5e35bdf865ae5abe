/**
 * The first file system of a guest: busybox, iproute2's `ip` with the libraries that it needs here, the control program, the modules and
 * the two scripts. Nothing else is in the guest, and it has no disk.
 */
import { readFileSync } from 'node:fs';
import { command, LabError } from '../../net/lab/command.js';
import type { LabPath } from '../../net/lab/layout.js';
import { type ArchiveMember, writeArchive } from './cpio.js';
import { applets, guestFiles, initScript, placeScript } from './guest-script.js';
import type { GuestModule } from './kernel-modules.js';
import type { VmRequest } from './vm-request.js';

/** A static program that speaks robe-ctl/1, and the words after its name. */
export interface GuestControl {
  readonly program: string;
  readonly words: readonly string[];
}

export interface GuestContents {
  readonly paths: readonly LabPath[];
  readonly request: Pick<VmRequest, 'sysctl'>;
  readonly modules: readonly GuestModule[];
  readonly control: GuestControl;
}

export const buildInitramfs = async ({ paths, request, modules, control }: GuestContents): Promise<Buffer> => {
  const busybox = await programWithLibraries('busybox', 'busybox-static', 'bin/busybox');
  const ip = await programWithLibraries('ip', 'iproute2', guestFiles.ip);
  const script = (name: string, text: string): ArchiveMember => program(name, Buffer.from(text));
  return writeArchive([
    ...['proc', 'sys', 'dev', 'run', 'tmp'].map((name) => ({ kind: 'directory', name }) as const),
    { kind: 'character-device', name: 'dev/console', major: 5, minor: 1 },
    { kind: 'character-device', name: 'dev/null', major: 1, minor: 3 },
    ...onlyOnce([...busybox, ...ip]),
    ...applets.map((name) => ({ kind: 'link', name: `bin/${name}`, target: 'busybox' }) as const),
    program(guestFiles.shim, readProgram(control.program)),
    ...modules.map(({ name, content }, index) => ({
      kind: 'file' as const,
      name: `${guestFiles.modules}/${String(index).padStart(2, '0')}-${name}.ko`,
      content,
    })),
    script(guestFiles.place, placeScript(paths)),
    script(guestFiles.init, initScript(paths, request, control.words)),
  ]);
};

const program = (name: string, content: Uint8Array): ArchiveMember => ({
  kind: 'file',
  name,
  content,
  executable: true,
});

const readProgram = (file: string): Uint8Array => {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new LabError(
      `the program ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      'name a static program that speaks robe-ctl/1: vm:KERNEL,shim=PROGRAM',
    );
  }
};

const onlyOnce = (members: readonly ArchiveMember[]): readonly ArchiveMember[] => [
  ...new Map(members.map((member) => [member.name, member])).values(),
];

/** A program of this machine under a name of the guest's, and the libraries where it looks for them. */
const programWithLibraries = async (
  name: string,
  debian: string,
  inGuest: string,
): Promise<readonly ArchiveMember[]> => {
  const file = await findProgram(name, debian);
  const listing = await command('ldd', [file]).catch(() => 'statically linked');
  return [
    program(inGuest, readFileSync(file)),
    ...librariesIn(listing).map((library) => program(library.slice(1), readFileSync(library))),
  ];
};

/** The files that `ldd` lists; none of a static program. */
export const librariesIn = (listing: string): readonly string[] =>
  listing.split('\n').flatMap((line) => /(?:=>\s*|^\s*)(\/\S+)\s+\(0x/.exec(line)?.[1] ?? []);

/** Programs of the system lie in places that a user's PATH may lack. */
export const findProgram = async (name: string, debian: string): Promise<string> => {
  const found = await command('sh', ['-c', `PATH="$PATH:/usr/sbin:/sbin"; command -v ${name}`]).catch(() => '');
  const file = found.trim();
  if (file.startsWith('/')) return file;
  throw new LabError(`${name}, which goes into the guest, is not installed`, `apt-get install ${debian}`);
};
