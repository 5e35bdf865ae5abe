/**
 * A virtual machine from its start to its end: booted, watched on its console, its control port a channel for the shim.
 * It ends with the process that started it, however that ends (`setpriv --pdeathsig`); it writes no file except through
 * `keep`.
 */
import type { ChildProcess } from 'node:child_process';
import { accessSync, closeSync, constants, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, milliseconds, type Time } from '../../net/clock/clock.js';
import { LabError } from '../../net/lab/command.js';
import type { Lab } from '../../net/lab/lab.js';
import type { ControlChannel } from '../control/shim-control.js';
import { GuestConsole } from './guest-console.js';
import { type Obstacle, obstacles } from './guest-script.js';
import { type KernelReport, spoils } from './kernel-report.js';
import { type Accelerator, qemuArguments, qemuPackage, qemuProgram } from './qemu.js';
import type { VmRequest } from './vm-request.js';

export interface MachineSetup {
  readonly clock: Clock;
  readonly lab: Lab;
  readonly image: string;
  readonly initramfs: Uint8Array;
  readonly request: Pick<VmRequest, 'append' | 'memory'>;
  /** Gets what comes over the console, as it comes. */
  readonly keep: (octets: Uint8Array) => void;
  /** Whether a report makes an end of the machine, as one that shall be booted again. */
  readonly ends: (report: KernelReport) => boolean;
}

export interface Machine {
  readonly accelerator: Accelerator;
  /** How long it took to be ready. */
  readonly booted: Time;
  readonly channel: ControlChannel;
  /** What the kernel reported on itself, in order; those of the boot too. */
  readonly reports: readonly KernelReport[];
  /** What QEMU's threads are called in /proc. */
  readonly threads: readonly { readonly pid: number }[];
  /** What is unusual about it. */
  readonly remarks: readonly string[];
  /** The last lines of the console, the newest last. */
  last(count: number): readonly string[];
}

/** Time without console output, and time in all, after which the boot counts as stuck. */
const silenceLimit: Time = milliseconds(60_000);
const bootLimit: Time = milliseconds(300_000);
/** A kernel that KVM runs speaks at once. */
const kvmSilenceLimit: Time = milliseconds(10_000);
/** How long a guest may take to shut down before it is killed, in milliseconds; longer if it looks for leaks first. */
const patience = 1500;
const leakPatience = 30_000;
const shownLines = 4;
const keptComplaints = 4000;

/** What KVM said when it did not run a kernel here. It is not tried again by this process. */
let kvmRefusal: string | undefined;

/** Boots it, with KVM where that works. Throws a LabError, and leaves nothing running, when it does not become ready. */
export const bootMachine = async (setup: MachineSetup): Promise<Machine> => {
  if (kvmRefusal === undefined && mayUse('/dev/kvm')) {
    try {
      return await boot(setup, 'kvm', []);
    } catch (cause) {
      if (!(cause instanceof KvmRefusal)) throw cause;
      kvmRefusal = cause.message;
    }
  }
  const why = kvmRefusal ?? 'there is no /dev/kvm, or no right to use it';
  return boot(setup, 'tcg', [`the machine is emulated, as KVM does not run it: ${why}`]);
};

class KvmRefusal extends Error {}

const mayUse = (device: string): boolean => {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

const boot = async (setup: MachineSetup, accelerator: Accelerator, remarks: readonly string[]): Promise<Machine> => {
  const { clock } = setup;
  const began = clock.now();
  const guest = new Guest(setup, start(setup, accelerator), accelerator);
  const why = await guest.ready;
  if (why !== undefined) {
    await guest.kill();
    throw why;
  }
  return {
    accelerator,
    booted: clock.now() - began,
    channel: guest.channel,
    reports: guest.reports,
    threads: threadsOf(guest.pid),
    remarks,
    last: (count) => guest.console.last(count),
  };
};

const start = ({ lab, image, request, initramfs }: MachineSetup, accelerator: Accelerator): ChildProcess => {
  const file = unnamedFile(initramfs);
  try {
    const argv = qemuArguments({ image, request, paths: lab.paths, accelerator });
    return lab.exec('tb', ['setpriv', '--pdeathsig', 'KILL', '--', qemuProgram, ...argv], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', file],
    });
  } finally {
    closeSync(file);
  }
};

