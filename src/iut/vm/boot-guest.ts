/** Builds a guest for a `vm:…` request, and boots it. */
import { accessSync, constants } from 'node:fs';
import { engineProgram } from '../../engine/engine-program.js';
import type { Variables } from '../../net/lab/cache-folder.js';
import { LabError } from '../../net/lab/command.js';
import type { LabPath } from '../../net/lab/layout.js';
import { raceWords } from '../races.js';
import { buildInitramfs, findProgram, type GuestControl } from './initramfs.js';
import { gatherModules } from './kernel-modules.js';
import { findKernel, type KernelPlace } from './kernel-place.js';
import { bootMachine, type Machine, type MachineSetup } from './machine.js';
import { qemuPackage, qemuProgram } from './qemu.js';
import { staticShim } from './shim-program.js';
import type { VmRequest } from './vm-request.js';

export interface GuestPlace extends Pick<MachineSetup, 'clock' | 'lab' | 'keep' | 'ends'> {
  readonly environment: Variables;
}

/** Throws a LabError that names what is missing, or the last stage of the boot. */
export const bootGuest = async (
  request: VmRequest,
  { environment, ...place }: GuestPlace,
): Promise<{ readonly kernel: KernelPlace; readonly machine: Machine }> => {
  const { kernel, initramfs } = await gatherGuest(request, place.lab.paths, environment);
  return { kernel, machine: await bootMachine({ ...place, image: kernel.image, initramfs, request }) };
};

/** What a guest is made of. Throws a LabError that names the first thing that is missing. */
export const gatherGuest = async (
  request: VmRequest,
  paths: readonly LabPath[],
  environment: Variables,
): Promise<{ readonly kernel: KernelPlace; readonly initramfs: Uint8Array }> => {
  await requirePrograms();
  const kernel = await findKernel(request, environment);
  const modules = kernel.modules === undefined ? [] : gatherModules(kernel.modules, kernel.release);
  const control = await controlProgram(request, environment);
  return { kernel, initramfs: await buildInitramfs({ paths, request, modules, control }) };
};

/** What answers on the control port, and with which words it is called. */
const controlProgram = async ({ race, shim }: VmRequest, environment: Variables): Promise<GuestControl> =>
  race === undefined
    ? { program: shim ?? (await staticShim(environment)), words: [] }
    : { program: await engineProgram(environment, 'static'), words: raceWords(race) };

const requirePrograms = async (): Promise<void> => {
  for (const [program, debian] of [
    [qemuProgram, qemuPackage],
    ['setpriv', 'util-linux'],
  ] as const) {
    await findProgram(program, debian);
  }
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
  } catch {
    throw new LabError('there is no /dev/net/tun, which carries frames to a virtual machine', 'modprobe tun, as root');
  }
};
