/** `lab:reference`: the reference as a process of its own on its end of a lab's wires, controlled over its stdin and stdout. */
import { MOST_PATHS } from '../net/lab/layout.js';
import type { EstablishmentProfile } from '../reference/contract.js';
import { greetShim } from './control/greet-shim.js';
import { ControlError } from './control/shim-control.js';
import { shimChannel } from './control/shim-process.js';
import { embeddedClaims } from './embedded.js';
import { sessionSetup } from './lab-setup.js';
import { openLiveSession } from './live-session.js';
import { liveTiming, settingsOf } from './settings.js';
import type { LiveSubject } from './subject.js';

export const referenceSubject = (profile: EstablishmentProfile): LiveSubject => {
  const claims = embeddedClaims(profile);
  return {
    name: `lab:reference:${profile}`,
    time: 'real',
    claims,
    settings: settingsOf(claims.parameters, liveTiming),
    lab: { paths: MOST_PATHS, iut: 'process' },
    async open({ clock, lab, program, seed }) {
      if (lab === undefined) throw new ControlError('lab:reference was opened without its lab');
      const interfaces = lab.paths.flatMap(({ path, iut }) => ['--interface', `path${path}=${iut.device}`]);
      const argv = [...program, 'serve', '--control', '--profile', profile, '--seed', seed, ...interfaces];
      const child = lab.exec('iut', argv, { stdio: ['pipe', 'pipe', 'pipe'] });
      const control = await greetShim(shimChannel(child, 'robe serve'), clock, lab.facts);
      try {
        return await openLiveSession({ clock, ...sessionSetup(lab), control });
      } catch (cause) {
        await control.control.close();
        throw cause;
      }
    },
  };
};