/** An open file that has no name any more, so that nothing of it is left whatever happens. */
const unnamedFile = (content: Uint8Array): number => {
  const folder = mkdtempSync(join(tmpdir(), 'robe-vm-'));
  let file: number | undefined;
  try {
    file = openSync(join(folder, 'initramfs'), 'wx+', 0o600);
    rmSync(folder, { recursive: true });
    for (let written = 0; written < content.length; ) written += writeSync(file, content, written);
    return file;
  } catch (cause) {
    if (file !== undefined) closeSync(file);
    rmSync(folder, { recursive: true, force: true });
    const megabytes = Math.ceil(content.length / 1e6);
    throw new LabError(
      `the first file system of the guest, ${megabytes} MB, cannot be written to ${tmpdir()}: ${cause instanceof Error ? cause.message : String(cause)}`,
      'make room there, or name another place: TMPDIR=DIRECTORY',
    );
  }
};

const threadsOf = (pid: number | undefined): readonly { readonly pid: number }[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => ({ pid: Number(thread) }));
  } catch {
    return [];
  }
};

/** QEMU as a child, and what is heard of it. */
class Guest {
  readonly console: GuestConsole;
  readonly reports: KernelReport[] = [];
  readonly channel: ControlChannel;
  /** Settles when it is ready; with the reason when it never will be. */
  readonly ready: Promise<Error | undefined>;
  readonly #setup: MachineSetup;
  readonly #child: ChildProcess;
  readonly #accelerator: Accelerator;
  readonly #ended: Promise<string>;
  readonly #began: Time;
  #lastWord: Time;
  #isReady = false;
  #closing = false;
  #looksForLeaks = false;
  #complaints = '';
  #settle: (why: Error | undefined) => void = () => {};
  #lose: (why: string) => void = () => {};

