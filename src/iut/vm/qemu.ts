/**
 * The command line of QEMU for a guest: one processor, no disk, no network but the lab's taps, console on standard output, control
 * on file descriptor 3, the first file system on file descriptor 4.
 */
import type { LabPath } from '../../net/lab/layout.js';
import { controlPort } from './guest-script.js';
import type { VmRequest } from './vm-request.js';

export type Accelerator = 'kvm' | 'tcg';

export const qemuProgram = 'qemu-system-x86_64';
export const qemuPackage = 'qemu-system-x86';

const descriptors = { control: 3, initramfs: 4 } as const;

/** The guest computes its checksums and cuts its segments itself, so that the tap shows what a wire would. */
const offloads = [
  ...['csum', 'guest_csum', 'gso', 'host_tso4', 'host_tso6', 'host_ecn', 'host_ufo'],
  ...['guest_tso4', 'guest_tso6', 'guest_ecn', 'guest_ufo', 'mrg_rxbuf'],
].map((name) => `${name}=off`);

/**
 * The emulator's timer fails a check of some kernels, and its TSC is steady. A panic ends the machine. The last of several
 * settings of a name counts, so what the user appends can change these.
 */
const kernelArguments = [
  ...['console=ttyS0', 'rdinit=/init', 'panic=-1', 'loglevel=7', 'no_timer_check', 'tsc=reliable'],
  ...['net.ifnames=0', 'random.trust_cpu=on', 'nokaslr'],
] as const;

export interface QemuSetup {
  readonly image: string;
  readonly request: Pick<VmRequest, 'append' | 'memory'>;
  readonly paths: readonly LabPath[];
  readonly accelerator: Accelerator;
}

export const qemuArguments = ({ image, request, paths, accelerator }: QemuSetup): readonly string[] => [
  ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-monitor', 'none', '-name', 'robe'],
  ...['-accel', accelerator, '-cpu', accelerator === 'kvm' ? 'host' : 'max', '-smp', '1', '-m', `${request.memory}`],
  ...['-kernel', image, '-initrd', `/proc/self/fd/${descriptors.initramfs}`],
  ...['-append', [...kernelArguments, ...request.append].join(' ')],
  ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
  ...['-device', 'virtio-serial-pci', '-chardev', `socket,id=control,fd=${descriptors.control}`],
  ...['-device', `virtserialport,chardev=control,name=${controlPort}`],
  ...paths.flatMap(({ path, tester, iut }) => [
    ...['-netdev', `tap,id=path${path},ifname=${tester.device},script=no,downscript=no,vnet_hdr=off`],
    // No boot program is needed for the card, and loading one takes seconds.
    ...['-device', ['virtio-net-pci', `netdev=path${path}`, `mac=${iut.mac}`, 'romfile=', ...offloads].join(',')],
  ]),
];
