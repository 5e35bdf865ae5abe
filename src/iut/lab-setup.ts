/** The facts of a lab for a live session. */
import type { Lab } from '../net/lab/lab.js';
import type { SessionFacts } from './contract.js';
import type { LivePath } from './live-session.js';

export const sessionSetup = (
  lab: Lab,
): { readonly paths: readonly LivePath[] } & Pick<SessionFacts, 'server' | 'closedPort' | 'testerServerPrefix'> => ({
  paths: lab.paths.map(({ path, tester, iut, iutAddress, testerPrefix }) => ({
    path,
    device: tester.device,
    iutAddress,
    iutMac: iut.mac,
    testerPrefix,
  })),
  server: lab.facts.server,
  closedPort: lab.facts.closedPort,
  testerServerPrefix: lab.facts.testerServerPrefix,
});