  constructor(setup: MachineSetup, child: ChildProcess, accelerator: Accelerator) {
    this.#setup = setup;
    this.#child = child;
    this.#accelerator = accelerator;
    this.#began = setup.clock.now();
    this.#lastWord = this.#began;
    this.console = new GuestConsole({
      said: (words) => this.#said(words),
      reported: (report) => this.#reported(report),
    });
    this.ready = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const gone = new Promise<string>((resolve) => {
      this.#lose = resolve;
    });
    this.#ended = this.#follow();
    this.channel = this.#channelOf(gone);
    this.#watchBoot();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async kill(): Promise<void> {
    this.#closing = true;
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #channelOf(gone: Promise<string>): ControlChannel {
    const socket = this.#child.stdio[3];
    if (!(socket instanceof Socket)) throw new LabError('QEMU was started without a control port', 'report this');
    socket.on('error', () => {});
    return { input: socket, output: socket, gone, close: () => this.#close(socket) };
  }

  /** The guest reads the end of its control port, and ends by itself. */
  async #close(socket: Socket): Promise<void> {
    this.#closing = true;
    socket.destroy();
    const waiting = setTimeout(() => {
      if (this.#looksForLeaks) setTimeout(() => this.#child.kill('SIGKILL'), leakPatience).unref();
      else this.#child.kill('SIGKILL');
    }, patience);
    await this.#ended;
    clearTimeout(waiting);
  }

  #follow(): Promise<string> {
    const { keep, clock } = this.#setup;
    this.#child.stdout?.on('data', (octets: Uint8Array) => {
      this.#lastWord = clock.now();
      keep(octets);
      this.console.take(octets);
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#complained(text));
    return new Promise((resolve) => {
      this.#child.once('error', (error) => this.#over(`it could not be started: ${error.message}`, resolve));
      this.#child.once('close', (code, signal) =>
        this.#over(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`, resolve),
      );
    });
  }

  #over(how: string, ended: (how: string) => void): void {
    this.console.end();
    const panic = this.reports.find(({ kind }) => kind === 'panic');
    const said = this.#complaints.trim().split('\n').at(-1) ?? '';
    const why = panic?.title ?? `${how}${said === '' ? '' : `: ${said}`}`;
    this.#fail(() => this.#failure(`the virtual machine did not become ready: ${why}`, this.#remedyFor(said)));
    this.#lose(`the virtual machine is gone: ${why}`);
    ended(how);
  }

  #complained(text: string): void {
    this.#complaints = (this.#complaints + text).slice(-keptComplaints);
    const kvm = /^.*KVM internal error.*$|^.*(failed to set MSR|kvm_init_vcpu failed|failed to initialize kvm).*$/im;
    const why = kvm.exec(this.#complaints)?.[0];
    // A machine that KVM has stopped stays, and does nothing any more.
    if (why === undefined || this.#accelerator !== 'kvm') return;
    this.#fail(() => new KvmRefusal(why.trim()));
    this.#lose(`KVM stopped the virtual machine: ${why.trim()}`);
  }

  #said([word, ...rest]: readonly string[]): void {
    switch (word) {
      case 'ready':
        this.#isReady = true;
        this.#settle(undefined);
        break;
      case 'cannot': {
        const [obstacle = '', ...details] = rest;
        const why = obstacles[obstacle as Obstacle] ?? obstacle;
        this.#fail(() => this.#failure(`${why}${details.length === 0 ? '' : ` (${details.join(' ')})`}`, bootAdvice));
        break;
      }
      case 'note':
        if (this.#isReady) this.#lose(`the guest says: ${rest.join(' ')}`);
        break;
      case 'leaks':
        this.#looksForLeaks = true;
        break;
    }
  }

  #reported(report: KernelReport): void {
    this.reports.push(report);
    if (this.#isReady && !this.#closing && spoils(report) && this.#setup.ends(report))
      this.#lose(`the kernel reported: ${report.title}`);
  }

  /** Aborts a boot without console output for too long, or one that takes too long in all. */
  #watchBoot(): void {
    const { clock } = this.#setup;
    const look = (): void => {
      if (this.#isReady || this.#closing) return;
      const silent = clock.now() - this.#lastWord;
      const seconds = (time: Time): string => `${time / 1_000_000_000n} s`;
      if (this.#accelerator === 'kvm' && silent > kvmSilenceLimit)
        this.#fail(() => new KvmRefusal(`nothing came from the kernel for ${seconds(kvmSilenceLimit)}`));
      else if (silent > silenceLimit)
        this.#fail(() => this.#failure(`the boot stands still: nothing came for ${seconds(silenceLimit)}`, bootAdvice));
      else if (clock.now() - this.#began > bootLimit)
        this.#fail(() => this.#failure(`the guest was not ready within ${seconds(bootLimit)}`, bootAdvice));
      else clock.at(clock.now() + milliseconds(500), look);
    };
    look();
  }

  #fail(why: () => Error): void {
    if (!this.#isReady) this.#settle(why());
  }

  #failure(what: string, remedy: string): LabError {
    return new LabError(`${what}; ${tellEnd(this.console.last(shownLines))}`, remedy);
  }

  #remedyFor(said: string): string {
    if (/No such file|not found/.test(said) && said.includes(qemuProgram)) return `apt-get install ${qemuPackage}`;
    if (/memory/i.test(said)) return 'give it less memory: vm:KERNEL,memory=256';
    return bootAdvice;
  }
}

/** The last lines of a console, on one line. */
export const tellEnd = (lines: readonly string[]): string =>
  lines.length === 0 ? 'nothing came over the console' : `the console ends with: ${lines.join(' | ')}`;

const bootAdvice =
  'see console.txt beside the results; the kernel needs CONFIG_BLK_DEV_INITRD, CONFIG_DEVTMPFS, CONFIG_SERIAL_8250_CONSOLE, CONFIG_VIRTIO_PCI, CONFIG_VIRTIO_NET, CONFIG_VIRTIO_CONSOLE and CONFIG_MPTCP';
