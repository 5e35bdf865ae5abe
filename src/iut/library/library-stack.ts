/**
 * `lab:gvisor` and `lab:lwip`: TCP stacks that come as libraries, as Debian ships them, each driven by a small program of ours
 * that gives it a wire of the lab, an echo service and control (`robe-ctl/1`). The program is built when it is first
 * needed. They know neither MPTCP nor RobE; they claim TCP, as server and as client.
 *
 *     tester              <-- wire -->   packet socket, TCP of the library, echo and control
 *     in namespace tb                    in namespace iut, whose kernel is silent
 */
import type { Claims } from '../../suite/catalogue/applicability.js';
import { greetShim } from '../control/greet-shim.js';
import { ControlError } from '../control/shim-control.js';
import { shimChannel } from '../control/shim-process.js';
import { sessionSetup } from '../lab-setup.js';
import { openLiveSession } from '../live-session.js';
import { liveTiming, settingsOf } from '../settings.js';
import type { LiveSubject } from '../subject.js';
import { type LibraryProgram, libraryProgram } from './library-program.js';

export interface LibraryStack extends LibraryProgram {
  /** Its settings of the open points. */
  readonly parameters: Claims['parameters'];
  /**
   * Tester addresses for a stack with a small neighbour table, which limits the number of concurrent cases: each takes
   * two.
   */
  readonly neighbours?: { readonly path: PerVersion; readonly servers: PerVersion };
}

type PerVersion = { readonly 4: string; readonly 6: string };

/** With the settings that gVisor's own runtime gives it. */
const gvisor: LibraryStack = {
  name: 'gvisor',
  debian: ['golang-gvisor-gvisor-dev', 'golang-go'],
  parameters: {},
};

/** With the settings that Debian compiles into it. */
const lwip: LibraryStack = {
  name: 'lwip',
  debian: ['liblwip-dev', 'golang-go', 'gcc', 'libc6-dev'],
  parameters: {},
  // Its tables of neighbours hold ten of each IP version; when they overflow it loses packets. There are more servers than run at
  // once, so that what it has noted of the way to one is forgotten before that address is used again.
  neighbours: {
    path: { 4: '10.201.64.0/29', 6: 'fd52:6f62:6500:1:1::/125' },
    servers: { 4: '10.210.0.0/28', 6: 'fd52:6f62:6500:d2::/124' },
  },
};

export const libraryStacks: readonly LibraryStack[] = [gvisor, lwip];

const claims = {
  roles: ['server', 'client'],
  versions: [],
  profiles: ['tcp'],
  ip: [4, 6],
  paths: 1,
  control: 2,
  abilities: ['second-address', 'second-port'],
} as const satisfies Partial<Claims>;

export const librarySubject = (stack: LibraryStack): LiveSubject => ({
  name: `lab:${stack.name}`,
  time: 'real',
  claims: { ...claims, parameters: stack.parameters },
  settings: settingsOf(stack.parameters, liveTiming),
  lab: { paths: claims.paths, iut: 'process' },
  async prepare({ environment }) {
    await libraryProgram(stack, environment);
  },
  /** Opening starts it; nothing of the dead one is left. */
  restart: async () => {},
  async open({ clock, lab, environment }) {
    const [path] = lab?.paths ?? [];
    if (lab === undefined || path === undefined) throw new ControlError(`lab:${stack.name} was opened without its lab`);
    const { address, second } = lab.facts.server;
    const own = [path.iutAddress, address, second.address].flatMap((each) => [each[4], each[6]]);
    const argv = [await libraryProgram(stack, environment), path.iut.device, path.iut.mac, ...new Set(own)];
    const child = lab.exec('iut', argv, { stdio: ['pipe', 'pipe', 'pipe'] });
    const control = await greetShim(shimChannel(child, stack.name), clock, lab.facts);
    try {
      const setup = narrowed(sessionSetup(lab), stack.neighbours);
      return await openLiveSession({ clock, ...setup, control, processes: [child] });
    } catch (cause) {
      await control.control.close();
      throw cause;
    }
  },
});

type Setup = ReturnType<typeof sessionSetup>;

const narrowed = (setup: Setup, neighbours: LibraryStack['neighbours']): Setup =>
  neighbours === undefined
    ? setup
    : {
        ...setup,
        paths: setup.paths.map((path) => ({ ...path, testerPrefix: neighbours.path })),
        testerServerPrefix: neighbours.servers,
      };
