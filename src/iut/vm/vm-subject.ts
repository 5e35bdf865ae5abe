/**
 * `vm:KERNEL`: the MPTCP of another kernel, in a virtual machine of its own in a lab. It has the claims of `lab:linux`,
 * or with `race=` those of `lab:linux-sim` and the like. The kernel is found, or fetched, before there is a lab: inside
 * one there is no way to the outside.
 */
import { LabError } from '../../net/lab/command.js';
import { greetShim } from '../control/greet-shim.js';
import { ControlError } from '../control/shim-control.js';
import { sessionSetup } from '../lab-setup.js';
import { linuxClaims } from '../linux-claims.js';
import { openLiveSession } from '../live-session.js';
import { raceClaims } from '../races.js';
import { liveTiming, settingsOf } from '../settings.js';
import type { LiveSubject } from '../subject.js';
import { bootGuest, gatherGuest } from './boot-guest.js';
import type { KernelPlace } from './kernel-place.js';
import { type KernelReport, signatureOf } from './kernel-report.js';
import { type Machine, tellEnd } from './machine.js';
import { readVmRequest } from './vm-request.js';

/** `text` is what comes after `vm:`. Throws a RangeError when it cannot be read. */
export const vmSubject = (text: string): LiveSubject => {
  const request = readVmRequest(text);
  const { paths, race } = request;
  const claims = race === undefined ? { ...linuxClaims, paths } : raceClaims(race, paths);
  const sightings = new Sightings();
  return {
    name: `vm:${text}`,
    time: 'real',
    claims,
    settings: settingsOf(claims.parameters, liveTiming),
    lab: { paths, iut: 'machine' },
    async prepare({ environment }) {
      await gatherGuest(request, [], environment);
    },
    async open({ clock, lab, environment, keep = () => {} }) {
      if (lab === undefined) throw new ControlError(`vm:${text} was opened without its lab`);
      const ends = (report: KernelReport): boolean => sightings.isWorthABoot(report);
      const { kernel, machine } = await bootGuest(request, { clock, lab, environment, keep, ends });
      const control = await greetShim(machine.channel, clock, lab.facts).catch((cause: unknown) => {
        throw mute(machine, cause);
      });
      try {
        const session = await openLiveSession({
          clock,
          ...sessionSetup(lab),
          control,
          processes: machine.threads,
        });
        return {
          ...session,
          reports: machine.reports,
          remarks: [...machine.remarks, ...session.remarks],
          measured: { ...session.measured, ...measuredOf(machine, kernel) },
        };
      } catch (cause) {
        await control.control.close();
        throw cause;
      }
    },
  };
};

/**
 * How often the same was reported. The first times the machine is booted again: to have the cases that were under way alone,
 * and the rest on a kernel that is sound. What comes even then comes under every case, and would keep the run from ending.
 */
class Sightings {
  readonly #times = new Map<string, number>();

  isWorthABoot(report: KernelReport): boolean {
    const signature = signatureOf(report);
    const times = (this.#times.get(signature) ?? 0) + 1;
    this.#times.set(signature, times);
    return times <= worthwhile;
  }
}

/** Among all, among a few, alone; and once more for a second case. */
const worthwhile = 4;

const measuredOf = ({ accelerator, booted }: Machine, { image, release }: KernelPlace) => ({
  kernel: release ?? 'unknown',
  image,
  machine: `QEMU, ${accelerator === 'kvm' ? 'KVM' : 'emulated (TCG)'}`,
  boot: `${(Number(booted) / 1e9).toFixed(1)} s`,
});

const lastLines = 4;

const mute = (machine: Machine, cause: unknown): LabError =>
  new LabError(
    `the guest was ready, but its control program did not speak: ${cause instanceof Error ? cause.message : String(cause)}; ${tellEnd(machine.last(lastLines))}`,
    'see console.txt beside the results; a program named with shim= must be static, and speak robe-ctl/1 on its standard input and output',
  );
