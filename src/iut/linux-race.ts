/**
 * `lab:linux-sim`, `lab:linux-timer`, `lab:linux-ips` and combinations: the engine of `robe connect-proxy --engine kernel` as
 * client under test. Its TCP and MPTCP are those of the kernel that this machine runs, and it was written from the draft alone,
 * so it is a witness: where the reference and a case are wrong together, this one is not.
 *
 * The third segment of a race leaves at once here, as the draft draws it. `lab:linux-sim+with-data` lets it wait for the
 * first octets, as the proxy does.
 */
import { engineProgram } from '../engine/engine-program.js';
import { mostPaths } from '../net/lab/layout.js';
import type { Claims } from '../suite/catalogue/applicability.js';
import { greetShim } from './control/greet-shim.js';
import { ControlError } from './control/shim-control.js';
import { shimChannel } from './control/shim-process.js';
import { sessionSetup } from './lab-setup.js';
import { linuxClaims } from './linux.js';
import { openLiveSession } from './live-session.js';
import { liveTiming, settingsOf } from './settings.js';
import type { LiveSubject } from './subject.js';

interface Race {
  /** What the engine is told. */
  readonly schemes: readonly ('sim' | 'timer' | 'ips' | 'with-data')[];
  readonly profiles: readonly string[];
  readonly parameters: Claims['parameters'];
}

/** By what comes after `lab:linux-`. */
const races: Readonly<Record<string, Race>> = {
  sim: { schemes: ['sim'], profiles: ['robe-sim'], parameters: {} },
  'sim+with-data': { schemes: ['sim', 'with-data'], profiles: ['robe-sim'], parameters: {} },
  timer: { schemes: ['timer'], profiles: ['robe-timer'], parameters: {} },
  ips: { schemes: ['ips'], profiles: ['robe-ips'], parameters: {} },
  'ips+sim': { schemes: ['ips', 'sim'], profiles: ['robe-ips'], parameters: { 'ips.combine': 'sim' } },
  'ips+timer': { schemes: ['ips', 'timer'], profiles: ['robe-ips'], parameters: { 'ips.combine': 'timer' } },
};

/** As a user names them after `lab:`. */
export const raceNames: readonly string[] = Object.keys(races).map((name) => `linux-${name}`);

/** `undefined` when there is no such race. */
export const raceSubject = (name: string): LiveSubject | undefined => {
  const race = races[name.replace(/^linux-/, '')];
  if (race === undefined || !name.startsWith('linux-')) return undefined;
  const claims: Claims = {
    ...linuxClaims,
    roles: ['client'],
    profiles: [...linuxClaims.profiles, ...race.profiles],
    paths: mostPaths,
    abilities: [],
    parameters: race.parameters,
  };
  return {
    name: `lab:${name}`,
    time: 'real',
    claims,
    settings: settingsOf(claims.parameters, liveTiming),
    lab: { paths: mostPaths, iut: 'kernel' },
    async prepare({ environment }) {
      await engineProgram(environment);
    },
    async open({ clock, lab, environment }) {
      if (lab === undefined) throw new ControlError(`lab:${name} was opened without its lab`);
      const program = await engineProgram(environment);
      const child = lab.exec('iut', [program, 'witness', ...race.schemes], { stdio: ['pipe', 'pipe', 'pipe'] });
      const control = await greetShim(shimChannel(child, 'the engine'), clock, lab.facts);
      try {
        return await openLiveSession({ clock, ...sessionSetup(lab), control, processes: [child] });
      } catch (cause) {
        await control.control.close();
        throw cause;
      }
    },
  };
};
