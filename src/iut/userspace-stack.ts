/**
 * `lab:passt` and `lab:slirp4netns`: TCP stacks in user space as Debian ships them, black boxes that know neither MPTCP
 * nor RobE. Each is made for a guest (a virtual machine, a container): it holds a tap device in the guest's network
 * namespace, ends the guest's TCP connections itself, and carries what they carry over ordinary sockets of its own
 * namespace. Here the tester is the guest. So the server under test is the stack's end towards the guest; on its other side, in the
 * stack's namespace, an echo service of ours ends the socket that the stack opens.
 *
 *     tester on the tap  <-- TCP of the stack under test -->  passt / slirp4netns  <-- sockets -->  echo listener
 *     in namespace tb                                         in namespace iut                      in namespace iut
 *
 * They claim TCP and the server's role. Neither of them opens a connection to the guest here, and what the echo listener
 * accepts does not show which tester it was for, so there is no control.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nthAddress } from '../net/lab/addresses.js';
import { command, LabError } from '../net/lab/command.js';
import type { Lab } from '../net/lab/lab.js';
import { closedPort, serverAddress, serverPort } from '../net/lab/layout.js';
import { bundle } from '../net/link/bundle.js';
import { keyOfAddress } from '../net/link/frame-ends.js';
import { printable } from '../protocol/bytes/printable.js';
import type { Claims } from '../suite/catalogue/applicability.js';
import type { SessionFacts, SessionPath } from './contract.js';
import { openLiveSession } from './live-session.js';
import { liveTiming, settingsOf } from './settings.js';
import type { LiveSubject } from './subject.js';

type PerVersion = { readonly 4: string; readonly 6: string };

export interface UserspaceStack {
  readonly name: 'passt' | 'slirp4netns';
  readonly program: string;
  /** Debian's package. */
  readonly debian: string;
  /** How it is started for the guest's namespace (a file), with the name its tap device shall have. */
  argv(namespace: string, device: string): readonly string[];
  /** The guest's address of the machine that runs the stack. */
  readonly server: PerVersion;
  /** Guest addresses for the tester; they limit the number of concurrent cases: each takes two. */
  readonly guests: PerVersion;
  /**
   * Number of parallel instances, each with a tap of its own; they share the guest addresses, two each if there are
   * several.
   */
  readonly instances: number;
  readonly mac?: SessionPath['testerMac'];
}

const passtMac = '02:52:6f:62:01:03';

/**
 * Of a guest's addresses passt keeps the last one seen and answers to that one whatever the connection, so each passt has one
 * guest, which plays one case at a time for each IP version; hence several. It answers address resolution for everything, so the server has the
 * address it has in the lab. `--runas 0`: otherwise it gives up the right to enter the guest's namespace before it does.
 */
const passt: UserspaceStack = {
  name: 'passt',
  program: 'pasta',
  debian: 'passt',
  argv: (namespace, device) => [
    ...['--foreground', '--stderr', '--quiet', '--runas', '0', '--netns', namespace, '--ns-ifname', device],
    ...['--mac-addr', passtMac, '--mtu', '1500'],
    // No port of the guest's is offered to the outside, none of the outside's on the guest's loopback.
    ...['--tcp-ports', 'none', '--udp-ports', 'none', '--tcp-ns', 'none', '--udp-ns', 'none'],
  ],
  server: { 4: serverAddress[4], 6: serverAddress[6] },
  guests: { 4: '10.201.64.0/28', 6: 'fd52:6f62:6500:1:1::/124' },
  instances: 7,
  mac: passtMac,
};

/** The network is the one of its manual; its gateway is the machine that runs the stack. It keeps sixteen neighbours of each IP version. */
const slirp4netns: UserspaceStack = {
  name: 'slirp4netns',
  program: 'slirp4netns',
  debian: 'slirp4netns',
  argv: (namespace, device) => [
    ...['--netns-type=path', '--enable-ipv6', '--disable-dns', '--mtu=1500', '--cidr=10.0.2.0/24'],
    ...[namespace, device],
  ],
  server: { 4: '10.0.2.2', 6: 'fd00::2' },
  guests: { 4: '10.0.2.96/29', 6: 'fd00::60:0/125' },
  instances: 1,
};

export const userspaceStacks: readonly UserspaceStack[] = [passt, slirp4netns];

const path = 1;
const deviceOf = (instance: number): string => `guest${instance}`;
/** All guests have one, so that a frame is the same whichever it comes from. */
const guestMac = '02:52:6f:62:01:01';
/** Never used: no case for a server has the tester serve. But a session has one. */
const testerServers: PerVersion = { 4: '10.210.0.0/16', 6: 'fd52:6f62:6500:d2::/64' };

const claims: Claims = {
  roles: ['server'],
  versions: [],
  profiles: ['tcp'],
  ip: [4, 6],
  paths: 1,
  control: 0,
  parameters: {},
};

