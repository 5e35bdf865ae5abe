/**
 * A host that stays up while runs come and go: the kernel's MPTCP in a lab of its own, and a shim that is not started by
 * the runs but serves one visitor of a Unix socket after the other.
 */
import type { ChildProcess } from 'node:child_process';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from '../../net/lab/command.js';
import { createLab, type Lab } from '../../net/lab/lab.js';

const shim = fileURLToPath(new URL('../../../src/iut/shim/linux-mptcp.py', import.meta.url));
const program = fileURLToPath(new URL('../main.js', import.meta.url));

export interface StandingHost {
  readonly lab: Lab;
  /** As an IUT file has it, with the shim as control or as a black box that only serves; `restart`: with a way to revive it. */
  describe(control: 'shim' | 'none', more?: { readonly restart: boolean }): string;
  /** Its process dies; the kernel lives on. */
  die(): void;
  /** Starts this program in the tester's namespace. */
  robe(argv: readonly string[]): ChildProcess;
  /** TCP connections that are there, listeners not counted. */
  connections(): Promise<number>;
  remove(): Promise<void>;
}

/** `directory` takes the socket. */
export const raiseStandingHost = async (directory: string): Promise<StandingHost> => {
  const lab = await createLab({ paths: 2, iut: 'kernel', tag: 'standing' });
  const child = lab.exec('iut', ['python3', shim], { stdio: ['pipe', 'pipe', 'inherit'] });
  const socket = join(directory, 'control');
  const server = serveVisitors(child);
  await new Promise<void>((listening) => server.listen(socket, listening));
  child.stdin?.write(greeting);
  await new Promise((answered) => child.stdout?.once('data', answered));
  return {
    lab,
    die: () => void child.kill('SIGKILL'),
    describe: (control, { restart } = { restart: false }) => `
name: standing
claims: {roles: [server${control === 'shim' ? ', client' : ''}], versions: [1], profiles: [tcp, mptcp-v1]}
paths:
${lab.paths
  .map(
    ({ tester, iutAddress, testerPrefix }) => `
  - interface: ${tester.device}
    address: {ipv4: ${iutAddress[4]}, ipv6: '${iutAddress[6]}'}
    tester: {ipv4: ${testerPrefix[4]}, ipv6: '${testerPrefix[6]}'}`,
  )
  .join('')}
server: {address: {ipv4: ${lab.facts.server.address[4]}, ipv6: '${lab.facts.server.address[6]}'}, port: 8684, closed: 8685}
tester-server: {ipv4: ${lab.facts.testerServerPrefix[4]}, ipv6: '${lab.facts.testerServerPrefix[6]}'}
${control === 'shim' ? `control: {socket: ${socket}}` : ''}
${restart ? `restart: ${JSON.stringify(revival)}\ntransport: {netns: ${lab.namespaces.iut}}` : ''}
`,
    robe: (argv) => lab.exec('tb', [process.execPath, program, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] }),
    connections: () => countConnections(lab),
    remove: async () => {
      server.close();
      child.kill('SIGKILL');
      await lab.remove();
    },
  };
};

const greeting = [
  { id: 1, verb: 'hello', protocol: 'robe-ctl/1' },
  { id: 2, verb: 'listen', port: 8684, service: 'echo' },
]
  .map((each) => `${JSON.stringify(each)}\n`)
  .join('');

/** Starts it anew, and ends while it goes on; the lab's end ends it. */
const revival = ['sh', '-c', `(printf '%s' '${greeting}'; sleep 600) | python3 ${shim} > /dev/null &`];

/** Each visitor speaks with the child until it leaves; what the child says then is lost. */
const serveVisitors = (child: ChildProcess): Server => {
  let visitor: Socket | undefined;
  child.stdout?.on('data', (octets: Uint8Array) => visitor?.write(octets));
  return createServer((socket) => {
    visitor = socket;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (visitor === socket) visitor = undefined;
    });
    socket.on('data', (octets) => child.stdin?.write(octets));
  });
};

const listening = '0A';

/** The column `st` of the kernel's tables. */
const countConnections = async ({ namespaces }: Lab): Promise<number> => {
  const [program, ...argv] = [
    'nsenter',
    `--net=/run/netns/${namespaces.iut}`,
    'cat',
    '/proc/net/tcp',
    '/proc/net/tcp6',
  ] as const;
  const table = await command(program, argv);
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([number = '', , , state]) => /^\d+:$/.test(number) && state !== listening).length;
};
