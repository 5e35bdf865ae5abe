/** `lab:reference`: the reference as a process of its own on its end of a lab's wires, controlled over its stdin and stdout. */
import { mostPaths } from '../net/lab/layout.js';
import { withParameters } from '../reference/parameters.js';
import { greetShim } from './control/greet-shim.js';
import { ControlError } from './control/shim-control.js';
import { shimChannel } from './control/shim-process.js';
import { type ReferenceChoice, settledBy } from './embedded-subject.js';
import { sessionSetup } from './lab-setup.js';
import { openLiveSession } from './live-session.js';
import { declareReference } from './reference-claims.js';
import { liveTiming, settingsOf } from './settings.js';
import type { LiveSubject } from './subject.js';

export const referenceSubject = (choice: ReferenceChoice): LiveSubject => {
  const { profile, declared = {} } = choice;
  const claims = declareReference(profile, withParameters(declared));
  const settled = settledBy(choice);
  return {
    name: `lab:reference:${[profile, ...settled].join('+')}`,
    time: 'real',
    claims,
    settings: settingsOf(claims.parameters, liveTiming),
    lab: { paths: mostPaths, iut: 'process' },
    async open({ clock, lab, program, seed }) {
      if (lab === undefined) throw new ControlError('lab:reference was opened without its lab');
      const interfaces = lab.paths.flatMap(({ path, iut }) => ['--interface', `path${path}=${iut.device}`]);
      const parameters = settled.flatMap((each) => ['--parameter', each]);
      const argv = [
        ...[...program, 'serve', '--control', '--profile', profile, '--seed', seed],
        ...interfaces,
        ...parameters,
      ];
      const child = lab.exec('iut', argv, { stdio: ['pipe', 'pipe', 'pipe'] });
      const control = await greetShim(shimChannel(child, 'robe serve'), clock, lab.facts);
      try {
        return await openLiveSession({ clock, ...sessionSetup(lab), control, processes: [child] });
      } catch (cause) {
        await control.control.close();
        throw cause;
      }
    },
  };
};