export const userspaceSubject = (stack: UserspaceStack): LiveSubject => ({
  name: `lab:${stack.name}`,
  time: 'real',
  claims,
  settings: settingsOf(claims.parameters, liveTiming),
  lab: { paths: 1, iut: 'kernel' },
  async open({ clock, lab, program: [node] }) {
    if (lab === undefined || node === undefined)
      throw new LabError(`lab:${stack.name} was opened without its lab`, 'report this');
    const version = await versionOf(stack);
    await giveRoute(lab);
    const children = [await listen(lab, node)];
    const endAll = (): void => {
      for (const child of children) child.kill('SIGKILL');
    };
    try {
      const starting = instancesOf(stack).map((instance) => attach(lab, stack, deviceOf(instance), children));
      await Promise.all(starting);
      const session = await openLiveSession({ clock, ...factsOf(stack), processes: children });
      return {
        ...session,
        facts: { ...session.facts, paths: session.facts.paths.slice(0, 1) },
        link: bundle(session.link, path, wiresOf(stack)),
        implementation: version,
        async close() {
          await session.close();
          endAll();
        },
      };
    } catch (cause) {
      endAll();
      throw cause;
    }
  },
});

/** From 1, as their taps and wires are numbered. */
const instancesOf = ({ instances }: UserspaceStack): readonly number[] =>
  Array.from({ length: instances }, (_, index) => index + 1);

/** The first two guest addresses of each IP version belong to the first instance, and so on. */
const wiresOf = (stack: UserspaceStack): ReadonlyMap<string, number> => {
  const { guests } = stack;
  return new Map(
    instancesOf(stack).flatMap((instance) =>
      [guests[4], guests[6]].flatMap((prefix) =>
        [2 * instance - 1, 2 * instance].map((host) => [keyOfAddress(nthAddress(prefix, host)), instance] as const),
      ),
    ),
  );
};

/** A wire for each instance, which differ in nothing but their taps. */
const factsOf = (stack: UserspaceStack) => ({
  paths: instancesOf(stack).map((instance) => ({
    path: instance,
    device: deviceOf(instance),
    iutAddress: stack.server,
    testerPrefix: stack.guests,
    unpadded: true,
    ...(stack.mac === undefined ? {} : { iutMac: stack.mac }),
  })),
  server: { address: stack.server, port: serverPort } satisfies SessionFacts['server'],
  closedPort: closedPort,
  testerServerPrefix: testerServers,
});

/** Name and version as it tells them; a LabError when it is not installed. */
const versionOf = async ({ name, program, debian }: UserspaceStack): Promise<string> => {
  try {
    const [first = ''] = (await command(program, ['--version'])).split('\n');
    return printable(first.trim(), 80);
  } catch {
    throw new LabError(`${program}, the stack of lab:${name}, is not installed`, `apt-get install ${debian}`);
  }
};

/** passt takes what it tells its guest from the interface with the default route, which a lab has no other use for. */
const giveRoute = async ({ namespaces, paths: [first] }: Lab): Promise<void> => {
  if (first === undefined) return;
  const via = (version: 4 | 6): string => `route replace default via ${first.gateway[version]} dev ${first.iut.device}`;
  await command('ip', ['-n', namespaces.iut, '-batch', '-'], `${via(4)}\n${via(6)}\n`);
};

/** The endpoint of the sockets that the stack opens. */
const listen = async (lab: Lab, node: string): Promise<ChildProcess> => {
  const script = fileURLToPath(new URL('./echo-listener.js', import.meta.url));
  const child = lab.exec('iut', [node, script, String(serverPort)], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new LabError('the echo listener was started without a pipe', 'report this');
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => {
      throw new LabError('the echo listener of the stack could not be started', 'run `robe doctor`');
    }),
  ]);
  return child;
};

const attempts = 500;
const millisecondsBetween = 10;

/** Starts the stack, among `children`, and waits for its device, which is then brought up: the tester's end of the wire. */
const attach = async (lab: Lab, stack: UserspaceStack, device: string, children: ChildProcess[]): Promise<void> => {
  const argv = [stack.program, ...stack.argv(`/run/netns/${lab.namespaces.tb}`, device)];
  const child = lab.exec('iut', argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-1000);
  });
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    if (isThere(device)) {
      await command('ip', ['-n', lab.namespaces.tb, 'link', 'set', 'dev', device, 'address', guestMac, 'up']);
      return;
    }
    await sleep(millisecondsBetween);
  }
  child.kill('SIGKILL');
  const said = complaint.trim().split('\n').at(-1) ?? '';
  throw new LabError(
    `${stack.program} did not make its device${said === '' ? '' : `: ${printable(said, 300)}`}`,
    `see that it starts: ${argv.join(' ')}`,
  );
};

/** Whether this process' network namespace, the tester's, has such an interface. */
const isThere = (name: string): boolean =>
  readFileSync('/proc/self/net/dev', 'latin1')
    .split('\n')
    .some((line) => line.trim().startsWith(`${name}:`));
