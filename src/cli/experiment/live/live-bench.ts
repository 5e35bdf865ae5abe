/**
 * A live experiment's bench: a client in one lab, a server in another, and a relay between them that has the tester's ends of
 * both. Ends are this machine's kernel (its MPTCP), or the reference as a process. Whoever opens a bench closes it; closing
 * removes every namespace and process, and may happen at any time.
 */
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { engineProgram } from '../../../engine/engine-program.js';
import { parsePair } from '../../../explore/end-name.js';
import type { Call } from '../../../iut/control/messages.js';
import { type ControlChannel, ControlError, ShimControl } from '../../../iut/control/shim-control.js';
import { shimChannel } from '../../../iut/control/shim-process.js';
import { milliseconds } from '../../../net/clock/clock.js';
import { realClock } from '../../../net/clock/real.js';
import { command } from '../../../net/lab/command.js';
import { createLab, type Lab } from '../../../net/lab/lab.js';
import { type LabPath, serverAddress, serverPort } from '../../../net/lab/layout.js';
import { sweep } from '../../../net/lab/sweep.js';
import { clientAddressOf, kernelClientScript } from './client-setup.js';
import type { PathImpairment, Seen } from './relay-messages.js';
import { RelayProcess } from './relay-process.js';

/** The name of the kernel's own MPTCP among the profiles. */
export const kernelName = 'linux';

/**
 * Ends whose TCP is the kernel's, and the profile that each stands for: its own MPTCP, and races of its sockets by the engine.
 * The server is the kernel with all of them.
 */
export const kernelEnds: ReadonlyMap<string, string> = new Map([
  [kernelName, 'mptcp'],
  ['linux-sim', 'robe-sim'],
  ['linux-timer', 'robe-timer'],
]);

export interface LiveBench {
  /** The version that its connections are offered in. */
  readonly version: 0 | 1;
  /** Paths are like this from now on; what was seen before is forgotten. */
  impair(paths: readonly PathImpairment[]): Promise<void>;
  /** The client begins to connect over paths 1 to `paths`. */
  connect(name: string, paths: number): Promise<void>;
  /** The client says one octet, once it is connected. */
  speak(name: string): Promise<void>;
  /** What the relay saw since the paths were impaired. */
  readonly seen: readonly Seen[];
  /** Resets all connections of both ends. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Two processes of this program start at once, perhaps on a machine that is busy. */
const deadline = milliseconds(30_000);

const program = fileURLToPath(new URL('../../main.js', import.meta.url));
/** The shim stands in the sources: the build copies no Python. */
const kernelShim = fileURLToPath(new URL('../../../../src/iut/shim/linux-mptcp.py', import.meta.url));

/** Throws a LabError, a ControlError or a RelayError; nothing is left then. */
export const openLiveBench = async (profile: string, paths: number, seed: string): Promise<LiveBench> => {
  await sweep();
  const bench = new Bench(profile, paths, seed);
  try {
    await bench.open();
    return bench;
  } catch (cause) {
    await bench.close();
    throw cause;
  }
};

class Bench implements LiveBench {
  readonly #profile: string;
  readonly #paths: number;
  readonly #seed: string;
  readonly #clock = realClock();
  #labs: Lab[] = [];
  #relay: RelayProcess | undefined;
  #client: ShimControl | undefined;
  #server: ShimControl | undefined;

  constructor(profile: string, paths: number, seed: string) {
    this.#profile = profile;
    this.#paths = paths;
    this.#seed = seed;
  }

  get version(): 0 | 1 {
    return this.#isKernel ? 1 : parsePair({ profile: this.#profile, paths: this.#paths, seed: this.#seed }).version;
  }

  get #isKernel(): boolean {
    return kernelEnds.has(this.#profile);
  }

  get seen(): readonly Seen[] {
    return this.#relay?.seen ?? [];
  }

  async open(): Promise<void> {
    const server = await this.#lab('server', this.#isKernel ? 'kernel' : 'process');
    const client = await this.#lab('client', 'process');
    await bringTogether(client, server);
    const relay = new RelayProcess(
      client.exec('tb', [process.execPath, program, 'experiment', 'relay'], { stdio: ['pipe', 'pipe', 'pipe'] }),
    );
    this.#relay = relay;
    await relay.begin({
      seed: this.#seed,
      paths: client.paths.map(({ path, tester, iut }, index) => ({
        path,
        clientDevice: tester.device,
        clientMac: iut.mac,
        serverDevice: serverDevice(path),
        serverMac: server.paths[index]?.iut.mac ?? '',
      })),
    });
    const [serverChild, clientChild] = this.#isKernel
      ? await this.#startKernels(server, client)
      : this.#startReferences(server, client);
    this.#server = await this.#greet(
      shimChannel(serverChild, 'the server'),
      server.paths,
      ({ iutAddress }) => iutAddress[4],
    );
    this.#client = await this.#greet(shimChannel(clientChild, 'the client'), client.paths, clientAddressOf);
    await ask(this.#server, { verb: 'listen', port: serverPort, service: 'echo' });
  }

