/** `lab:linux-sim`, `lab:linux-timer`, `lab:linux-ips` and combinations: races of the sockets of the kernel that this machine runs. */
import { engineProgram } from '../engine/engine-program.js';
import { mostPaths } from '../net/lab/layout.js';
import { greetShim } from './control/greet-shim.js';
import { ControlError } from './control/shim-control.js';
import { shimChannel } from './control/shim-process.js';
import { sessionSetup } from './lab-setup.js';
import { openLiveSession } from './live-session.js';
import { raceClaims, raceNamed, raceNames, raceWords } from './races.js';
import { liveTiming, settingsOf } from './settings.js';
import type { LiveSubject } from './subject.js';

/** As a user names them after `lab:`. */
export const labRaceNames: readonly string[] = raceNames.map((name) => `linux-${name}`);

/** `undefined` when there is no such race. */
export const raceSubject = (name: string): LiveSubject | undefined => {
  const race = name.startsWith('linux-') ? raceNamed(name.slice('linux-'.length)) : undefined;
  if (race === undefined) return undefined;
  const claims = raceClaims(race, mostPaths);
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
      const child = lab.exec('iut', [program, ...raceWords(race)], { stdio: ['pipe', 'pipe', 'pipe'] });
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
