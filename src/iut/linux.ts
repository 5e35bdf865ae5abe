/**
 * `lab:linux`: the MPTCP of the kernel that this machine runs, as server and as client, in a lab of two paths. A shim in
 * Python opens and serves the connections. The claims are those that Linux 5.16 and newer document.
 */
import { fileURLToPath } from 'node:url';
import { greetShim } from './control/greet-shim.js';
import { ControlError } from './control/shim-control.js';
import { shimChannel } from './control/shim-process.js';
import { sessionSetup } from './lab-setup.js';
import { linuxClaims } from './linux-claims.js';
import { readLinuxRequest } from './linux-request.js';
import { openLiveSession } from './live-session.js';
import { liveTiming, settingsOf } from './settings.js';
import type { LiveSubject } from './subject.js';

/** The shim stands in the sources: the build copies no Python. */
const shimScript = fileURLToPath(new URL('../../src/iut/shim/linux-mptcp.py', import.meta.url));

export const linuxSubject = linuxNamed('linux');

/**
 * The kernel as `lab:TEXT` asks for it: `linux[,sysctl=NAME=VALUE][,subflows=N][,endpoint=subflow|signal][,declare=NAME=VALUE]`.
 * Options may be given several times; `declare` says what the settings make of the open points. Throws a RangeError.
 */
export function linuxNamed(text: string): LiveSubject {
  const request = readLinuxRequest(text);
  const claims = { ...linuxClaims, parameters: request.declared };
  return {
    name: `lab:${text}`,
    time: 'real',
    claims,
    settings: settingsOf(claims.parameters, liveTiming),
    lab: { paths: linuxClaims.paths, iut: 'kernel', tuning: request.tuning },
    async open({ clock, lab }) {
      if (lab === undefined) throw new ControlError(`lab:${text} was opened without its lab`);
      const { facts } = lab;
      const child = lab.exec('iut', ['python3', shimScript], { stdio: ['pipe', 'pipe', 'pipe'] });
      const control = await greetShim(shimChannel(child, 'python3'), clock, facts);
      try {
        return await openLiveSession({ clock, ...sessionSetup(lab), control });
      } catch (cause) {
        await control.control.close();
        throw cause;
      }
    },
  };
}