  async impair(paths: readonly PathImpairment[]): Promise<void> {
    await this.#relay?.impair(paths);
  }

  async connect(name: string, paths: number): Promise<void> {
    const client = this.#needClient();
    const answer = await client.call({
      verb: 'connect',
      connection: name,
      to: { address: serverAddress[4], port: serverPort },
      paths: Array.from({ length: paths }, (_, index) => index + 1),
    });
    if (answer.answer !== 'ok') throw new ControlError(`the client could not connect: ${JSON.stringify(answer)}`);
  }

  async speak(name: string): Promise<void> {
    await ask(this.#needClient(), { verb: 'send', connection: name, octets: '00' });
  }

  async reset(): Promise<void> {
    for (const control of [this.#client, this.#server])
      if (control !== undefined) await ask(control, { verb: 'reset' });
  }

  async close(): Promise<void> {
    const labs = this.#labs;
    this.#labs = [];
    this.#relay?.end();
    await Promise.all([this.#client?.close(), this.#server?.close()]);
    await Promise.all(labs.map((lab) => lab.remove()));
  }

  async #greet(
    channel: ControlChannel,
    paths: readonly LabPath[],
    addressOf: (labPath: LabPath) => string,
  ): Promise<ShimControl> {
    const control = new ShimControl(channel, this.#clock, deadline);
    try {
      await control.greet();
      await ask(control, {
        verb: 'configure',
        paths: paths.map((labPath) => ({ path: labPath.path, address: { 4: addressOf(labPath) } })),
      });
      return control;
    } catch (cause) {
      await control.close();
      throw cause;
    }
  }

  #needClient(): ShimControl {
    if (this.#client === undefined) throw new ControlError('there is no client');
    return this.#client;
  }

  async #lab(side: 'client' | 'server', iut: 'kernel' | 'process'): Promise<Lab> {
    const lab = await createLab({ paths: this.#paths, iut, tag: `experiment_${side}` });
    this.#labs.push(lab);
    return lab;
  }

  async #startKernels(server: Lab, client: Lab): Promise<readonly [ChildProcess, ChildProcess]> {
    await command(
      'nsenter',
      [`--net=/run/netns/${client.namespaces.iut}`, '--', 'sh', '-e'],
      kernelClientScript(client.paths),
    );
    const classic = ['python3', kernelShim];
    const scheme = this.#profile.slice(`${kernelName}-`.length);
    const race = this.#profile === kernelName ? classic : [await engineProgram(process.env), 'witness', scheme];
    const start = (lab: Lab, argv: readonly string[]): ChildProcess =>
      lab.exec('iut', argv, { stdio: ['pipe', 'pipe', 'pipe'] });
    return [start(server, classic), start(client, race)];
  }

  #startReferences(server: Lab, client: Lab): readonly [ChildProcess, ChildProcess] {
    const [profile = '', ...parameters] = this.#profile.split('+');
    const start = (lab: Lab, side: string, own: readonly string[]): ChildProcess =>
      lab.exec(
        'iut',
        [
          process.execPath,
          program,
          ...[
            'serve',
            '--control',
            '--profile',
            profile,
            '--mptcp',
            String(this.version),
            '--seed',
            `${this.#seed}/${side}`,
          ],
          ...parameters.flatMap((each) => ['--parameter', each]),
          ...lab.paths.flatMap(({ path, iut, tester }) => [
            ...['--interface', `path${path}=${iut.device}`, '--neighbour', `path${path}=${tester.mac}`],
          ]),
          ...own,
        ],
        { stdio: ['pipe', 'pipe', 'pipe'] },
      );
    const addresses = client.paths.flatMap((labPath) => [
      '--address',
      `path${labPath.path}=${clientAddressOf(labPath)}`,
    ]);
    // The server's address is not the client's.
    const apart = ['--shared', client.paths[0] === undefined ? '' : clientAddressOf(client.paths[0])];
    return [start(server, 'server', []), start(client, 'client', [...addresses, ...apart])];
  }
}

const ask = async (control: ShimControl, call: Call): Promise<void> => {
  const answer = await control.call(call);
  if (answer.answer === 'failed' || answer.answer === 'lost') throw new ControlError(`"${call.verb}": ${answer.why}`);
};

const serverDevice = (path: number): string => `server${path}`;

/** The tester's ends of the server's lab move to those of the client's, so that one process has all. */
const bringTogether = async (client: Lab, server: Lab): Promise<void> => {
  const moves = server.paths.map(
    ({ path, tester }) => `link set ${tester.device} netns ${client.namespaces.tb} name ${serverDevice(path)}`,
  );
  await command('ip', ['-n', server.namespaces.tb, '-batch', '-'], `${moves.join('\n')}\n`);
  const ups = server.paths.map(({ path }) => `link set ${serverDevice(path)} up`);
  await command('ip', ['-n', client.namespaces.tb, '-batch', '-'], `${ups.join('\n')}\n`);
};
